"""Writing who works for the company: accounts of the office and of technicians, and what those can do."""

import datetime as dt
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import SQLModel, col, select

from backend.audit import service as audit
from backend.auth.models import Account, Role
from backend.company.file import AccountTold, CompanyFile, TechnicianTold
from backend.company.known import Known
from backend.company.references import home_of, phone_of
from backend.company.rows import Rows
from backend.organisations.models import Region
from backend.technicians.models import Technician, TechnicianCertificate, TechnicianSkill
from backend.vendors.models import Vendor

# Colours that stay apart on a board, also for people who see fewer of them.
COLORS = (
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56b4e9",
    "#7b3fa0", "#b03060", "#2f7f4f", "#5b6abf", "#a6611a", "#018571",
)  # fmt: skip


@dataclass(frozen=True)
class Around:
    """What a person's row refers to; `hashes` are of the passwords that new accounts get, by login."""

    told: CompanyFile
    known: Known
    regions: Mapping[str, Region]
    vendors: Mapping[str, Vendor]
    hashes: Mapping[str, str]
    now: dt.datetime

    def vendor_id(self, name: str | None) -> uuid.UUID | None:
        return None if name is None else self.vendors[name].id


def write_office(rows: Rows, around: Around) -> None:
    """Accounts of the office."""
    for row in around.told.office:
        values = {"role": Role(row.role), "vendor_id": around.vendor_id(row.vendor), "technician_id": None}
        _write_account(rows, around, row, values)


def write_technicians(rows: Rows, around: Around) -> dict[str, tuple[Technician, Region]]:
    """Technicians with what they can do and their accounts; each with the region by login."""
    ids = [each.technician_id for each in around.known.accounts.values() if each.technician_id]
    query = select(Technician).where(col(Technician.id).in_(ids))
    found = {row.id: row for row in rows.session.exec(query)}
    count = len(rows.session.exec(select(Technician.id).where(Technician.org_id == rows.org_id)).all())
    written = {}
    for row in around.told.technicians:
        account = around.known.accounts.get(row.login)
        before = found[account.technician_id] if account and account.technician_id else None
        color = COLORS[count % len(COLORS)]
        count += before is None
        written[row.login] = _write_technician(rows, around, row, before, color)
    rows.session.flush()
    for row in around.told.technicians:
        who, _region = written[row.login]
        values = {"role": Role.TECHNICIAN, "vendor_id": who.vendor_id, "technician_id": who.id}
        _write_abilities(rows, row, who)
        _write_account(rows, around, row, values)
    rows.session.flush()
    return written


def _write_technician(
    rows: Rows, around: Around, row: TechnicianTold, before: Technician | None, color: str
) -> tuple[Technician, Region]:
    region, home = around.regions[row.region], home_of(row)
    is_vendors = row.vendor is not None
    values = {
        "org_id": rows.org_id,
        "vendor_id": around.vendor_id(row.vendor),
        "region_id": region.id,
        "name": row.name,
        "phone": phone_of(around.told, row),
        "home_lat": home.lat,
        "home_lng": home.lng,
        "color": row.color or color,
        "hourly_fen": _or_usual(row, "hourly_fen", is_vendors=is_vendors),
        "per_km_fen": _or_usual(row, "per_km_fen", is_vendors=is_vendors),
        "day_fee_fen": row.day_fee_fen,
        "overtime_hourly_fen": row.overtime_hourly_fen,
        "is_active": row.active,
    }
    columns = {"vendor_id": "vendor", "is_active": "active"}
    optional = {*columns, "color", "hourly_fen", "per_km_fen", "day_fee_fen", "overtime_hourly_fen"}
    unsaid = {name for name in optional if getattr(row, columns.get(name, name)) is None} - {"vendor_id"}
    unsaid |= {name for name in optional if columns.get(name, name) not in row.model_fields_set}
    return rows.put("technician", row.login, Technician, before, values, unsaid), region


def _or_usual(row: TechnicianTold, name: str, *, is_vendors: bool) -> int:
    """What somebody costs by the hour or kilometre; a vendor's technician is paid by tariff alone."""
    said: int | None = getattr(row, name)
    if said is not None:
        return said
    return 0 if is_vendors else int(Technician.model_fields[name].default)


def _write_abilities(rows: Rows, row: TechnicianTold, who: Technician) -> None:
    """Skills and certificates, each as a whole where the file says any of them."""
    if "skills" in row.model_fields_set:
        _replace(rows, "skill", row.login, who, TechnicianSkill, ("skill", "level"), row.skills)
    if "certificates" in row.model_fields_set:
        columns = ("code", "expires_on")
        _replace(rows, "certificate", row.login, who, TechnicianCertificate, columns, row.certificates)


def _replace(
    rows: Rows,
    kind: str,
    login: str,
    who: Technician,
    table: Any,  # noqa: ANN401 - one of two tables without a common column
    columns: tuple[str, str],
    wanted: Mapping[str, Any],
) -> None:
    key, value = columns
    query = select(table).where(table.technician_id == who.id)
    found: dict[str, SQLModel] = {getattr(each, key): each for each in rows.session.exec(query)}
    changed = []
    for name, worth in wanted.items():
        row, label = found.pop(name, None), f"{login}/{name}"
        is_same = row is not None and getattr(row, value) == worth
        rows.report.count(kind, label, [] if is_same else [value], is_new=row is None)
        if row is None:
            rows.session.add(table(technician_id=who.id, **{key: name, value: worth}))
        elif not is_same:
            setattr(row, value, worth)
        if not is_same:
            changed.append(name)
    for name, row in found.items():
        rows.session.delete(row)
        rows.report.count(kind, f"{login}/{name}", ["taken away"])
        changed.append(name)
    if changed:
        audit.record(
            rows.session, rows.actor, f"{kind}s.changed", "technician", who.id, changed=sorted(changed)
        )


def _write_account(
    rows: Rows, around: Around, row: AccountTold | TechnicianTold, values: dict[str, Any]
) -> None:
    before = around.known.accounts.get(row.login)
    said = {"name": row.name, "locale": row.locale or around.told.organisation.locale, **values}
    unsaid = set() if row.locale else {"locale"}
    if before is None:
        said |= {"login": row.login, "org_id": rows.org_id, "password_hash": around.hashes[row.login]}
        rows.report.new_logins.append(row.login)
    if not row.active:
        said["disabled_at"] = (before and before.disabled_at) or around.now
    elif "active" in row.model_fields_set:
        said["disabled_at"] = None
    rows.put("account", row.login, Account, before, said, unsaid)
