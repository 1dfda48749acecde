"""A region of any size under way at eleven in the morning, written straight into the demo's database."""

import datetime as dt
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from backend.assets.models import Product
from backend.cases.models import Case, Channel
from backend.customers.models import Customer, LocationSource, Place
from backend.db.registry import METADATA
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job, Visit
from backend.organisations.models import Organisation, Region
from backend.technicians.models import LastPosition, Shift, Technician, TechnicianSkill
from backend.vendors.models import Vendor

TABLES = METADATA.tables  # rows refer to tables of features that nothing here imports
ZONE = "Asia/Shanghai"
CENTER = (31.23, 121.47)
SKILLS = ("hvac", "gas", "lock", "washer", "robot")
DISTRICTS = ("浦东新区", "徐汇区", "静安区", "长宁区", "杨浦区", "闵行区", "宝山区", "普陀区")
NOW_HOUR = 11.0
DAY_HOURS = (8.0, 20.0)
SPARE = 20  # of how many jobs one lies in the unassigned tray


@dataclass(frozen=True)
class BigRegion:
    """What was made; `id` is the region's."""

    id: uuid.UUID
    org_id: uuid.UUID
    day: dt.date


class RegionMaker:
    """Makes one region's day; the same for the same sizes."""

    def __init__(self, session: Session, day: dt.date) -> None:
        self.session, self.day = session, day
        self.chance = random.Random(7)
        self.org_id = session.exec(select(Organisation.id)).one()
        self.vendors = list(session.exec(select(Vendor.id).order_by(Vendor.name)))
        self.products = list(session.exec(select(Product.id).order_by(Product.sku)))
        self.region = Region(
            org_id=self.org_id, name=f"大区 {uuid.uuid4().hex[:4]}", zone=ZONE,
            center_lat=CENTER[0], center_lng=CENTER[1], depot_lat=CENTER[0], depot_lng=CENTER[1],
        )  # fmt: skip

    def instant(self, hour: float) -> dt.datetime:
        midnight = dt.datetime.combine(self.day, dt.time(), ZoneInfo(ZONE))
        return (midnight + dt.timedelta(hours=hour)).astimezone(dt.UTC)

    def make(self, technicians: int, visits: int) -> BigRegion:
        self._add([self.region])
        people = [self._technician(number) for number in range(technicians)]
        self._add(people)
        self._add([self._shift(each) for each in people])
        self._add([row for number, each in enumerate(people) for row in self._skills(each, number)])
        self._add([self._position(each) for each in people])
        each_has = -(-visits // technicians)
        rows = [row for number in range(visits) for row in self._visit(people, number, each_has)]
        rows += [row for number in range(visits, visits + visits // SPARE) for row in self._spare(number)]
        for kind in (Customer, Place, Case, Job, Visit):
            self._add([row for row in rows if isinstance(row, kind)])
        return BigRegion(self.region.id, self.org_id, self.day)

    def _add(self, rows: list[Any]) -> None:
        self.session.add_all(rows)
        self.session.flush()

    def _near(self, lat: float, lng: float, spread: float) -> tuple[float, float]:
        return (
            round(lat + self.chance.uniform(-spread, spread), 6),
            round(lng + self.chance.uniform(-spread, spread), 6),
        )

    def _technician(self, number: int) -> Technician:
        lat, lng = self._near(*CENTER, 0.18)
        return Technician(
            org_id=self.org_id,
            region_id=self.region.id,
            vendor_id=self.vendors[number % len(self.vendors)] if number % 3 == 0 else None,
            name=f"师傅 {number + 1:03d}",
            phone=f"+861549{number:07d}",
            home_lat=lat,
            home_lng=lng,
        )

    def _shift(self, who: Technician) -> Shift:
        return Shift(
            technician_id=who.id, day=self.day,
            starts_at=self.instant(DAY_HOURS[0]), ends_at=self.instant(DAY_HOURS[1]),
            break_from=self.instant(11.5), break_until=self.instant(13.5), break_s=1800,
        )  # fmt: skip

    def _skills(self, who: Technician, number: int) -> Iterator[TechnicianSkill]:
        for step in range(2):
            yield TechnicianSkill(
                technician_id=who.id, skill=SKILLS[(number + step) % len(SKILLS)], level=1 + number % 3
            )

    def _position(self, who: Technician) -> LastPosition:
        lat, lng = self._near(who.home_lat, who.home_lng, 0.03)
        return LastPosition(technician_id=who.id, at=self.instant(NOW_HOUR), lat=lat, lng=lng, accuracy_m=20)

    def _visit(self, people: list[Technician], number: int, each_has: int) -> Iterator[Any]:
        """A visit of the technician's day: over, under way or to come."""
        who, place = people[number // each_has], number % each_has
        step = (DAY_HOURS[1] - DAY_HOURS[0]) / each_has
        start = DAY_HOURS[0] + place * step + self.chance.random() / 12
        status = self._status(start, step)
        *around, job = self._job(number, start, who)
        job.status, job.technician_id, job.vendor_id = status, who.id, who.vendor_id
        yield from [*around, job]
        begins = self.instant(start)
        yield Visit(
            org_id=self.org_id, job_id=job.id, technician_id=who.id, arrive_at=begins, busy_from=begins,
            busy_until=begins + dt.timedelta(seconds=job.duration_s), travel_s=900, travel_m=5200,
            departed_at=begins - dt.timedelta(minutes=15) if status in BEGUN else None,
            arrived_at=begins if status in BEGUN - {JobStatus.EN_ROUTE} else None,
            completed_at=begins + dt.timedelta(minutes=38) if status is JobStatus.DONE else None,
            why={"reason": "nearest", "distance_m": 5200},
        )  # fmt: skip

    def _status(self, start: float, step: float) -> JobStatus:
        if start + step < NOW_HOUR:
            return JobStatus.DONE
        if start < NOW_HOUR:
            return JobStatus.ON_SITE
        return JobStatus.EN_ROUTE if start < NOW_HOUR + step / 2 else JobStatus.ACCEPTED

    def _spare(self, number: int) -> Iterator[Any]:
        yield from self._job(number, 9 + number % 9, None)

    def _job(self, number: int, start: float, who: Technician | None) -> Iterator[Any]:
        home = (who.home_lat, who.home_lng) if who else CENTER
        lat, lng = self._near(*home, 0.03 if who else 0.18)
        district = DISTRICTS[number % len(DISTRICTS)]
        customer = Customer(org_id=self.org_id, name=f"客户 {number}", phone=f"+861540000{number:04d}")
        place = Place(
            org_id=self.org_id, customer_id=customer.id, region_id=self.region.id, district=district,
            address=f"{district}某某路 {number % 900 + 1} 弄 {number % 40 + 1} 号 {number % 18 + 1}01 室",
            community=f"小区 {number // 8}", lat=lat, lng=lng, source=LocationSource.GAZETTEER,
        )  # fmt: skip
        key = f"{self.region.id.hex[-4:].upper()}{number:05d}"
        case = Case(org_id=self.org_id, number=f"C{key}", channel=Channel.ORDER, customer_id=customer.id)
        yield from (customer, place, case)
        yield Job(
            org_id=self.org_id, number=f"J{key}", region_id=self.region.id, case_id=case.id,
            customer_id=customer.id, place_id=place.id, product_id=self.products[number % len(self.products)],
            type=JobType.INSTALL, status=JobStatus.BOOKED, duration_s=2400, skill=SKILLS[number % 5],
            level=1, day=self.day,
            window_start=self.instant(start - 0.5), window_end=self.instant(start + 1.5),
        )  # fmt: skip


BEGUN = frozenset({JobStatus.EN_ROUTE, JobStatus.ON_SITE, JobStatus.DONE})
