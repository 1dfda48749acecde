"""What a company's file says of other rows: that they exist, and that nothing is said twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

from backend.auth.models import Role
from backend.company.file import CompanyFile, TechnicianTold
from backend.company.known import Known
from backend.company.mistakes import path_of
from backend.company.words import Place
from backend.geocoding.datum import Point, to_wgs84
from backend.geocoding.gazetteer import beijing
from backend.imports.phones import phone
from backend.imports.reasons import LineError

T = TypeVar("T")
MOST_PHONE = 20


def mistakes(told: CompanyFile, known: Known) -> list[str]:
    """Everything that does not fit together, each with its path; empty for a file that can be written."""
    return [*_twice(told), *_catalogue(told, known), *_vendors(told, known), *_people(told, known)]


def _twice(told: CompanyFile) -> Iterator[str]:
    yield from _repeated("regions", "name", told.regions, lambda row: row.name)
    yield from _repeated("vendors", "key", told.vendors, lambda row: row.key)
    yield from _repeated("vendors", "name", told.vendors, lambda row: row.name)
    yield from _repeated("products", "sku", told.products, lambda row: row.sku)
    yield from _repeated("parts", "sku", told.parts, lambda row: row.sku)
    yield from _repeated("steps", "key", told.steps, lambda row: row.key)
    yield from _repeated("services", "type", told.services, lambda row: (row.category, row.type))
    yield from _repeated("extra_work", "code", told.extra_work, lambda row: row.code)
    yield from _repeated("office", "login", told.office, lambda row: row.login)
    office = {row.login for row in told.office}
    yield from _repeated("technicians", "login", told.technicians, lambda row: row.login, office)


def _repeated(
    kind: str, word: str, rows: Sequence[T], key: Callable[[T], object], others: Iterable[object] = ()
) -> Iterator[str]:
    """Every row after the first that is known by the same key, the first being perhaps one of others."""
    seen = set(others)
    for index, row in enumerate(rows):
        if key(row) in seen:
            yield f"{path_of(kind, index, word)}: is there twice"
        seen.add(key(row))


def _catalogue(told: CompanyFile, known: Known) -> Iterator[str]:
    steps = {step.key for step in told.steps}
    parts = {part.sku for part in told.parts} | set(known.parts)
    for index, service in enumerate(told.services):
        for number, step in enumerate(service.steps):
            if step not in steps:
                yield f"{path_of('services', index, 'steps', number)}: there is no step {step}"
        if len(set(service.steps)) < len(service.steps):
            yield f"{path_of('services', index, 'steps')}: a step is there twice"
        for number, part in enumerate(service.parts):
            if part.sku not in parts:
                yield f"{path_of('services', index, 'parts', number, 'sku')}: there is no part {part.sku}"
        if len({part.sku for part in service.parts}) < len(service.parts):
            yield f"{path_of('services', index, 'parts')}: a part is there twice"


def _vendors(told: CompanyFile, known: Known) -> Iterator[str]:
    for key in told.tariffs:
        yield from _vendor(told, known, key, "tariffs", key)
    for index, account in enumerate(told.office):
        if account.vendor is not None:
            yield from _vendor(told, known, account.vendor, "office", index, "vendor")
    for index, technician in enumerate(told.technicians):
        if technician.vendor is not None:
            yield from _vendor(told, known, technician.vendor, "technicians", index, "vendor")


def _vendor(told: CompanyFile, known: Known, key: str, *path: str | int) -> Iterator[str]:
    if key not in _vendor_words(told) | set(known.vendors):
        yield f"{path_of(*path)}: there is no vendor {key}"


def _vendor_words(told: CompanyFile) -> set[str]:
    return {word for vendor in told.vendors for word in (vendor.key, vendor.name)}


def _people(told: CompanyFile, known: Known) -> Iterator[str]:
    for index, account in enumerate(told.office):
        yield from _login(known, account.login, "office", index, is_technician=False)
    for index, technician in enumerate(told.technicians):
        yield from _login(known, technician.login, "technicians", index, is_technician=True)
        for word, why in _wrong(told, known, technician):
            yield f"{path_of('technicians', index)}.{word}: {why}"


def _login(known: Known, login: str, *path: str | int, is_technician: bool) -> Iterator[str]:
    account = known.accounts.get(login)
    if account is None:
        return
    where = path_of(*path, "login")
    if known.organisation is None or account.org_id != known.organisation.id:
        yield f"{where}: {login} is taken by another organisation; choose another"
    elif (account.role is Role.TECHNICIAN) != is_technician:
        yield f"{where}: {login} is {account.role} already; a technician and the office can't share a login"


def _wrong(told: CompanyFile, known: Known, row: TechnicianTold) -> Iterator[tuple[str, str]]:
    if row.region not in {region.name for region in told.regions} | set(known.regions):
        yield "region", f"there is no region {row.region}"
    try:
        phone_of(told, row)
    except ValueError as error:
        yield "phone", str(error)
    try:
        home_of(row)
    except ValueError as error:
        yield "home", str(error)
    for weekday, shift in row.week.items():
        if shift not in told.shifts:
            yield f"week.{weekday}", f"there is no shift {shift}"
    parts = {part.sku for part in told.parts} | set(known.parts)
    for sku in row.van:
        if sku not in parts:
            yield path_of("van", sku), f"there is no part {sku}"


def phone_of(told: CompanyFile, row: TechnicianTold) -> str:
    """A technician's number in E.164; ValueError for one that can't be called."""
    try:
        number, _notes = phone([row.phone], told.organisation.phone_region)
    except LineError as error:
        raise ValueError(str(error)) from error
    if len(number) > MOST_PHONE:
        raise ValueError(f"must have at most {MOST_PHONE} characters")
    return number


def home_of(row: TechnicianTold) -> Point:
    """Where a technician's day begins (WGS-84); ValueError for a name that is no one community's."""
    if isinstance(row.home, Place):
        return point_of(row.home)
    named = [each for each in beijing().communities if each.name == row.home]
    if len(named) != 1:
        why = "several communities are" if named else "no community of the gazetteer is"
        raise ValueError(f"{why} named {row.home}; give lat and lng")
    return named[0].point


def point_of(place: Place) -> Point:
    """A place of the file in WGS-84."""
    return to_wgs84(Point(place.lat, place.lng), place.datum)


def logins_of(told: CompanyFile) -> list[str]:
    """Everybody's login, in the file's order."""
    rows: Iterable[str] = [*(row.login for row in told.office), *(row.login for row in told.technicians)]
    return list(dict.fromkeys(rows))
