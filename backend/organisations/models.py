"""Tables of the organisation and its service regions."""

from sqlmodel import Field

from backend.db.base import OrgRow, Row


class Organisation(Row, table=True):
    """A brand and its service. Days of a replay (a demo) run by their own events, not the wall's clock.

    An offer not answered within `offer_minutes` expires; without them, none does. `relay_number` is what
    technicians and customers dial instead of each other's number, followed by an extension.
    """

    __tablename__ = "organisation"

    name: str = Field(max_length=120)
    zone: str = Field(default="Asia/Shanghai", max_length=64)
    currency: str = Field(default="CNY", max_length=3)
    locale: str = Field(default="zh-CN", max_length=10)
    phone_region: str = Field(default="CN", max_length=2)
    is_replay: bool = False
    offer_minutes: int | None = None
    relay_number: str = Field(default="", max_length=20)


class Region(OrgRow, table=True):
    __tablename__ = "region"

    name: str = Field(max_length=120)
    zone: str = Field(default="Asia/Shanghai", max_length=64)
    center_lat: float
    center_lng: float
    depot_lat: float
    depot_lng: float
