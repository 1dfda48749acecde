"""Loading the demo into an empty database."""

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from backend.assets.models import Product
from backend.auth.actor import Actor, system_actor
from backend.cases import service as cases
from backend.cases.models import Channel
from backend.customers.models import LocationSource
from backend.db.types import utc_now
from backend.demo.catalogue import add_catalogue
from backend.demo.ids import demo_phone
from backend.demo.orders import DemoJob, demo_jobs
from backend.demo.people import PASSWORD, add_company, add_people, add_stock
from backend.demo.plan import publish_plan
from backend.errors import ConflictError
from backend.geocoding.gazetteer import beijing
from backend.jobs.lifecycle import JobType
from backend.jobs.models import Job
from backend.organisations.models import Organisation, Region

ZONE = ZoneInfo("Asia/Shanghai")
UNDECIDED_HOME = "东区国际"
CHANNELS = {JobType.INSTALL: Channel.ORDER, JobType.REPAIR: Channel.HOTLINE}


class NotEmptyError(ConflictError):
    """The demo is only for an empty database: it must never mix with real customers."""

    code = "not_empty"


@dataclass(frozen=True)
class DemoSummary:
    """What was loaded, and who can sign in."""

    day: dt.date
    jobs: int
    technicians: int
    password: str
    planned: int = 0
    dispatcher: str = "dispatcher"
    technician: str = "tech01"


def today() -> dt.date:
    """The date in Beijing."""
    return utc_now().astimezone(ZONE).date()


def is_empty(session: Session) -> bool:
    """Whether the database holds no organisation yet."""
    return session.exec(select(Organisation.id).limit(1)).first() is None


def load_demo(session: Session, day: dt.date, *, is_planned: bool = True) -> DemoSummary:
    """Load the demo company with its work on `day` and the day after, in the caller's transaction.

    `day` comes with the plan that was published the evening before, unless it is to be planned by whoever
    loads it. Raises `NotEmptyError` unless the database is empty.
    """
    if not is_empty(session):
        raise NotEmptyError("The demo can only be loaded into an empty database.")
    demo = add_company(session)
    products = add_catalogue(session, demo.organisation.id)
    add_people(session, demo, day)
    midnight = dt.datetime.combine(day, dt.time.min, ZONE)
    add_stock(session, demo, midnight.astimezone(dt.UTC))
    actor = system_actor(demo.organisation.id, "demo")
    jobs = [_add_job(session, actor, demo.region, products, told, midnight) for told in demo_jobs()]
    _add_undecided(session, actor, demo.region, products)
    session.flush()
    planned = publish_plan(session, actor, demo.region, day, jobs) if is_planned else 0
    return DemoSummary(day, len(jobs), len(demo.technicians), PASSWORD, planned)


def _add_job(
    session: Session,
    actor: Actor,
    region: Region,
    products: dict[str, Product],
    told: DemoJob,
    midnight: dt.datetime,
) -> Job:
    customer = cases.find_or_add_customer(session, actor, told.customer, told.phone)
    place = cases.find_or_add_place(session, actor, customer, region, _place(told))
    channel = CHANNELS.get(told.type, Channel.WEB)
    case = cases.open_case(session, actor, customer, channel, region.zone, told.description)
    is_order = told.type is JobType.INSTALL
    wanted = cases.JobInput(
        product=products[told.sku],
        type=told.type,
        window=told.window(midnight),
        serial=f"SN{told.sku[3:]}{told.index + 1:06d}",
        description=told.description,
        note=told.note,
        purchased_on=(midnight - dt.timedelta(days=3 if is_order else 400)).date(),
        order_no=f"DEMO{told.index + 1:06d}" if is_order else "",
    )
    return cases.add_job(session, actor, case, place, wanted)


def _add_undecided(session: Session, actor: Actor, region: Region, products: dict[str, Product]) -> Job:
    """A customer whose washing machine has arrived and who has yet to choose a time."""
    home = next(community for community in beijing().communities if community.name == UNDECIDED_HOME)
    customer = cases.find_or_add_customer(session, actor, "林女士", demo_phone("customer", 900))
    place = cases.PlaceInput(
        address=f"{home.district}{home.name}8号楼2单元601",
        community=home.name,
        district=home.district,
        lat=home.point.lat,
        lng=home.point.lng,
        source=LocationSource.GAZETTEER,
    )
    found = cases.find_or_add_place(session, actor, customer, region, place)
    case = cases.open_case(session, actor, customer, Channel.ORDER, region.zone)
    product = min(
        (one for one in products.values() if one.category == "washing_machine"), key=lambda p: p.sku
    )
    wanted = cases.JobInput(product=product, type=JobType.INSTALL, order_no="DEMO900")
    return cases.add_job(session, actor, case, found, wanted)


def _place(told: DemoJob) -> cases.PlaceInput:
    if told.point is None or told.community is None:
        return cases.PlaceInput(address=told.address)
    return cases.PlaceInput(
        address=told.address,
        community=told.community.name,
        district=told.community.district,
        lat=told.point.lat,
        lng=told.point.lng,
        source=LocationSource.GAZETTEER,
    )
