"""Queries of reports: an organisation's page, drafts, open cases a report may belong to, pictures."""

import datetime as dt
import re
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from sqlmodel import Session, col, select

from backend.assets.models import Asset, Product, ServiceSpec
from backend.cases.models import Case, CaseStatus
from backend.customers.models import Customer, Place
from backend.jobs.lifecycle import FINISHED, JobType
from backend.jobs.models import Job
from backend.organisations.models import Organisation
from backend.report.models import (
    AttachmentKind,
    CaseAttachment,
    CaseReport,
    LetterState,
    ReportDraft,
    ReportLetter,
    ReportRules,
    SelfHelpTry,
)

REPORTED = (JobType.REPAIR, JobType.INSTALL, JobType.MAINTAIN, JobType.INSPECT)
_HEX = re.compile(r"[0-9a-f]{32}")


def rules_of(session: Session, org_id: uuid.UUID) -> ReportRules:
    """The organisation's rules; standard ones under an address of its id where it has set none."""
    return session.get(ReportRules, org_id) or ReportRules(org_id=org_id, slug=org_id.hex)


def organisation_at(session: Session, slug: str) -> Organisation | None:
    """Whose page is at an address."""
    found = session.exec(
        select(Organisation)
        .join(ReportRules, col(ReportRules.org_id) == col(Organisation.id))
        .where(ReportRules.slug == slug)
    ).first()
    if found is not None or not _HEX.fullmatch(slug):
        return found
    org = session.get(Organisation, uuid.UUID(hex=slug))
    return org if org is not None and session.get(ReportRules, org.id) is None else None


def only_organisation(session: Session) -> Organisation | None:
    """The organisation of a server that has just one."""
    found = session.exec(select(Organisation).limit(2)).all()
    return found[0] if len(found) == 1 else None


def products(session: Session, org_id: uuid.UUID, *, limit: int | None = None) -> Sequence[Product]:
    """What a report may be about: products for which some service is offered, in the catalogue's order."""
    query = select(Product).where(*_served(org_id)).order_by(col(Product.category), col(Product.name))
    return session.exec(query.limit(limit)).all()


def _served(org_id: uuid.UUID) -> tuple[sa.ColumnElement[bool], ...]:
    served = sa.select(col(ServiceSpec.category)).where(
        col(ServiceSpec.org_id) == org_id, col(ServiceSpec.job_type).in_(REPORTED)
    )
    return col(Product.org_id) == org_id, col(Product.category).in_(served)


def served_product(session: Session, org_id: uuid.UUID, sku: str) -> Product | None:
    """A product a report may be about, by its number."""
    return session.exec(select(Product).where(*_served(org_id), col(Product.sku) == sku)).first()


def products_like(
    session: Session, org_id: uuid.UUID, pieces: Sequence[str], *, limit: int
) -> Sequence[Product]:
    """Products whose names and numbers hold as many of the pieces (lower case, no patterns) as any do."""
    if not pieces:
        return []
    text = sa.func.lower(col(Product.name) + " " + col(Product.name_en) + " " + col(Product.sku))
    fits = sum((sa.case((text.contains(one), 1), else_=0) for one in pieces), sa.literal(0))
    query = sa.select(Product, fits.label("fits")).where(*_served(org_id), fits > 0)
    rows = session.execute(
        query.order_by(sa.desc("fits"), col(Product.category), col(Product.name)).limit(limit)
    ).all()
    return [product for product, fitting in rows if fitting == rows[0].fits]


def product(session: Session, org_id: uuid.UUID, sku: str) -> Product | None:
    return session.exec(select(Product).where(Product.org_id == org_id, Product.sku == sku)).first()


def services(session: Session, product: Product) -> list[JobType]:
    """The job types offered for a product, repairs first."""
    query = sa.select(col(ServiceSpec.job_type)).where(
        col(ServiceSpec.org_id) == product.org_id, col(ServiceSpec.category) == product.category
    )
    offered = set(session.scalars(query))
    return [kind for kind in REPORTED if kind in offered]


def draft(session: Session, draft_id: uuid.UUID, *, for_update: bool = False) -> ReportDraft | None:
    query = select(ReportDraft).where(ReportDraft.id == draft_id)
    return session.exec(query.with_for_update() if for_update else query).first()


def drop_expired(session: Session, now: dt.datetime, most: int) -> Sequence[ReportDraft]:
    """Take drafts out whose time is over; returns what they were."""
    query = select(ReportDraft).where(ReportDraft.expires_at <= now).limit(most)
    found = session.exec(query.with_for_update(skip_locked=True)).all()
    for one in found:
        session.delete(one)
    session.flush()
    return found


def drafts_of(session: Session, org_id: uuid.UUID) -> Sequence[ReportDraft]:
    """The drafts an organisation holds."""
    return session.exec(select(ReportDraft).where(ReportDraft.org_id == org_id)).all()


def letters_with_files(session: Session, org_id: uuid.UUID) -> Sequence[ReportLetter]:
    """E-mails that hold what they brought."""
    query = select(ReportLetter).where(
        ReportLetter.org_id == org_id, ReportLetter.state == LetterState.WAITING, ReportLetter.sender != ""
    )
    return session.exec(query).all()


def report_by_key(session: Session, org_id: uuid.UUID, key: uuid.UUID) -> CaseReport | None:
    return session.exec(select(CaseReport).where(CaseReport.org_id == org_id, CaseReport.key == key)).first()


def reports_of_case(session: Session, case_id: uuid.UUID) -> Sequence[CaseReport]:
    query = select(CaseReport).where(CaseReport.case_id == case_id).order_by(col(CaseReport.id))
    return session.exec(query).all()


def attachments(
    session: Session, case_id: uuid.UUID, kinds: Sequence[AttachmentKind] = tuple(AttachmentKind)
) -> Sequence[CaseAttachment]:
    query = select(CaseAttachment).where(
        CaseAttachment.case_id == case_id, col(CaseAttachment.kind).in_(kinds)
    )
    return session.exec(query.order_by(col(CaseAttachment.id))).all()


def open_jobs(
    session: Session, org_id: uuid.UUID, category: str, kind: JobType, *, phone: str, serial: str, sku: str
) -> Sequence[tuple[Job, Customer, Place, Product, Asset | None]]:
    """Unfinished jobs of open cases, of this type and category, whose phone or appliance is the same."""
    same = [col(Customer.phone) == phone] if phone else []
    if serial:
        same.append(sa.and_(sa.func.upper(col(Asset.serial)) == serial.upper(), col(Product.sku) == sku))
    if not same:
        return []
    query = (
        sa.select(Job, Customer, Place, Product, Asset)
        .join(Case, col(Case.id) == col(Job.case_id))
        .join(Customer, col(Customer.id) == col(Job.customer_id))
        .join(Place, col(Place.id) == col(Job.place_id))
        .join(Product, col(Product.id) == col(Job.product_id))
        .outerjoin(Asset, col(Asset.id) == col(Job.asset_id))
        .where(
            col(Job.org_id) == org_id,
            col(Case.status) == CaseStatus.OPEN,
            col(Job.status).not_in(FINISHED),
            col(Job.type) == kind,
            col(Product.category) == category,
            sa.or_(*same),
        )
        .order_by(col(Job.id).desc())
        .limit(20)
    )
    return [tuple(row) for row in session.execute(query)]


def self_help_try(session: Session, draft_id: uuid.UUID) -> SelfHelpTry | None:
    return session.exec(select(SelfHelpTry).where(SelfHelpTry.draft_id == draft_id)).first()


def self_help_counts(session: Session, org_id: uuid.UUID) -> list[tuple[str, str, int, int]]:
    """Category, symptom, how often its steps were shown and how often they were enough."""
    solved = sa.func.sum(sa.case((col(SelfHelpTry.is_solved), 1), else_=0))
    query = (
        sa.select(col(SelfHelpTry.category), col(SelfHelpTry.symptom), sa.func.count(), solved)
        .where(col(SelfHelpTry.org_id) == org_id)
        .group_by(col(SelfHelpTry.category), col(SelfHelpTry.symptom))
        .order_by(col(SelfHelpTry.category), col(SelfHelpTry.symptom))
    )
    return [(row[0], row[1], row[2], int(row[3] or 0)) for row in session.execute(query)]
