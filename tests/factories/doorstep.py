"""A small, complete world: one organisation, two technicians, a job whose technician stands at the door."""

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from sqlmodel import Session

from backend.assets.models import Asset, Product
from backend.auth.actor import Actor
from backend.auth.models import Account, Role
from backend.cases.models import Case, Channel
from backend.customers.models import Customer, Place
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation, Region
from backend.parts.models import Part
from backend.technicians.models import Shift, Technician
from backend.vendors.models import Vendor

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # 12:00 in Beijing
DAY = dt.date(2026, 11, 23)
CHECKLIST: list[dict[str, Any]] = [
    {"key": "power_off", "kind": "check", "title": {"zh": "断电", "en": "Power off"}, "required": True},
    {
        "key": "pressure",
        "kind": "reading",
        "title": {"zh": "水压", "en": "Water pressure"},
        "required": True,
        "unit": "MPa",
        "min": 0.1,
        "max": 0.8,
    },
    {
        "key": "mount",
        "kind": "choice",
        "title": {"zh": "安装方式", "en": "Mounting"},
        "required": False,
        "choices": [
            {"value": "wall", "zh": "壁挂", "en": "On the wall"},
            {"value": "floor", "zh": "落地", "en": "On the floor"},
        ],
    },
    {"key": "remark", "kind": "text", "title": {"zh": "备注", "en": "Remark"}, "required": False},
    {"key": "after", "kind": "photo", "title": {"zh": "完工照片", "en": "Photo"}, "required": False},
]


@dataclass
class Doorstep:
    """The rows of the world; add them with `save`, in one transaction."""

    org: Organisation
    region: Region
    vendor: Vendor
    technician: Technician
    other_technician: Technician
    account: Account
    other_account: Account
    customer: Customer
    place: Place
    product: Product
    asset: Asset
    case: Case
    job: Job
    visit: Visit
    parts: list[Part] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        """The technician of the job."""
        return self._technician_actor(self.account)

    @property
    def other_actor(self) -> Actor:
        """A technician of the same organisation who has nothing to do with the job."""
        return self._technician_actor(self.other_account)

    @property
    def dispatcher(self) -> Actor:
        return Actor(role=Role.DISPATCHER, org_id=self.org.id, name="调度")

    def _technician_actor(self, account: Account) -> Actor:
        return Actor(
            role=Role.TECHNICIAN,
            org_id=self.org.id,
            name=account.name,
            account_id=account.id,
            technician_id=account.technician_id,
        )

    def shift(self, technician: Technician | None = None) -> Shift:
        """08:30–18:00 in Beijing."""
        return Shift(
            technician_id=(technician or self.technician).id,
            day=DAY,
            starts_at=NOON - dt.timedelta(hours=3, minutes=30),
            ends_at=NOON + dt.timedelta(hours=6),
        )


def doorstep(status: JobStatus = JobStatus.ON_SITE, *, now: dt.datetime = NOON, **job: Any) -> Doorstep:
    """A new world around `now`, with its job in `status`; `job` overrides the job's fields."""
    org = Organisation(name="晨光电器")
    region = Region(
        org_id=org.id, name="北京", center_lat=39.9, center_lng=116.4, depot_lat=39.9, depot_lng=116.4
    )
    vendor = Vendor(org_id=org.id, name="安心上门")
    technician = _technician(org, region, "王建国")
    other = _technician(org, region, "李明", vendor_id=vendor.id)
    customer = Customer(org_id=org.id, name="赵女士", phone="+8615400000000")
    place = Place(
        org_id=org.id,
        customer_id=customer.id,
        region_id=region.id,
        address="望京西园四区 410 号楼 2 单元 301",
        community="望京西园四区",
        lat=39.9955,
        lng=116.4703,
    )
    product = Product(
        org_id=org.id, sku="WH-60", name="电热水器 60L", name_en="Water heater 60 L", category="heater"
    )
    asset = Asset(org_id=org.id, customer_id=customer.id, product_id=product.id, serial="SN60-0001")
    case = Case(org_id=org.id, number="C1", channel=Channel.ORDER, customer_id=customer.id)
    row = _job(org, region, customer, place, product, asset, case, technician, status, now)
    for name, value in job.items():
        setattr(row, name, value)
    return Doorstep(
        org, region, vendor, technician, other, _account(org, technician), _account(org, other),
        customer, place, product, asset, case, row, _visit(row, technician, status, now), _parts(org),
    )  # fmt: skip


def save(session: Session, world: Doorstep) -> None:
    """Insert the world, parents before children."""
    levels: list[list[Any]] = [
        [world.org],
        [world.region, world.vendor, world.customer, world.product, *world.parts],
        [world.technician, world.other_technician, world.place, world.asset, world.case],
        [world.account, world.other_account, world.job],
        [world.visit, world.shift(), world.shift(world.other_technician)],
    ]
    for level in levels:
        session.add_all(level)
        session.flush()


def second_visit(world: Doorstep, session: Session) -> tuple[Job, Visit]:
    """Another job of the same technician, three hours later, also at the door."""
    later = world.visit.busy_from + dt.timedelta(hours=3)
    job = _job(
        world.org, world.region, world.customer, world.place, world.product, world.asset, world.case,
        world.technician, JobStatus.ON_SITE, later, number="J2",
    )  # fmt: skip
    session.add(job)
    session.flush()
    visit = _visit(job, world.technician, JobStatus.ON_SITE, later)
    session.add(visit)
    session.flush()
    return job, visit


def _technician(
    org: Organisation, region: Region, name: str, vendor_id: uuid.UUID | None = None
) -> Technician:
    return Technician(
        org_id=org.id,
        region_id=region.id,
        vendor_id=vendor_id,
        name=name,
        phone="+8615400000009",
        home_lat=39.95,
        home_lng=116.42,
    )


def _account(org: Organisation, technician: Technician) -> Account:
    return Account(
        org_id=org.id,
        login=f"t-{technician.id}",
        name=technician.name,
        role=Role.TECHNICIAN,
        password_hash="-",
        technician_id=technician.id,
        vendor_id=technician.vendor_id,
    )


def _job(
    org: Organisation,
    region: Region,
    customer: Customer,
    place: Place,
    product: Product,
    asset: Asset,
    case: Case,
    technician: Technician,
    status: JobStatus,
    now: dt.datetime,
    number: str = "J1",
) -> Job:
    return Job(
        org_id=org.id,
        number=number,
        region_id=region.id,
        case_id=case.id,
        customer_id=customer.id,
        place_id=place.id,
        product_id=product.id,
        asset_id=asset.id,
        type=JobType.INSTALL,
        status=status,
        duration_s=3600,
        skill="heater",
        price_fen=12_000,
        checklist=[dict(step) for step in CHECKLIST],
        day=DAY,
        window_start=now - dt.timedelta(hours=1),
        window_end=now + dt.timedelta(hours=1),
        technician_id=technician.id,
        vendor_id=technician.vendor_id,
    )


def _visit(job: Job, technician: Technician, status: JobStatus, now: dt.datetime) -> Visit:
    is_on_the_way = status is JobStatus.EN_ROUTE
    is_there = status not in {JobStatus.BOOKED, JobStatus.ASSIGNED, JobStatus.ACCEPTED, JobStatus.EN_ROUTE}
    return Visit(
        org_id=job.org_id,
        job_id=job.id,
        technician_id=technician.id,
        arrive_at=now,
        busy_from=now,
        busy_until=now + dt.timedelta(hours=1),
        travel_s=1500,
        travel_m=9000,
        accepted_at=now - dt.timedelta(hours=4),
        departed_at=now - dt.timedelta(minutes=20) if is_on_the_way or is_there else None,
        arrived_at=now - dt.timedelta(minutes=2) if is_there else None,
    )


def _parts(org: Organisation) -> list[Part]:
    return [
        Part(
            org_id=org.id,
            sku="VALVE-1",
            name="角阀",
            name_en="Angle valve",
            barcode="6900001",
            price_fen=3_500,
        ),
        Part(org_id=org.id, sku="HOSE-2", name="软管", name_en="Hose", barcode="6900002", price_fen=1_250),
    ]
