"""A region whose customers choose their time: technicians on duty for days, jobs without a window."""

import datetime as dt
import os
import uuid
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.assets.models import Product
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.booking.asked import Slot
from backend.booking.models import BookingRules
from backend.cases.models import Case, Channel
from backend.customers.models import Customer, Place
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job
from backend.organisations.models import Organisation, Region
from backend.scheduling.day import local_midnight
from backend.technicians.models import Shift, Technician, TechnicianCertificate, TechnicianSkill
from tests.factories.scheduling import CENTRE, SKILL, around

ZONE = "Asia/Shanghai"


def tomorrow() -> dt.date:
    """The day after today in Beijing, also for a test that goes on past midnight; its windows are to come."""
    return _tomorrow_of(os.environ.get("PYTEST_CURRENT_TEST", "").rpartition(" ")[0])


@lru_cache(maxsize=1)
def _tomorrow_of(_test: str) -> dt.date:
    return utc_now().astimezone(ZoneInfo(ZONE)).date() + dt.timedelta(days=1)


def clock(hour: float, day: dt.date | None = None) -> dt.datetime:
    """An hour of a day (tomorrow) in Beijing."""
    return local_midnight(day or tomorrow(), ZONE) + dt.timedelta(hours=hour)


def slot(hour: float, day: dt.date | None = None) -> Slot:
    """Two hours from an hour of a day (tomorrow) in Beijing."""
    return Slot(clock(hour, day), clock(hour + 2, day))


@dataclass
class Town:
    """The rows; change them before `save`. Work is done from 9:00 to 18:00, without a break."""

    org: Organisation
    region: Region
    product: Product
    rules: BookingRules
    days: int = 2
    technicians: list[Technician] = field(default_factory=list)
    abilities: list[Any] = field(default_factory=list)
    shifts: list[Shift] = field(default_factory=list)
    parents: list[Any] = field(default_factory=list)
    cases: list[Any] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)

    @property
    def dispatcher(self) -> Actor:
        return Actor(role=Role.DISPATCHER, org_id=self.org.id, name="调度")

    def customer_of(self, job: Job) -> Actor:
        """The customer behind the job's link."""
        return Actor(role=Role.CUSTOMER, org_id=self.org.id, name="customer", job_id=job.id)

    def technician(self, *, level: int = 3, certificates: tuple[str, ...] = (), **fields: Any) -> Technician:
        """Somebody who works on every day from tomorrow on."""
        lat, lng = around(len(self.technicians) * 5 + 2, km=2.0)
        row = Technician(
            org_id=self.org.id,
            region_id=self.region.id,
            name=f"师傅{len(self.technicians) + 1}",
            phone="+8619900000000",
            home_lat=lat,
            home_lng=lng,
            overtime_limit_s=0,
        )
        for name, value in fields.items():
            setattr(row, name, value)
        self.technicians.append(row)
        self.abilities.append(TechnicianSkill(technician_id=row.id, skill=SKILL, level=level))
        self.abilities += [
            TechnicianCertificate(technician_id=row.id, code=code, expires_on=dt.date(2099, 1, 1))
            for code in certificates
        ]
        for offset in range(self.days):
            day = tomorrow() + dt.timedelta(days=offset)
            self.shifts.append(
                Shift(technician_id=row.id, day=day, starts_at=clock(9, day), ends_at=clock(18, day))
            )
        return row

    def job(self, *, located: bool = True, **fields: Any) -> Job:
        """A job of a customer of its own, qualified and without an appointment unless `fields` say more."""
        number = len(self.jobs) + 1
        lat, lng = around(number, km=2.0)
        customer = Customer(org_id=self.org.id, name=f"客户{number}", phone=f"+86199{number:08d}")
        place = Place(
            org_id=self.org.id,
            customer_id=customer.id,
            region_id=self.region.id,
            address=f"望京西园 {number} 号楼",
            lat=lat if located else None,
            lng=lng if located else None,
        )
        case = Case(org_id=self.org.id, number=f"C{number}", channel=Channel.WEB, customer_id=customer.id)
        row = Job(
            org_id=self.org.id,
            number=f"J{number}",
            region_id=self.region.id,
            case_id=case.id,
            customer_id=customer.id,
            place_id=place.id,
            product_id=self.product.id,
            type=JobType.INSTALL,
            status=JobStatus.QUALIFIED,
            duration_s=3_000,
            skill=SKILL,
        )
        for name, value in fields.items():
            setattr(row, name, value)
        self.parents.append(customer)
        self.cases += [place, case]
        self.jobs.append(row)
        return row

    def save(self, session: Session) -> None:
        """Insert everything, parents before children."""
        levels = (
            [self.org],
            [self.region, self.product, self.rules, *self.parents],
            [*self.technicians, *self.cases],
        )
        for level in (*levels, [*self.abilities, *self.shifts, *self.jobs]):
            session.add_all(level)
            session.flush()


def town(technicians: int = 1, jobs: int = 1, *, days: int = 2, **rules: Any) -> Town:
    """A town with so many technicians and waiting jobs; nothing is kept back unless `rules` say so."""
    org = Organisation(name="晨光电器")
    region = Region(
        org_id=org.id,
        name=f"北京 {uuid.uuid4().hex[:6]}",
        center_lat=CENTRE[0],
        center_lng=CENTRE[1],
        depot_lat=CENTRE[0],
        depot_lng=CENTRE[1],
    )
    product = Product(org_id=org.id, sku="WH-60", name="电热水器", name_en="Water heater", category="heater")
    given = {"reserve_percent": 0, "hotline": "400-800-1234", **rules}
    made = Town(org, region, product, BookingRules(org_id=org.id, **given), days)
    for _ in range(technicians):
        made.technician()
    for _ in range(jobs):
        made.job()
    return made
