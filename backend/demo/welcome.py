"""What a newcomer is told at the start: who can sign in, and where to look."""

import asyncio
import datetime as dt
import io
import uuid
from dataclasses import dataclass

import segno
from sqlmodel import Session, select

from backend.auth import pairing
from backend.auth.actor import system_actor
from backend.auth.models import Account
from backend.auth.secret import load_secret
from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.demo.ids import demo_id
from backend.demo.people import PASSWORD
from backend.demo.service import DemoSummary, is_empty, load_demo, today
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation
from backend.settings import Settings
from backend.technicians.api import pairing_url
from backend.tracking import links


@dataclass(frozen=True)
class Doors:
    """One way in for each of the three kinds of people; `booking_url` is of one without an appointment."""

    dispatcher: str
    technician: str
    pairing_url: str
    customer_url: str | None
    booking_url: str | None


def prepare(settings: Settings) -> str:
    """Migrate, load the demo day into an empty database, and return the text to greet with."""
    upgrade(settings.resolved_database_url)
    return asyncio.run(_prepare(settings))


async def _prepare(settings: Settings) -> str:
    db = Database(settings.resolved_database_url)
    try:
        await db.write(load_into_empty)
        doors = await db.write(open_doors, settings)
    finally:
        await db.close()
    return greeting(settings, doors)


def load_into_empty(session: Session) -> DemoSummary | None:
    """The demo day of today; nothing where there is an organisation already."""
    return load_demo(session, today()) if is_empty(session) else None


def open_doors(session: Session, settings: Settings) -> Doors | None:
    """Links for a look around the demo company; None where there is none: real people's doors stay shut."""
    company = session.get(Organisation, demo_id("organisation", "demo"))
    if company is None:
        return None
    names = DemoSummary(today(), 0, 0, PASSWORD)
    actor = system_actor(company.id, "welcome")
    of_technician = Account.org_id == company.id, Account.login == names.technician
    account = session.exec(select(Account).where(*of_technician)).one()
    codes = pairing.create(session, load_secret(settings), actor, account)
    return Doors(
        dispatcher=names.dispatcher,
        technician=names.technician,
        pairing_url=pairing_url(settings.base_url, codes.link),
        customer_url=_customer_url(session, settings, company),
        booking_url=_booking_url(session, settings, company),
    )


def _customer_url(session: Session, settings: Settings, company: Organisation) -> str | None:
    """A customer's link, of a visit that is planned where there is one: there is more to see."""
    planned = select(Visit.job_id).where(Visit.org_id == company.id).order_by("job_id").limit(1)
    waiting = select(Job.id).where(Job.org_id == company.id).order_by("number").limit(1)
    job_id = session.exec(planned).first() or session.exec(waiting).first()
    return None if job_id is None else _link_to(session, settings, company, job_id)


def _booking_url(session: Session, settings: Settings, company: Organisation) -> str | None:
    """The link of a customer who has no appointment yet; None once everybody has one."""
    undecided = select(Job.id).where(Job.org_id == company.id, Job.status == JobStatus.QUALIFIED)
    job_id = session.exec(undecided.order_by("number").limit(1)).first()
    return None if job_id is None else _link_to(session, settings, company, job_id)


def _link_to(session: Session, settings: Settings, company: Organisation, job_id: uuid.UUID) -> str:
    actor = system_actor(company.id, "welcome")
    link = links.share(session, actor, job_id, dt.timedelta(days=settings.customer_link_days))
    return links.url_of(settings.base_url, load_secret(settings), link)


def greeting(settings: Settings, doors: Doors | None) -> str:
    """The text: where it is served, and the demo's doors with a picture for a phone's camera."""
    lines = [f"Shangmen is at {settings.base_url} (Ctrl-C stops it; the data stays in {settings.data_dir})"]
    if doors is None:
        return lines[0] + "\n"
    lines += [
        "",
        f"  Dispatcher   {settings.base_url}/console/   {doors.dispatcher} / {PASSWORD}",
        f"  Technician   {doors.pairing_url}   or {doors.technician} / {PASSWORD}",
        f"  Customer     {doors.customer_url}",
        *([f"  … who has yet to choose a time   {doors.booking_url}"] if doors.booking_url else []),
        "",
        "The technician's phone signs in with this picture, once, within a quarter of an hour:",
        "",
        _picture(doors.pairing_url),
    ]
    return "\n".join(lines)


def _picture(text: str) -> str:
    drawn = io.StringIO()
    segno.make(text, error="l").terminal(drawn, compact=True, border=2)
    return drawn.getvalue()
