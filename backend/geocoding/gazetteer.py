"""Finds a known residential community in the text of an address, and refuses to guess.

A name counts only where it stands as a whole name: what follows must be a number, a building word or the
end, so that `晴波园` is not found in `晴波园林路`. Names that say only a street are not used: a street is
kilometres long. Two candidates far apart are ambiguous, and then none is chosen.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from backend.geocoding.address_text import canonical
from backend.geocoding.datum import Point, distance_m

SAME_PLACE_M = 300.0
FUZZY_LENGTH = 5
CITY = "北京"
DISTRICTS = (
    "东城",
    "西城",
    "朝阳",
    "海淀",
    "丰台",
    "石景山",
    "通州",
    "昌平",
    "大兴",
    "顺义",
    "房山",
    "门头沟",
    "怀柔",
    "平谷",
    "密云",
    "延庆",
)

_SUFFIX = re.compile(r"(小区|社区|家属院)$")
_NUMBERED_ESTATE = re.compile(r"小区(?=[0-9东南西北])")
_STREET = re.compile(r"(路|街|大街|胡同|巷)$")
_END_OF_NAME = re.compile(
    r"$|[0-9a-z\-]|小区|社区|家属院|号|楼|栋|座|单元|院|期|[东南西北]?门|附近|旁|对面|甲|乙|丙|丁|公寓|的|内|里面|物业"
)
_BEFORE_A_NAME = re.compile(r"(?:[区市镇乡村街道路号院里0-9a-z\-]|北京)$")
_DISTRICT = re.compile(rf"({'|'.join(DISTRICTS)})区")
_OTHER_CITY = re.compile(r"^(?:中国)?(?:[一-鿿]{2,7}?(?:省|自治区))?([一-鿿]{2,4}?)市(?!场)")
# A number, a compass point or a letter tells neighbours apart: never forgiven as a typing error.
_TELLING = re.compile(r"[0-9a-z东南西北中上下前后左右新老甲乙丙丁]")


@dataclass(frozen=True, slots=True)
class Community:
    """A residential community and where it is (WGS-84)."""

    name: str
    district: str
    address: str
    point: Point


@dataclass(frozen=True, slots=True)
class Match:
    """What an address text led to: a community, or the candidates it could not choose between."""

    community: Community | None
    candidates: tuple[Community, ...] = ()

    @property
    def is_ambiguous(self) -> bool:
        return self.community is None and bool(self.candidates)


NOTHING = Match(None)


@dataclass(frozen=True, slots=True)
class _Hit:
    start: int
    end: int
    community: Community


class Gazetteer:
    """Looks community names up in address texts."""

    def __init__(self, communities: Iterable[Community], city: str = CITY) -> None:
        self.communities = tuple(communities)
        self._city = city
        self._by_name: dict[str, list[Community]] = defaultdict(list)
        for community in self.communities:
            for name in _names(community):
                self._by_name[name].append(community)
        self._longest = max(map(len, self._by_name), default=0)

    def find(self, address: str) -> Match:
        """The community an address names; ambiguous when candidates are far apart."""
        text = self._local(canonical(address))
        if text is None:
            return NOTHING
        district = _DISTRICT.search(text)
        hits = [
            hit
            for hit in (list(self._exact(text)) or list(self._nearly(text)))
            if district is None or _may_be_in(hit.community, district[0])
        ]
        return _chosen(hits)

    def _local(self, text: str) -> str | None:
        """The text without the city's name; nothing when it names another city."""
        named = _OTHER_CITY.match(text)
        if named and self._city not in named[0]:
            return None
        text = re.sub(rf"^(?:中国)?(?:{self._city}市)+|^{self._city}(?={'|'.join(DISTRICTS)})", "", text)
        return _NUMBERED_ESTATE.sub("", text)

    def _exact(self, text: str) -> Iterator[_Hit]:
        for start in range(len(text)):
            for end in range(min(len(text), start + self._longest), start + 1, -1):
                known = self._by_name.get(text[start:end])
                if known and _is_whole_name(text, start, end):
                    yield from (_Hit(start, end, community) for community in known)

    def _nearly(self, text: str) -> Iterator[_Hit]:
        # In the middle of a word a slip is more likely another name: 望京西园四区 is not 西罗园四区.
        starts = [start for start in range(len(text)) if _may_begin(text[:start])]
        for name, known in self._by_name.items():
            half = len(name) // 2
            # One slip leaves one half as it was; this spares the search for nearly every name.
            if len(name) < FUZZY_LENGTH or (name[:half] not in text and name[half:] not in text):
                continue
            for start in starts:
                for end in range(start + len(name) - 1, min(len(text), start + len(name) + 1) + 1):
                    if _is_one_slip(name, text[start:end]) and _is_whole_name(text, start, end):
                        yield from (_Hit(start, end, community) for community in known)


def _names(community: Community) -> set[str]:
    names = set()
    for raw in (community.name, *community.address.split("/")):
        name = canonical(raw)
        bare = _SUFFIX.sub("", name)
        bare = bare if len(bare) >= 3 else name
        names |= {bare, _NUMBERED_ESTATE.sub("", bare)}
    return {name for name in names if len(name) >= 2 and not _STREET.search(name)}


def _is_whole_name(text: str, start: int, end: int) -> bool:
    if text[end - 1].isdigit() and text[end : end + 1].isdigit():
        return False
    if not _END_OF_NAME.match(text[end:]):
        return False
    # A two-letter name inside a longer word is chance: it must begin where a word can begin.
    return end - start > 2 or _may_begin(text[:start])


def _may_begin(before: str) -> bool:
    """Whether a name can begin after this text."""
    return not before or bool(_BEFORE_A_NAME.search(before))


def _may_be_in(community: Community, district: str) -> bool:
    """Whether the district fits; the development area lies across several and fits them all."""
    return community.district in (district, "亦庄开发区") or district in canonical(community.address)


def _is_one_slip(name: str, piece: str) -> bool:
    """Whether one character is wrong, missing or too many, and it is not one that tells places apart."""
    if not piece or abs(len(name) - len(piece)) > 1 or name == piece:
        return False
    head = next(
        (i for i, (a, b) in enumerate(zip(name, piece, strict=False)) if a != b), min(len(name), len(piece))
    )
    for cut_name, cut_piece in ((1, 1), (1, 0), (0, 1)):
        if name[head + cut_name :] == piece[head + cut_piece :]:
            changed = name[head : head + cut_name] + piece[head : head + cut_piece]
            return head > 0 and not _TELLING.search(changed)
    return False


def _chosen(hits: list[_Hit]) -> Match:
    """The longest name; names inside longer ones do not count, and all that count must be one place."""
    maximal = [hit for hit in hits if not any(_covers(other, hit) for other in hits)]
    if not maximal:
        return NOTHING
    best = max(maximal, key=lambda hit: (hit.end - hit.start, hit.community.name)).community
    if all(distance_m(best.point, hit.community.point) <= SAME_PLACE_M for hit in maximal):
        return Match(best)
    seen = {hit.community: None for hit in maximal}
    return Match(None, tuple(seen))


def _covers(outer: _Hit, inner: _Hit) -> bool:
    """Whether `inner` lies inside the longer `outer`."""
    return (
        outer.start <= inner.start
        and inner.end <= outer.end
        and outer.end - outer.start > inner.end - inner.start
    )


def read_communities(text: str) -> list[Community]:
    """Communities from CSV text with the columns community, district, address, lat, lng (WGS-84)."""
    return [
        Community(
            row["community"], row["district"], row["address"], Point(float(row["lat"]), float(row["lng"]))
        )
        for row in csv.DictReader(text.splitlines())
    ]


@cache
def beijing() -> Gazetteer:
    """The packaged communities of Beijing."""
    seed = files("backend.data") / "communities_beijing.csv"
    return Gazetteer(read_communities(seed.read_text(encoding="utf-8")))
