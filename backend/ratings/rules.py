"""How soon an organisation answers and settles complaints, and when it asks how a visit went."""

import datetime as dt
import uuid
from zoneinfo import ZoneInfo

import msgspec
from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.errors import BadInputError
from backend.organisations.models import Organisation
from backend.organisations.working_time import CALENDARS, WorkingTime
from backend.ratings.models import ComplaintRules


def rules_of(session: Session, org_id: uuid.UUID) -> ComplaintRules:
    """The rules in force; where none were set the standard ones, with the holidays of its own country."""
    found = session.get(ComplaintRules, org_id)
    if found is not None:
        return found
    country = session.get_one(Organisation, org_id).phone_region
    return ComplaintRules(org_id=org_id, calendar=country if country in CALENDARS else "")


def working_time(rules: ComplaintRules, zone: str) -> WorkingTime:
    """When the organisation works, at a region's zone."""
    return WorkingTime(zone, frozenset(rules.weekdays), rules.open_from_h, rules.open_until_h, rules.calendar)


def ask_on(session: Session, org_id: uuid.UUID, signed_at: dt.datetime, zone: str) -> dt.date:
    """The working day on which a customer is asked how the visit was."""
    rules = rules_of(session, org_id)
    signed_on = signed_at.astimezone(ZoneInfo(zone)).date()
    return working_time(rules, zone).nth_working_day(signed_on, rules.ask_after_days)


def read(session: Session, actor: Actor) -> ComplaintRules:
    """The organisation's rules, for those who answer complaints."""
    actor.require(Permission.LINK_SHARE)
    return rules_of(session, actor.org_id)


def write(session: Session, actor: Actor, wanted: msgspec.Struct) -> ComplaintRules:
    """Set all of them; complaints that are here keep the limits they were given."""
    actor.require(Permission.RULES_MANAGE)
    values = msgspec.structs.asdict(wanted)
    if values["open_from_h"] >= values["open_until_h"]:
        raise BadInputError("A working day begins before it ends.", code="bad_hours")
    if values["resolve_h"] < values["answer_h"]:
        raise BadInputError("Nothing is settled before it is answered.", code="bad_limits")
    if values["calendar"] and values["calendar"] not in CALENDARS:
        raise BadInputError("No such calendar.", code="unknown_calendar")
    rules = session.get(ComplaintRules, actor.org_id) or ComplaintRules(org_id=actor.org_id)
    for name, value in values.items():
        setattr(rules, name, sorted(set(value)) if name == "weekdays" else value)
    session.add(rules)
    session.flush()
    audit.record(session, actor, "complaint.rules", "organisation", actor.org_id, **values)
    return rules
