"""Loading a company's file: all of it in the caller's transaction, or nothing."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import asdict

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import ServiceSpec
from backend.audit import service as audit
from backend.auth import repository as accounts
from backend.auth.actor import system_actor
from backend.auth.models import Account
from backend.auth.service import digest
from backend.company.catalogue import write_catalogue
from backend.company.file import CompanyFile
from backend.company.known import known
from backend.company.mistakes import CompanyMistakesError
from backend.company.people import Around, write_office, write_technicians
from backend.company.places import write_organisation, write_regions, write_tariffs, write_vendors
from backend.company.references import logins_of, mistakes
from backend.company.report import Report
from backend.company.rows import Rows
from backend.company.shifts import write_shifts
from backend.company.stock import write_stock
from backend.db.types import uuid7
from backend.jobs.models import Visit
from backend.live import absences
from backend.technicians.models import Technician, TechnicianCertificate, TechnicianSkill

ACTOR = "company file"


def new_logins(session: Session, told: CompanyFile) -> list[str]:
    """Logins of the file that nobody has yet."""
    logins = logins_of(told)
    taken = set(session.exec(select(Account.login).where(col(Account.login).in_(logins))).all())
    return [login for login in logins if login not in taken]


def load(
    session: Session,
    told: CompanyFile,
    hashes: Mapping[str, str],
    now: dt.datetime,
    days: int,
    wanted: str = "",
) -> Report:
    """Write what the file says into the organisation `wanted`, else the one with the file's own name.

    `hashes` are of the passwords of new accounts, by login; `days` is for how many days from today on shifts
    are made. Raises CompanyMistakesError, or BadInputError where it is not clear which organisation is meant.
    """
    accounts.lock_key(session, digest("company file"))  # two at once would both begin the same company
    found = known(session, told.organisation.name, wanted, logins_of(told))
    if wrong := mistakes(told, found):
        raise CompanyMistakesError(wrong)
    org_id = found.organisation.id if found.organisation else uuid7()
    rows = Rows(session, system_actor(org_id, ACTOR))
    rows.report.organisation = told.organisation.name
    write_organisation(rows, told, found.organisation)
    regions = write_regions(rows, told, found)
    vendors = write_vendors(rows, told, found)
    parts = write_catalogue(rows, told)
    write_tariffs(rows, told, vendors)
    around = Around(told, found, regions, vendors, hashes, now)
    write_office(rows, around)
    technicians = write_technicians(rows, around)
    write_shifts(rows, told, technicians, now, days)
    people = {login: who for login, (who, _region) in technicians.items()}
    write_stock(rows, told, parts, people, now)
    session.flush()
    _tell(rows, people)
    rows.report.notes = [*_nobody_can(session, org_id, now), *_left_with_visits(session, people)]
    return rows.report


def _tell(rows: Rows, people: Mapping[str, Technician]) -> None:
    """Put the load on record, and everybody it names on the feed."""
    if rows.report.is_empty:
        return
    counts = {kind: asdict(count) for kind, count in rows.report.kinds.items()}
    audit.record(rows.session, rows.actor, "company.loaded", "organisation", rows.org_id, **counts)
    for who in people.values():
        absences.announce(rows.session, rows.actor, who)


def _nobody_can(session: Session, org_id: uuid.UUID, now: dt.datetime) -> list[str]:
    """Services that no active technician has the skill and a valid certificate for."""
    of_ours = sa.select(col(Technician.id)).where(col(Technician.org_id) == org_id, col(Technician.is_active))
    has_skill = sa.exists().where(
        col(TechnicianSkill.technician_id).in_(of_ours),
        col(TechnicianSkill.skill) == col(ServiceSpec.skill),
        col(TechnicianSkill.level) >= col(ServiceSpec.level),
        sa.or_(
            col(ServiceSpec.certificate).is_(None),
            sa.exists().where(
                col(TechnicianCertificate.technician_id) == col(TechnicianSkill.technician_id),
                col(TechnicianCertificate.code) == col(ServiceSpec.certificate),
                col(TechnicianCertificate.expires_on) >= now.date(),
            ),
        ),
    )
    query = select(ServiceSpec).where(ServiceSpec.org_id == org_id, ~has_skill)
    return [
        f"no technician can {row.job_type} {row.category}: it takes {row.skill} {row.level}"
        f"{f' and the certificate {row.certificate}' if row.certificate else ''}"
        for row in session.exec(query.order_by(col(ServiceSpec.category), col(ServiceSpec.job_type)))
    ]


def _left_with_visits(session: Session, people: Mapping[str, Technician]) -> list[str]:
    """Technicians who are switched off while visits are still theirs."""
    off = {who.id: login for login, who in people.items() if not who.is_active}
    query = (
        sa.select(col(Visit.technician_id), sa.func.count())
        .where(col(Visit.technician_id).in_(off), col(Visit.outcome).is_(None))
        .group_by(col(Visit.technician_id))
    )
    return [
        f"{off[who]} is switched off and has {count} open visits: give them to somebody else"
        for who, count in session.execute(query)
        if who is not None
    ]
