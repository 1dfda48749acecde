"""The words a company's file is made of: texts, prices, places and hours, with the bounds of the database."""

import re
from functools import cache
from typing import Annotated, Literal
from zoneinfo import available_timezones

from pydantic import AfterValidator, BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

from backend.geocoding.datum import Datum

MOST_FEN = 100_000_000
IN_ANGLES = re.compile(r"<\w+>")  # names of alternatives, which are no part of a path


class Told(BaseModel):
    """Something the file says; a word nobody knows is a mistake, and what is left out is no value."""

    model_config = ConfigDict(extra="forbid", strict=True, allow_inf_nan=False, frozen=True)


@cache
def _zones() -> set[str]:
    return available_timezones()  # looks through folders each time


def _known_zone(name: str) -> str:
    if name not in _zones():
        raise ValueError("must be a zone such as Europe/Berlin")
    return name


def _text(most: int, least: int = 1) -> StringConstraints:
    return StringConstraints(min_length=least, max_length=most, pattern=r"^([^\s\x00]([^\x00]*[^\s\x00])?)?$")


Name = Annotated[str, _text(120)]
NameEn = Annotated[str, _text(120, 0)]
Code = Annotated[str, _text(40)]
Sku = Annotated[str, _text(60)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_.-]{1,40}$")]
Login = Annotated[str, StringConstraints(pattern=r"^[^\s\x00]{1,80}$")]
Color = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")]
Zone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_known_zone)]
Language = Literal["zh-CN", "en"]
Fen = Annotated[int, Field(ge=0, le=MOST_FEN)]
Level = Annotated[int, Field(ge=1, le=9)]
Pieces = Annotated[int, Field(ge=0, le=1_000_000)]
Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class Place(Told):
    """Degrees in a map's own datum."""

    lat: Annotated[float, Field(ge=-90, le=90)]
    lng: Annotated[float, Field(ge=-180, le=180)]
    datum: Datum = Datum.WGS84


def _kind_of_home(value: object) -> str:
    return "<name>" if isinstance(value, str) else "<place>"


# A community of the gazetteer by its name, or a place.
Home = Annotated[
    Annotated[Name, Tag("<name>")] | Annotated[Place, Tag("<place>")], Discriminator(_kind_of_home)
]
