"""What a plan weighs against money really paid: promises, lateness, fairness, vendors, what is left out."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Prices:
    """The weights of a plan, in fen.

    `late_fen_per_minute`: each minute after a window that has passed; `margin_fen_per_minute`: each minute
    in the last quarter of an hour of one that has not. `moved_fen`: an announced visit that comes noticeably
    earlier or later, twice that once it was accepted; `swapped_fen`: one that somebody else makes, three
    times that once it was accepted. `fairness_fen`: per squared hour of an own technician's day.
    `vendor_extra_fen`: on top of a vendor's tariff, per visit. `unserved_percent`: of a job's own price for
    being left out. `most_moved`: how many promises a plan may move at all; None for any number.
    """

    late_fen_per_minute: int = 100
    margin_fen_per_minute: int = 20
    moved_fen: int = 1_000
    swapped_fen: int = 500
    fairness_fen: int = 0
    vendor_extra_fen: int = 0
    unserved_percent: int = 100
    most_moved: int | None = None

    @classmethod
    def read(cls, kept: Mapping[str, Any] | None) -> "Prices":
        """Prices as they are kept with a run; the usual ones where nothing is kept."""
        return cls(**kept) if kept else cls()

    def kept(self) -> dict[str, Any]:
        """As JSON."""
        return asdict(self)


USUAL = "usual"
# What everybody has without saying anything; an organisation adds its own under names of its own.
PRESETS: dict[str, Prices] = {
    USUAL: Prices(),
    "promises": Prices(late_fen_per_minute=300, margin_fen_per_minute=60, moved_fen=4_000, swapped_fen=1_000),
    "cheapest": Prices(late_fen_per_minute=50, margin_fen_per_minute=0, moved_fen=200, swapped_fen=0),
    "fair": Prices(fairness_fen=150),
    "vendors_last": Prices(vendor_extra_fen=10_000),
    "everyone": Prices(unserved_percent=500),
}
