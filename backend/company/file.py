"""A company's file as a whole: the organisation, where it works, who works there and when."""

import datetime as dt
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from backend.company.catalogue_file import ExtraTold, PartTold, ProductTold, ServiceTold, StepTold
from backend.company.words import (
    Clock,
    Code,
    Color,
    Fen,
    Home,
    Key,
    Language,
    Level,
    Login,
    Name,
    Pieces,
    Place,
    Told,
    Zone,
)
from backend.jobs.lifecycle import JobType

OfficeRole = Literal["admin", "dispatcher", "agent", "clerk", "vendor_dispatcher"]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
WEEKDAYS: tuple[Weekday, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip


class OrganisationTold(Told):
    name: Name
    zone: Zone = "Asia/Shanghai"
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "CNY"
    locale: Language = "zh-CN"
    phone_region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] = "CN"


class RegionTold(Told):
    name: Name
    zone: Zone
    center: Place
    depot: Place


class ShiftTold(Told):
    """Local hours of a working day; the break of `break_minutes` is taken somewhere between its two hours."""

    begins: Clock = Field(alias="from")
    until: Clock
    pause: Annotated[list[Clock], Field(min_length=2, max_length=2)] | None = Field(
        default=None, alias="break"
    )
    break_minutes: Annotated[int, Field(ge=1, le=240)] = 45

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.begins >= self.until:
            raise ValueError("must end later than it begins, on the same day")
        if self.pause is not None:
            first, last = self.pause
            if not self.begins <= first < last <= self.until:
                raise ValueError("must have its break inside its hours, the earlier hour first")
            if _minutes(last) - _minutes(first) < self.break_minutes:
                raise ValueError("must have a break_minutes that fits between the break's two hours")
        return self


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


class VendorTold(Told):
    """`key` is what the rest of the file calls it, where its name will do as well."""

    key: Key
    name: Name
    daily_capacity: Annotated[int, Field(ge=0, le=100_000)] = 20


class AccountTold(Told):
    """Somebody of the office."""

    login: Login
    name: Name
    role: OfficeRole
    vendor: Name | None = None
    locale: Language | None = None
    active: bool = True

    @model_validator(mode="after")
    def _of_a_vendor(self) -> Self:
        if (self.role == "vendor_dispatcher") != (self.vendor is not None):
            raise ValueError("must have a vendor when its role is vendor_dispatcher, and only then")
        return self


class TechnicianTold(Told):
    """Somebody who visits customers; `van` is what lies in the van when the company begins."""

    login: Login
    name: Name
    phone: Annotated[str, Field(min_length=1, max_length=40)]
    region: Name
    home: Home
    vendor: Name | None = None
    color: Color | None = None
    hourly_fen: Fen | None = None
    per_km_fen: Fen | None = None
    day_fee_fen: Fen = 0
    overtime_hourly_fen: Fen = 9_000
    skills: dict[Code, Level] = Field(default_factory=dict)
    certificates: dict[Code, dt.date] = Field(default_factory=dict)
    week: dict[Weekday, Key] = Field(default_factory=dict)
    van: dict[Code, Pieces] = Field(default_factory=dict)
    locale: Language | None = None
    active: bool = True


class CompanyFile(Told):
    """Everything a company begins with. What it does not name stays as it is."""

    organisation: OrganisationTold
    regions: list[RegionTold] = Field(default_factory=list)
    shifts: dict[Key, ShiftTold] = Field(default_factory=dict)
    days_off: list[dt.date] = Field(default_factory=list)
    vendors: list[VendorTold] = Field(default_factory=list)
    products: list[ProductTold] = Field(default_factory=list)
    parts: list[PartTold] = Field(default_factory=list)
    steps: list[StepTold] = Field(default_factory=list)
    services: list[ServiceTold] = Field(default_factory=list)
    extra_work: list[ExtraTold] = Field(default_factory=list, max_length=500)
    tariffs: dict[Name, dict[Code, dict[JobType, Fen]]] = Field(default_factory=dict)
    office: list[AccountTold] = Field(default_factory=list)
    technicians: list[TechnicianTold] = Field(default_factory=list)
