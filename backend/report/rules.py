"""The rules of an organisation's report page, and the QR code that leads to it from an appliance."""

import datetime as dt
import io
import uuid
from urllib.parse import urlencode

import segno
from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.auth.permissions import Permission
from backend.db.types import utc_now
from backend.errors import BadInputError, ConflictError, NotFoundError
from backend.ratings import rules as complaint_rules
from backend.report import policies, repository
from backend.report.models import ReportRules
from backend.report.schemas import RulesRead, RulesWrite, SelfHelpRead

FIELDS = ("is_open", "answer_h", "open_from_h", "open_until_h")
# Words that stand for pages of their own below /report.
RESERVED = frozenset({"draft"})


def read(session: Session, actor: Actor, base_url: str) -> RulesRead:
    """The rules in force; the standard ones where none were set."""
    actor.require(Permission.BOARD_READ)
    return _read(repository.rules_of(session, actor.org_id), base_url)


def write(session: Session, actor: Actor, wanted: RulesWrite, base_url: str) -> RulesRead:
    """Set all of them. Raises BadInputError `bad_hours`, ConflictError `slug_taken`."""
    actor.require(Permission.RULES_MANAGE)
    if wanted.open_until_h <= wanted.open_from_h:
        raise BadInputError("The working day ends after it begins.", code="bad_hours")
    holder = repository.organisation_at(session, wanted.slug)
    if wanted.slug in RESERVED or (holder is not None and holder.id != actor.org_id):
        raise ConflictError("Another page has this address.", code="slug_taken")
    rules = session.get(ReportRules, actor.org_id) or ReportRules(org_id=actor.org_id, slug=wanted.slug)
    rules.slug = wanted.slug
    for name in FIELDS:
        setattr(rules, name, getattr(wanted, name))
    session.add(rules)
    session.flush()
    values = {name: getattr(wanted, name) for name in FIELDS}
    audit.record(session, actor, "report.rules", "organisation", actor.org_id, slug=wanted.slug, **values)
    return _read(rules, base_url)


def answer_by(session: Session, org_id: uuid.UUID, zone: str) -> dt.datetime:
    """When a report of this moment is to be answered; the holidays are those of the complaint rules."""
    rules, calendar = repository.rules_of(session, org_id), complaint_rules.rules_of(session, org_id).calendar
    return policies.answer_by(rules, calendar, zone, utc_now())


def _read(rules: ReportRules, base_url: str) -> RulesRead:
    url = f"{base_url}/report/{rules.slug}"
    return RulesRead(rules.slug, url, rules.is_open, rules.answer_h, rules.open_from_h, rules.open_until_h)


def appliance_url(session: Session, actor: Actor, base_url: str, sku: str, serial: str) -> str:
    """Where an appliance's QR code leads: the page with model and serial filled in."""
    if repository.product(session, actor.org_id, sku) is None:
        raise NotFoundError("No such product.")
    query = {"sku": sku} | ({"sn": serial} if serial else {})
    return f"{base_url}/report/{repository.rules_of(session, actor.org_id).slug}?{urlencode(query)}"


def qr_svg(url: str) -> bytes:
    """A QR code as SVG, fit for print at any size; a quarter of it may be dirty or torn."""
    buffer = io.BytesIO()
    segno.make(url, error="q", micro=False).save(
        buffer, kind="svg", scale=4, border=4, dark="#000", light="#fff"
    )
    return buffer.getvalue()


def self_help(session: Session, actor: Actor) -> list[SelfHelpRead]:
    """What customers tried themselves, and what of it was enough."""
    actor.require(Permission.BOARD_READ)
    return [SelfHelpRead(*row) for row in repository.self_help_counts(session, actor.org_id)]
