"""Building job sheets: a constant number of queries for any number of jobs."""

import uuid
from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, select

from backend.assets.models import Asset, Product
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.customers.models import Customer, Place
from backend.evidence import service as evidence
from backend.evidence.faults import tree_for
from backend.extras import service as extras
from backend.geocoding.datum import Datum, from_wgs84
from backend.geocoding.datum import Point as GeoPoint
from backend.jobs import repository as jobs
from backend.jobs.models import Job, Visit
from backend.organisations.calling import call_number
from backend.organisations.models import Organisation
from backend.parts import service as parts
from backend.privacy.disclosure import disclosure, masked_phone
from backend.sync.schemas import (
    AcceptanceRead,
    AssetRead,
    CustomerRead,
    JobSheet,
    MapPoints,
    PartExpected,
    PartUsed,
    PhotoRead,
    PlaceRead,
    PlannedRead,
    PriceRead,
    ProductRead,
    Span,
)
from backend.vendors import tariffs
from backend.web.schemas import Point

# Who meets customers; the office also needs to reach them without a visit.
FIELD = frozenset({Role.TECHNICIAN, Role.VENDOR_DISPATCHER})


def build_sheets(session: Session, rows: Sequence[Job], reader: Actor) -> list[JobSheet]:
    """The sheets of jobs of one organisation, in the order given, as the reader may see them."""
    if not rows:
        return []
    related = _Related(session, rows, reader)
    return [related.sheet(job) for job in rows]


class _Related:
    """What the sheets need beside the jobs, loaded once."""

    def __init__(self, session: Session, rows: Sequence[Job], reader: Actor) -> None:
        self.visits = jobs.last_visits(session, [job.id for job in rows])
        visit_ids = [visit.id for visit in self.visits.values()]
        self.customers = _by_id(session, Customer, {job.customer_id for job in rows})
        self.places = _by_id(session, Place, {job.place_id for job in rows})
        self.products = _by_id(session, Product, {job.product_id for job in rows})
        self.assets = _by_id(session, Asset, {job.asset_id for job in rows if job.asset_id})
        self.answers = evidence.answers_of(session, visit_ids)
        self.photos = evidence.photos_of(session, visit_ids)
        self.acceptances = evidence.acceptances_of(session, visit_ids)
        self.parts = parts.parts_used(session, [job.id for job in rows])
        self.extras = extras.extras_of(session, [job.id for job in rows])
        self.organisation = session.get_one(Organisation, rows[0].org_id)
        self.disclosure = disclosure(session, self.organisation.id)
        self.is_for_the_field = reader.role in FIELD
        self.tariffs = tariffs.in_force(session, {job.vendor_id for job in rows if job.vendor_id})

    def sheet(self, job: Job) -> JobSheet:
        visit = self.visits.get(job.id)
        customer, place = self.customers[job.customer_id], self.places[job.place_id]
        product = self.products[job.product_id]
        asset = self.assets.get(job.asset_id) if job.asset_id else None
        return JobSheet(
            id=job.id,
            number=job.number,
            type=job.type,
            status=job.status,
            version=job.version,
            visit_id=visit.id if visit else None,
            attempt=visit.attempt if visit else 0,
            day=job.day,
            window=Span(job.window_start, job.window_end) if job.window_start and job.window_end else None,
            planned=planned_read(visit) if visit else None,
            offer_expires_at=visit.offer_expires_at if visit else None,
            customer=self._customer(job, customer),
            place=self._place(job, place),
            product=ProductRead(product.sku, product.name, product.name_en or product.name, product.category),
            asset=AssetRead(asset.id, asset.serial) if asset else None,
            description=job.description,
            note=job.note,
            checklist=list(job.checklist),
            answers=dict(self.answers.get(visit.id, {})) if visit else {},
            parts_expected=[PartExpected(part["sku"], part["qty"]) for part in job.parts],
            parts_used=self._parts_used(job),
            photos=self._photos(visit),
            price=PriceRead(job.price_fen, self.organisation.currency),
            pays_fen=self._pays_fen(job, visit, product.category),
            acceptance=self._acceptance(visit),
            call_number=self._call_number(job, customer),
            map_points=_map_points(place) if self.disclosure.is_open(job) else None,
            fault_tree=tree_for(product.category, job.type),
            fault_code=(visit.fault_code or None) if visit else None,
            extras=self.extras.get(job.id, []),
        )

    def _pays_fen(self, job: Job, visit: Visit | None, category: str) -> int | None:
        """The tariff it was given for; where nobody has it yet, the one in force."""
        if visit is not None and visit.technician_id == job.technician_id:
            return visit.pays_fen
        return self.tariffs.get((job.vendor_id, category, job.type))

    def _customer(self, job: Job, customer: Customer) -> CustomerRead:
        if not self.disclosure.is_open(job):
            return CustomerRead(customer.name, masked_phone(customer.phone), is_masked=True)
        is_relayed = self.is_for_the_field and self.organisation.relay_number
        return CustomerRead(customer.name, masked_phone(customer.phone) if is_relayed else customer.phone)

    def _place(self, job: Job, place: Place) -> PlaceRead:
        address = self.disclosure.address(job, place.address)
        lat, lng = (self.disclosure.degrees(job, one) for one in (place.lat, place.lng))
        return PlaceRead(address, place.community, lat, lng)

    def _call_number(self, job: Job, customer: Customer) -> str:
        if not self.disclosure.is_open(job):
            return ""
        return call_number(self.organisation, job.number, customer.phone)

    def _parts_used(self, job: Job) -> list[PartUsed]:
        used = self.parts.get(job.id, [])
        return [PartUsed(part.id, part.sku, part.name, part.qty, part.unit_price_fen) for part in used]

    def _photos(self, visit: Visit | None) -> list[PhotoRead]:
        photos = self.photos.get(visit.id, []) if visit else []
        return [PhotoRead(photo.sha256, photo.step, photo.taken_at) for photo in photos]

    def _acceptance(self, visit: Visit | None) -> AcceptanceRead | None:
        found = self.acceptances.get(visit.id) if visit else None
        return AcceptanceRead(found.sha256, found.signed_at, found.signer) if found else None


def _map_points(place: Place) -> MapPoints | None:
    if place.lat is None or place.lng is None:
        return None
    here = GeoPoint(place.lat, place.lng)
    gcj02, bd09 = from_wgs84(here, Datum.GCJ02), from_wgs84(here, Datum.BD09)
    return MapPoints(Point(gcj02.lat, gcj02.lng), Point(bd09.lat, bd09.lng))


def planned_read(visit: Visit) -> PlannedRead:
    """A visit's planned times as sent."""
    return PlannedRead(visit.arrive_at, visit.busy_from, visit.busy_until, visit.travel_s, visit.travel_m)


def _by_id(session: Session, table: Any, ids: set[uuid.UUID]) -> dict[uuid.UUID, Any]:  # noqa: ANN401 - any table
    if not ids:
        return {}
    return {row.id: row for row in session.exec(select(table).where(col(table.id).in_(ids)))}
