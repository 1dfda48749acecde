"""What the customer's template prints: plain data in one language."""

from dataclasses import dataclass

from backend.booking.standing import Standing
from backend.tracking.drawing import Radar


@dataclass(frozen=True)
class WhoView:
    """The technician's card. `photo` is a `data:` address; `call` a `tel:` one while there is a visit.

    `certified` says which certificate they hold for the job, "" without one.
    """

    name: str
    initial: str
    belongs: str
    certified: str
    photo: str = ""
    call: str = ""
    has_certificate: bool = False


@dataclass(frozen=True)
class WhereView:
    """Where the technician is; `radar` is None when no position may or can be shown."""

    is_lost: bool
    distance: str
    direction: str
    seen: str
    radar: Radar | None
    ring: str


@dataclass(frozen=True)
class StepView:
    """One line of the timeline."""

    text: str
    time: str
    mark: str


@dataclass(frozen=True)
class PageView:
    """Everything the template prints."""

    number: str
    state: str
    state_word: str
    kicker: str
    headline: str
    line: str
    notes: list[str]
    promised: str
    who: WhoView | None
    where: WhereView | None
    steps: list[StepView]
    details: list[tuple[str, str]]
    link_note: str
    is_live: bool
    refresh_s: int
    reload_without_script_s: int
    has_receipt: bool
    is_signable: bool
    alarm: str
    standing: Standing
    change_until: str
    hotline: str
    is_ratable: bool
    rated: str
    can_note: bool
