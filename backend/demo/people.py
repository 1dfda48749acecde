"""The demo company's organisation, people, shifts, tariffs and stock."""

import datetime as dt
import uuid
from collections import Counter
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session

from backend.auth.models import Account, Role
from backend.auth.passwords import hash_password
from backend.booking.models import BookingRules
from backend.demo.catalogue import catalogue, company
from backend.demo.ids import demo_id, demo_phone
from backend.geocoding.gazetteer import beijing
from backend.jobs.lifecycle import JobType
from backend.organisations.models import Organisation, Region
from backend.parts.service import opening_stock
from backend.technicians.hours import hours_of
from backend.technicians.models import Shift, Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Tariff, Vendor

PASSWORD = "shangmen-demo"  # noqa: S105 - documented, for invented people only
DAYS_OF_SHIFTS = 7
VAN_SETS = 4
WAREHOUSE_PIECES = 40


@dataclass(frozen=True)
class DemoCompany:
    """The rows other parts of the demo refer to."""

    organisation: Organisation
    region: Region
    technicians: dict[str, Technician]


def add_company(session: Session) -> DemoCompany:
    """Add the organisation and its region."""
    told = company()
    organisation = Organisation(id=demo_id("organisation", "demo"), is_replay=True, **told["organisation"])
    session.add(organisation)
    session.flush()
    place = told["region"]
    region = Region(
        id=demo_id("region", "beijing"),
        org_id=organisation.id,
        name=place["name"],
        zone=place["zone"],
        center_lat=place["center"]["lat"],
        center_lng=place["center"]["lng"],
        depot_lat=place["depot"]["lat"],
        depot_lng=place["depot"]["lng"],
    )
    session.add_all([region, BookingRules(org_id=organisation.id, hotline=demo_phone("office", 1))])
    session.flush()
    return DemoCompany(organisation, region, {})


def add_people(session: Session, demo: DemoCompany, day: dt.date) -> None:
    """Add vendors, technicians with all they are and have, and the accounts everybody signs in with."""
    org_id = demo.organisation.id
    session.add_all(
        Vendor(
            id=vendor_id(row["key"]), org_id=org_id, name=row["name"], daily_capacity=row["daily_capacity"]
        )
        for row in company()["vendors"]
    )
    session.flush()
    homes = {community.name: community.point for community in beijing().communities}
    for number, row in enumerate(company()["technicians"], start=1):
        home = homes[row["home"]]
        demo.technicians[row["login"]] = Technician(
            id=demo_id("technician", row["login"]),
            org_id=org_id,
            vendor_id=vendor_id(row["vendor"]) if row["vendor"] else None,
            region_id=demo.region.id,
            name=row["name"],
            phone=demo_phone("technician", number),
            home_lat=home.lat,
            home_lng=home.lng,
            color=row["color"],
            hourly_fen=row["hourly_fen"],
            per_km_fen=0 if row["vendor"] else 80,
        )
    session.add_all(demo.technicians.values())
    session.flush()
    _add_abilities(session, day)
    _add_shifts(session, demo.region, day)
    _add_tariffs(session, org_id)
    _add_accounts(session, org_id)
    session.flush()


def vendor_id(key: str) -> uuid.UUID:
    """A demo vendor's id."""
    return demo_id("vendor", key)


def _add_abilities(session: Session, day: dt.date) -> None:
    for row in company()["technicians"]:
        who = demo_id("technician", row["login"])
        for skill, level in row["skills"].items():
            session.add(TechnicianSkill(technician_id=who, skill=skill, level=level))
        for code in row["certificates"]:
            expires = day + dt.timedelta(days=400)
            session.add(TechnicianCertificate(technician_id=who, code=code, expires_on=expires))
        for code in row["expired"]:
            expires = day - dt.timedelta(days=12)
            session.add(TechnicianCertificate(technician_id=who, code=code, expires_on=expires))


def _add_shifts(session: Session, region: Region, first: dt.date) -> None:
    zone = ZoneInfo(region.zone)
    for row in company()["technicians"]:
        for offset in range(DAYS_OF_SHIFTS):
            day = first + dt.timedelta(days=offset)
            key = f"{row['login']}/{day.isoformat()}"
            pattern = company()["shifts"][row["shift"]]
            who = demo_id("technician", row["login"])
            session.add(_shift(demo_id("shift", key), who, day, pattern, zone))


def _shift(
    shift_id: uuid.UUID, technician_id: uuid.UUID, day: dt.date, pattern: dict[str, Any], zone: ZoneInfo
) -> Shift:
    minutes = company()["break_minutes"]
    hours = hours_of(day, pattern["from"], pattern["until"], pattern["break"], minutes, zone)
    return Shift(id=shift_id, technician_id=technician_id, **hours)


def _add_tariffs(session: Session, org_id: uuid.UUID) -> None:
    for vendor, categories in company()["tariffs"].items():
        for category, prices in categories.items():
            for job_type, price_fen in prices.items():
                session.add(
                    Tariff(
                        id=demo_id("tariff", f"{vendor}/{category}/{job_type}"),
                        org_id=org_id,
                        vendor_id=vendor_id(vendor),
                        category=category,
                        job_type=JobType(job_type),
                        price_fen=price_fen,
                    )
                )


def _add_accounts(session: Session, org_id: uuid.UUID) -> None:
    # One hash for all: everybody's password is in the documentation, and 24 hashes would take a second.
    password_hash = hash_password(PASSWORD)
    for row in [*company()["office"], *company()["technicians"]]:
        role = Role(row.get("role", Role.TECHNICIAN))
        session.add(
            Account(
                id=demo_id("account", row["login"]),
                org_id=org_id,
                login=row["login"],
                name=row["name"],
                role=role,
                password_hash=password_hash,
                technician_id=demo_id("technician", row["login"]) if role is Role.TECHNICIAN else None,
                vendor_id=vendor_id(row["vendor"]) if row.get("vendor") else None,
            )
        )


def add_stock(session: Session, demo: DemoCompany, moved_at: dt.datetime) -> None:
    """Fill the warehouse, and each van with what its technician's work needs."""
    services = catalogue()["services"]
    vans = {}
    for row in company()["technicians"]:
        load: Counter[str] = Counter()
        for service in services:
            if row["skills"].get(service["skill"], 0) >= service["level"]:
                for part in service["parts"]:
                    load[part["sku"]] = max(load[part["sku"]], part["qty"] * VAN_SETS)
        vans[demo_id("technician", row["login"])] = load
    opening_stock(
        session,
        demo.organisation.id,
        warehouse={part["sku"]: WAREHOUSE_PIECES for part in catalogue()["parts"]},
        vans=vans,
        moved_at=moved_at,
    )
