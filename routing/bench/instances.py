"""Readers of the published instance files (strsp, trsp, vrptw), kept in each file's own numbering."""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

Family = Literal["strsp", "trsp", "vrptw"]
Crew = Literal["full", "reduced"]
IntArray = npt.NDArray[np.int64]
FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

STRSP_SCALE = 100


@dataclass(frozen=True)
class SkillInstance:
    """Service technician routing (Kovacs et al. 2012); node 0 here is node 1, the depot, of the file.

    ``distance``, ``opens``, ``closes``, ``service`` and ``outsourcing`` are hundredths of the file's unit.
    ``levels`` is technicians x domains; ``required`` nodes x domains (0: not needed).
    """

    name: str
    crew: Crew
    distance: IntArray
    opens: IntArray
    closes: IntArray
    service: IntArray
    outsourcing: IntArray
    levels: IntArray
    required: IntArray

    @property
    def eligible(self) -> BoolArray:
        """Technicians x nodes: may this technician do this task."""
        return np.asarray((self.levels[:, None, :] >= self.required[None, :, :]).all(axis=2))


@dataclass(frozen=True)
class ToolInstance:
    """Technician routing with tools and parts (Pillac et al. 2013), in the file's node numbering.

    Node 0 is the depot, 1..m the homes, the rest requests. ``skills`` and ``tools`` are nodes x kinds flags,
    ``parts`` nodes x kinds counts: what a technician has (rows 1..m) or a request needs (the other rows).
    """

    name: str
    technicians: int
    travel: FloatArray
    opens: FloatArray
    closes: FloatArray
    service: FloatArray
    skills: BoolArray
    tools: BoolArray
    parts: IntArray
    best_known: float | None = None

    @property
    def requests(self) -> range:
        """Node numbers of the requests."""
        return range(self.technicians + 1, len(self.opens))


@dataclass(frozen=True)
class WindowInstance:
    """Vehicle routing with time windows (Gehring & Homberger), in tenths, truncated; node 0 is the depot."""

    name: str
    vehicles: int
    capacity: int
    distance: IntArray
    opens: IntArray
    closes: IntArray
    service: IntArray
    demand: IntArray
    best_known: float | None = None
    best_routes: list[list[int]] = field(default_factory=list)


Instance = SkillInstance | ToolInstance | WindowInstance


def read_family(family: Family, folder: Path, only: set[str] | None = None) -> Iterator[Instance]:
    """Yield the instances of a folder in name order; ``strsp`` yields the full and the reduced crew of each.

    Raises
    ------
    FileNotFoundError
        If the folder holds no instance of that family, or none of the names in ``only``.
    """
    suffix = {"strsp": ".tasks.txt", "trsp": ".txt", "vrptw": ".vrp"}[family]
    names = sorted(path.name.removesuffix(suffix) for path in folder.glob("*" + suffix))
    chosen = [name for name in names if only is None or name in only]
    if not chosen:
        raise FileNotFoundError(
            f"no {family} instance{'' if only is None else ' named ' + ', '.join(sorted(only))} in {folder}"
        )
    known = _best_known(folder) if family == "trsp" else {}
    for name in chosen:
        if family == "strsp":
            for crew in _crews(folder, name):
                yield read_strsp(folder, name, crew)
        elif family == "trsp":
            yield read_trsp(folder / f"{name}.txt", known.get(name))
        else:
            yield read_vrptw(folder / f"{name}.vrp")


def _crews(folder: Path, name: str) -> list[Crew]:
    crews: list[Crew] = ["full", "reduced"]
    return [crew for crew in crews if _crew_file(folder, name, crew).exists()]


def _crew_file(folder: Path, name: str, crew: Crew) -> Path:
    return folder / f"{name}.technicians{'-reduced' if crew == 'reduced' else ''}.txt"


def read_strsp(folder: Path, name: str, crew: Crew) -> SkillInstance:
    """Read ``NAME.tasks.txt`` with one of its two crews."""
    technicians = [
        [int(cell) for cell in line.split()[1:]]
        for line in _crew_file(folder, name, crew).read_text(encoding="utf-8").splitlines()
        if len(line.split()) >= 2 and all(cell.isdigit() for cell in line.split())
    ]
    levels = np.array(technicians, dtype=np.int64)
    rows = [
        [float(cell) for cell in line.split()]
        for line in (folder / f"{name}.tasks.txt").read_text(encoding="utf-8").splitlines()
        if len(line.split()) > 8 and line.split()[0].isdigit()
    ]
    table = np.array(rows)
    domains = levels.shape[1]
    needs = table[:, 8:].reshape(len(table), domains, -1)
    depth = np.arange(1, needs.shape[2] + 1)
    points = table[:, 1:3]
    outsourcing = np.round((200 + needs.sum(axis=(1, 2)) ** 1.5) * STRSP_SCALE).astype(np.int64)
    outsourcing[0] = 0
    return SkillInstance(
        name=name,
        crew=crew,
        distance=np.round(_euclidean(points) * STRSP_SCALE).astype(np.int64),
        opens=(table[:, 4] * STRSP_SCALE).astype(np.int64),
        closes=(table[:, 5] * STRSP_SCALE).astype(np.int64),
        service=(table[:, 6] * STRSP_SCALE).astype(np.int64),
        outsourcing=outsourcing,
        levels=levels,
        required=np.where(needs > 0, depth, 0).max(axis=2).astype(np.int64),
    )


def read_trsp(path: Path, best_known: float | None = None) -> ToolInstance:
    """Read one instance with tools and spare parts."""
    text = path.read_text(encoding="utf-8").splitlines()
    header = next(i for i, line in enumerate(text) if line.startswith("CREW COUNT"))
    crew, skills, tools, parts = (int(cell) for cell in text[header + 1].split()[:4])
    lines = [line for line in text[header + 2 :] if "[" in line]
    numbers = np.array([[float(cell) for cell in line.split("[")[0].split()] for line in lines])
    lists = [[_int_list(group) for group in re.findall(r"\[([^]]*)\]", line)] for line in lines]
    count = np.zeros((len(lines), parts), dtype=np.int64)
    for row, (_, _, units) in enumerate(lists):
        count[row, : len(units)] = units
    return ToolInstance(
        name=path.stem,
        technicians=crew,
        travel=_euclidean(numbers[:, 1:3]),
        opens=numbers[:, 3],
        closes=numbers[:, 4],
        service=numbers[:, 5],
        skills=_flags([row[0] for row in lists], skills),
        tools=_flags([row[1] for row in lists], tools),
        parts=count,
        best_known=best_known,
    )


def read_vrptw(path: Path) -> WindowInstance:
    """Read a VRPLIB file, and the best known solution from the ``.sol`` beside it when there is one."""
    fields, sections = _vrplib(path)
    points = sections["NODE_COORD_SECTION"][:, 1:3]
    windows = sections["TIME_WINDOW_SECTION"]
    service = np.full(len(points), int(10 * float(fields["SERVICE_TIME"])), dtype=np.int64)
    service[0] = 0
    best, routes = _solution(path.with_suffix(".sol"))
    return WindowInstance(
        name=path.stem,
        vehicles=int(fields["VEHICLES"]),
        capacity=int(fields["CAPACITY"]),
        distance=np.floor(_euclidean(points) * 10).astype(np.int64),
        opens=(windows[:, 1] * 10).astype(np.int64),
        closes=(windows[:, 2] * 10).astype(np.int64),
        service=service,
        demand=sections["DEMAND_SECTION"][:, 1].astype(np.int64),
        best_known=best,
        best_routes=routes,
    )


def _vrplib(path: Path) -> tuple[dict[str, str], dict[str, FloatArray]]:
    fields: dict[str, str] = {}
    rows: dict[str, list[list[float]]] = {}
    section = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        text = line.strip()
        if ":" in text:
            key, value = text.split(":", 1)
            fields[key.strip()] = value.strip()
        elif text.endswith("SECTION"):
            section = text
            rows[section] = []
        elif text and text != "EOF":
            rows[section].append([float(cell) for cell in text.split()])
    return fields, {key: np.array(value) for key, value in rows.items() if key != "DEPOT_SECTION"}


def _solution(path: Path) -> tuple[float | None, list[list[int]]]:
    if not path.exists():
        return None, []
    lines = path.read_text(encoding="utf-8").splitlines()
    routes = [
        [int(cell) for cell in line.split(":")[1].split()] for line in lines if line.startswith("Route")
    ]
    cost = next((float(line.split()[1]) for line in lines if line.startswith("Cost")), None)
    return cost, routes


def _best_known(folder: Path) -> dict[str, float]:
    path = folder / "best-known.csv"
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        return {row["instance"]: float(row["working_time"]) for row in csv.DictReader(stream)}


def _int_list(text: str) -> list[int]:
    return [int(cell) for cell in text.split(",") if cell.strip()]


def _flags(rows: list[list[int]], kinds: int) -> BoolArray:
    flags = np.zeros((len(rows), kinds), dtype=np.bool_)
    for row, members in enumerate(rows):
        flags[row, members] = True
    return flags


def _euclidean(points: FloatArray) -> FloatArray:
    delta = points[:, None, :] - points[None, :, :]
    distances: FloatArray = np.vectorize(math.hypot, otypes=[np.float64])(delta[..., 0], delta[..., 1])
    return distances
