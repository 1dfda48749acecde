"""A job to be had, and people to offer it to."""

import datetime as dt
import uuid
from dataclasses import dataclass

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.types import utc_now
from backend.jobs.models import Job
from backend.offers.models import OfferMode
from backend.offers.schemas import OfferCreate, Whom
from backend.technicians.models import Technician
from tests.factories.scheduling import PlanningDay, at, empty_day


@dataclass
class Offering:
    """`day.save` puts it into a database."""

    day: PlanningDay
    job: Job

    @property
    def people(self) -> list[Technician]:
        return self.day.technicians

    def actor(self, number: int) -> Actor:
        """One of the technicians, as the services see them."""
        return self.day.technician_actor(self.people[number])

    @property
    def vendor(self) -> Actor:
        return self.day.vendor_dispatcher

    @property
    def stranger(self) -> Actor:
        """A dispatcher of another organisation."""
        return Actor(role=Role.DISPATCHER, org_id=uuid.uuid4(), name="外人")

    def wish(self, mode: OfferMode, *numbers: int, vendor: bool = False, minutes: int = 20) -> OfferCreate:
        """To the technicians of those numbers, and last to the vendor."""
        whom = [Whom(technician_id=self.people[number].id, start=at(10)) for number in numbers]
        if vendor:
            whom.append(Whom(vendor_id=self.day.vendor.id))
        return OfferCreate(version=1, mode=mode, minutes=minutes, candidates=whom)


def offering(technicians: int = 3) -> Offering:
    """A job at ten, and technicians who could all do it; the last one is a vendor's."""
    day = empty_day()
    for number in range(technicians):
        day.technician(f"师傅 {number}", vendor=number == technicians - 1)
    return Offering(day, day.job(10))


def long_ago() -> dt.datetime:
    return utc_now() - dt.timedelta(minutes=1)
