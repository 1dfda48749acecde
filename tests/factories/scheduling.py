"""A region's day to plan: technicians of the brand and of a vendor, and jobs spread over Beijing."""

import datetime as dt
import math
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.cases.models import Case, Channel
from backend.customers.models import Customer, Place
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation, Region
from backend.parts.models import LocationKind, Part, StockLocation, StockMove
from backend.scheduling.models import PlanRun
from backend.technicians.models import Shift, Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Tariff, Vendor

DAY = dt.date(2027, 3, 16)
MIDNIGHT = dt.datetime(2027, 3, 15, 16, tzinfo=dt.UTC)  # of DAY in Beijing
CENTRE = (39.92, 116.41)
SKILL = "heater"
CERTIFICATE = "gas"


def at(hour: float) -> dt.datetime:
    """An hour of DAY in Beijing."""
    return MIDNIGHT + dt.timedelta(hours=hour)


def around(number: int, km: float = 6.0) -> tuple[float, float]:
    """Points on a spiral around the centre, the same every time."""
    angle, radius = number * 2.399963, km * math.sqrt((number % 17 + 1) / 17) / 111
    return CENTRE[0] + radius * math.cos(angle), CENTRE[1] + 1.3 * radius * math.sin(angle)


@dataclass
class PlanningDay:
    """The rows of a day; change them before `save`."""

    org: Organisation
    region: Region
    vendor: Vendor
    customer: Customer
    product: Product
    case: Case
    part: Part
    technicians: list[Technician] = field(default_factory=list)
    skills: list[TechnicianSkill] = field(default_factory=list)
    certificates: list[TechnicianCertificate] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    visits: list[Visit] = field(default_factory=list)
    stock: list[Any] = field(default_factory=list)

    @property
    def dispatcher(self) -> Actor:
        return Actor(role=Role.DISPATCHER, org_id=self.org.id, name="调度")

    @property
    def vendor_dispatcher(self) -> Actor:
        return Actor(role=Role.VENDOR_DISPATCHER, org_id=self.org.id, name="外协", vendor_id=self.vendor.id)

    def technician_actor(self, technician: Technician) -> Actor:
        return Actor(role=Role.TECHNICIAN, org_id=self.org.id, technician_id=technician.id)

    def technician(self, name: str, *, vendor: bool = False, level: int = 3, **fields: Any) -> Technician:
        """Somebody on duty from 8:30 to 18:00 with a lunch break."""
        lat, lng = around(len(self.technicians) * 5 + 2)
        row = Technician(
            org_id=self.org.id,
            region_id=self.region.id,
            vendor_id=self.vendor.id if vendor else None,
            name=name,
            phone="+8619900000000",
            home_lat=lat,
            home_lng=lng,
        )
        _set(row, fields)
        self.technicians.append(row)
        self.skills.append(TechnicianSkill(technician_id=row.id, skill=SKILL, level=level))
        self.shifts.append(
            Shift(
                technician_id=row.id,
                day=DAY,
                starts_at=at(8.5),
                ends_at=at(18),
                break_from=at(11.5),
                break_until=at(13.5),
                break_s=2_700,
            )
        )
        return row

    def job(self, hour: float | None = None, *, located: bool = True, **fields: Any) -> Job:
        """A booked job with a window of two hours from `hour`."""
        number = len(self.jobs) + 1
        lat, lng = around(number)
        place = Place(
            org_id=self.org.id,
            customer_id=self.customer.id,
            region_id=self.region.id,
            address=f"{number} 号楼",
            lat=lat if located else None,
            lng=lng if located else None,
        )
        row = Job(
            org_id=self.org.id,
            number=f"J{number}",
            region_id=self.region.id,
            case_id=self.case.id,
            customer_id=self.customer.id,
            place_id=place.id,
            product_id=self.product.id,
            type=JobType.INSTALL,
            status=JobStatus.BOOKED,
            duration_s=3_000,
            skill=SKILL,
            day=DAY,
            window_start=at(hour) if hour is not None else None,
            window_end=at(hour + 2) if hour is not None else None,
        )
        _set(row, fields)
        self.places.append(place)
        self.jobs.append(row)
        return row

    def visit(self, job: Job, technician: Technician, hour: float, status: JobStatus, **fields: Any) -> Visit:
        """The job with a technician at an hour, in a status that fits."""
        job.status, job.technician_id, job.vendor_id = status, technician.id, technician.vendor_id
        row = Visit(
            org_id=self.org.id,
            job_id=job.id,
            technician_id=technician.id,
            arrive_at=at(hour),
            busy_from=at(hour),
            busy_until=at(hour) + dt.timedelta(seconds=job.duration_s),
            travel_s=1_200,
        )
        _set(row, fields)
        self.visits.append(row)
        return row

    def carry(self, technician: Technician, qty: int) -> None:
        """Put pieces of the part into a van, from the warehouse."""
        van = StockLocation(
            org_id=self.org.id, kind=LocationKind.VAN, name="van", technician_id=technician.id
        )
        self.stock += [van, self.move(self.warehouse, van, qty)]

    def keep_in_warehouse(self, qty: int) -> None:
        """Deliver pieces of the part to the warehouse."""
        supplier = StockLocation(org_id=self.org.id, kind=LocationKind.SUPPLIER, name="supplier")
        self.stock += [supplier, self.move(supplier, self.warehouse, qty)]

    def move(self, source: StockLocation, target: StockLocation, qty: int) -> StockMove:
        return StockMove(
            org_id=self.org.id,
            part_id=self.part.id,
            from_id=source.id,
            to_id=target.id,
            qty=qty,
            moved_at=at(0),
        )

    @property
    def warehouse(self) -> StockLocation:
        for row in self.stock:
            if isinstance(row, StockLocation) and row.kind is LocationKind.WAREHOUSE:
                return row
        found = StockLocation(org_id=self.org.id, kind=LocationKind.WAREHOUSE, name="warehouse")
        self.stock.append(found)
        return found

    def save(self, session: Session) -> None:
        """Insert everything, parents before children."""
        for level in self._levels():
            session.add_all(level)
            session.flush()

    def _levels(self) -> Iterator[list[Any]]:
        yield [self.org]
        yield [self.region, self.vendor, self.customer, self.product, self.part]
        yield [
            Tariff(
                org_id=self.org.id,
                vendor_id=self.vendor.id,
                category=self.product.category,
                job_type=JobType.INSTALL,
                price_fen=9_000,
            ),
            self.case,
            *self.technicians,
            *self.places,
        ]
        yield [*self.skills, *self.certificates, *self.shifts, *self.jobs]
        yield self.visits
        yield [row for row in self.stock if isinstance(row, StockLocation)]
        yield [row for row in self.stock if isinstance(row, StockMove)]


def _set(row: Any, fields: dict[str, Any]) -> None:  # noqa: ANN401 - any table row
    for name, value in fields.items():
        setattr(row, name, value)


def empty_day() -> PlanningDay:
    """A region with nobody in it and nothing to do."""
    org = Organisation(name="晨光电器")
    region = Region(
        org_id=org.id,
        name=f"北京 {uuid.uuid4().hex[:6]}",
        center_lat=CENTRE[0],
        center_lng=CENTRE[1],
        depot_lat=CENTRE[0] - 0.01,
        depot_lng=CENTRE[1],
    )
    customer = Customer(org_id=org.id, name="赵女士", phone="+8619900000001")
    return PlanningDay(
        org=org,
        region=region,
        vendor=Vendor(org_id=org.id, name="安心上门", daily_capacity=6),
        customer=customer,
        product=Product(org_id=org.id, sku="WH-60", name="电热水器", category="heater"),
        case=Case(org_id=org.id, number="C1", channel=Channel.ORDER, customer_id=customer.id),
        part=Part(org_id=org.id, sku="VALVE-1", name="角阀", price_fen=3_500),
    )


def small_day(jobs: int = 8) -> PlanningDay:
    """Two own technicians, one of a vendor, and jobs all of which fit."""
    day = empty_day()
    day.technician("王建国")
    day.technician("李明")
    day.technician("周强", vendor=True)
    for number in range(jobs):
        day.job(9 + 2 * (number % 4))
    return day


def in_short(session: Session, run_id: uuid.UUID) -> None:
    """Let the next attempt at a run search for a moment only; nobody is told."""
    session.execute(sa.update(PlanRun).where(col(PlanRun.id) == run_id).values(seconds=0.3))
