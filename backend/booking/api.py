"""An organisation's booking rules over HTTP."""

from litestar import Response, Router, get, put
from litestar.di import NamedDependency
from litestar.params import JSONBody
from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.booking import repository
from backend.booking.models import BookingRules
from backend.booking.schemas import RulesRead, RulesWrite
from backend.db.session import Database
from backend.errors import BadInputError
from backend.web.if_match import IfMatch, replace, tagged

FIELDS = (
    "days", "notice_h", "change_until_h", "reserve_percent", "hotline", "late_change_fen", "late_cancel_fen",
)  # fmt: skip


def read_rules(session: Session, actor: Actor) -> RulesRead:
    """The rules in force; the standard ones where none were set."""
    actor.require(Permission.BOARD_READ)
    return _read(repository.rules_of(session, actor.org_id))


def write_rules(session: Session, actor: Actor, wanted: RulesWrite) -> RulesRead:
    """Set all of them. Raises BadInputError for a window that ends before it begins."""
    actor.require(Permission.RULES_MANAGE)
    if any(end <= start for start, end in wanted.windows):
        raise BadInputError("A window ends after it begins.", code="bad_window")
    rules = session.get(BookingRules, actor.org_id) or BookingRules(org_id=actor.org_id)
    rules.windows = [list(window) for window in sorted(set(wanted.windows))]
    for name in FIELDS:
        setattr(rules, name, getattr(wanted, name))
    session.add(rules)
    session.flush()
    values = {name: getattr(wanted, name) for name in FIELDS}
    audit.record(session, actor, "booking.rules", "organisation", actor.org_id, **values)
    return _read(rules)


def _read(rules: BookingRules) -> RulesRead:
    windows = [list(window) for window in rules.windows]
    return RulesRead(windows, *(getattr(rules, name) for name in FIELDS))


@get("/booking-rules", operation_id="readBookingRules")
async def get_rules(db: NamedDependency[Database], actor: NamedDependency[Actor]) -> Response[RulesRead]:
    """What customers may choose, change and cancel, and what is kept back for emergencies."""
    return tagged(await db.read(read_rules, actor))


@put("/booking-rules", operation_id="setBookingRules")
async def put_rules(
    db: NamedDependency[Database],
    actor: NamedDependency[Actor],
    data: JSONBody[RulesWrite],
    if_match: IfMatch = "",
) -> Response[RulesRead]:
    """Set the organisation's booking rules."""
    return tagged(await db.write(replace, actor, if_match, data, read_rules, write_rules))


router = Router("/api", route_handlers=[get_rules, put_rules], tags=["booking"])
