"""Travel on real roads, from an OSRM server's table service."""

import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from routing.errors import TravelWarning
from routing.travel.cache import Floats, Indices, MatrixCache, Table
from routing.travel.great_circle import GreatCircle
from routing.travel.matrix import Travel
from routing.travel.places import Coordinate, checked

if TYPE_CHECKING:
    import httpx

NAMED = 5
"""How many places or pairs a warning lists before it counts the rest."""


@dataclass(frozen=True, eq=False)
class Measured:
    """Travel with what is known about its quality.

    Parameters
    ----------
    travel : Travel
    snap_m : array of shape (places,)
        How far each place is from the road it was put on; NaN where the server did not answer.
    is_estimated : array of shape (places, places)
        Pairs that are the fallback's estimate.
    """

    travel: Travel
    snap_m: Floats
    is_estimated: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Failure:
    """A part of the matrix the server did not give."""

    cause: str


class OsrmTravel:
    """Asks ``osrm-routed`` for what it does not know yet; what that cannot tell is estimated, with a warning.

    Parameters
    ----------
    url : str
        Where the server is, as ``"http://localhost:5000"``.
    profiles : mapping of our profile to the server's, optional
        A server knows one profile whatever name it is asked by; ``"driving"`` where none is given.
    urls : mapping of profile to address, optional
        For profiles served elsewhere.
    fallback : GreatCircle
        Estimates unreachable pairs, places off the network, and everything while the server is down.
    largest_table : int
        The server's ``--max-table-size`` (its default is 100): sources and destinations of one request.
    most_snap_m : float
        A place further from any road than this is off the network.
    timeout_s : float
    cache : MatrixCache, optional
        To be shared between providers of the same map.
    transport : httpx.BaseTransport, optional
        Instead of the network.
    hour_percent : mapping of profile to 24 integers
        Rush hours; see :class:`Travel`.
    """

    def __init__(
        self,
        url: str,
        *,
        profiles: Mapping[str, str] | None = None,
        urls: Mapping[str, str] | None = None,
        fallback: GreatCircle | None = None,
        largest_table: int = 100,
        most_snap_m: float = 1000.0,
        timeout_s: float = 20.0,
        cache: MatrixCache | None = None,
        transport: "httpx.BaseTransport | None" = None,
        hour_percent: Mapping[str, tuple[int, ...]] | None = None,
    ) -> None:
        import httpx  # most who plan ask no server, and starting takes long enough

        self.url, self.urls, self.profiles = url.rstrip("/"), dict(urls or {}), dict(profiles or {})
        self.fallback = fallback or GreatCircle()
        self.block = max(1, largest_table // 2)
        self.most_snap_m = most_snap_m
        self.cache = cache or MatrixCache()
        self.hour_percent = dict(hour_percent or {})
        self._client = httpx.Client(timeout=timeout_s, transport=transport, trust_env=False)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def travel(self, places: Sequence[Coordinate], profile: str = "car") -> Travel:
        """Times and distances between all places; see :class:`TravelMatrix`."""
        return self.measure(places, profile).travel

    def measure(self, places: Sequence[Coordinate], profile: str = "car") -> Measured:
        """As :meth:`travel`, and how far it can be trusted.

        Warns
        -----
        TravelWarning
            Naming what was estimated and why: the server does not answer, a place is off the network, or no
            road leads from one place to another.
        """
        places = checked(places)
        with self.cache.lock:
            table, at = self.cache.table(profile, places)
            failure = self._fetch(table, at, places, profile)
            grid = np.ix_(at, at)
            seconds, metres, snap_m = table.seconds[grid], table.metres[grid], table.snap_m[at]
        return self._finish(places, profile, (seconds, metres, snap_m), failure)

    def _fetch(self, table: Table, at: Indices, places: list[Coordinate], profile: str) -> _Failure | None:
        """Ask for the rows nobody asked for yet, then for the columns the others lack."""
        everything = _distinct(at, np.arange(len(at)))
        new = _distinct(at, np.flatnonzero(np.isnan(table.snap_m[at])))
        failure = self._fetch_grid(table, at, places, profile, new, everything)
        if failure is not None:
            return failure
        unknown = np.isnan(table.seconds[np.ix_(at, at)])
        rows = _distinct(at, np.flatnonzero(unknown.any(axis=1)))
        columns = _distinct(at, np.flatnonzero(unknown.any(axis=0)))
        return self._fetch_grid(table, at, places, profile, rows, columns)

    def _fetch_grid(
        self,
        table: Table,
        at: Indices,
        places: list[Coordinate],
        profile: str,
        rows: Indices,
        columns: Indices,
    ) -> _Failure | None:
        for sources, destinations in self._blocks(rows, columns):
            failure = self._ask(table, at, places, profile, sources, destinations)
            if failure is not None:
                return failure
        return None

    def _blocks(self, rows: Indices, columns: Indices) -> Iterator[tuple[Indices, Indices]]:
        for i in range(0, len(rows), self.block):
            for j in range(0, len(columns), self.block):
                yield rows[i : i + self.block], columns[j : j + self.block]

    def _ask(
        self,
        table: Table,
        at: Indices,
        places: list[Coordinate],
        profile: str,
        sources: Indices,
        destinations: Indices,
    ) -> _Failure | None:
        import httpx

        asked = [*sources, *destinations]
        path = ";".join(f"{places[k].lng:.6f},{places[k].lat:.6f}" for k in asked)
        half = len(sources)
        query = {
            "sources": ";".join(str(k) for k in range(half)),
            "destinations": ";".join(str(k) for k in range(half, len(asked))),
            "annotations": "duration,distance",
        }
        base = self.urls.get(profile, self.url).rstrip("/")
        try:
            reply = self._client.get(
                f"{base}/table/v1/{self.profiles.get(profile, 'driving')}/{path}", params=query
            )
            body = reply.json()
            if reply.status_code != httpx.codes.OK or body.get("code") != "Ok":
                return _Failure(f"the server answers {reply.status_code} {body.get('code', '')}".strip())
            self._note(table, at, sources, destinations, body)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            return _Failure(f"{type(error).__name__}: {error}".rstrip(": "))
        return None

    @staticmethod
    def _note(
        table: Table, at: Indices, sources: Indices, destinations: Indices, body: Mapping[str, list[object]]
    ) -> None:
        """Write an answer into the table: infinity where no road leads."""
        shape = (len(sources), len(destinations))
        grid = np.ix_(at[sources], at[destinations])
        for name, column in (("durations", table.seconds), ("distances", table.metres)):
            values = np.array(body[name], dtype=np.float64).reshape(shape)
            # Between places put on the same piece of road OSRM can be a metre below zero.
            column[grid] = np.where(np.isnan(values), np.inf, np.maximum(values, 0.0))
        for side, waypoints in ((sources, body["sources"]), (destinations, body["destinations"])):
            table.snap_m[at[side]] = [float(point["distance"]) for point in waypoints]  # type: ignore[index] # JSON
        same = at[sources][:, None] == at[destinations][None, :]
        table.seconds[grid] = np.where(same, 0.0, table.seconds[grid])
        table.metres[grid] = np.where(same, 0.0, table.metres[grid])

    def _finish(
        self,
        places: list[Coordinate],
        profile: str,
        known: tuple[Floats, Floats, Floats],
        failure: _Failure | None,
    ) -> Measured:
        """Fill what is missing from the fallback and say so."""
        seconds, metres, snap_m = known
        is_off = snap_m > self.most_snap_m
        is_unreachable = np.isinf(seconds)
        is_estimated = np.isnan(seconds) | is_unreachable | is_off[:, None] | is_off[None, :]
        np.fill_diagonal(is_estimated, False)
        if failure is not None and is_estimated.any():
            _warn(f"{int(is_estimated.sum())} of {is_estimated.size} pairs estimated: {failure.cause}")
        if is_off.any():
            _warn("off the road network, estimated: " + _some(_off_names(is_off, snap_m)))
        is_cut = is_unreachable & ~is_off[:, None] & ~is_off[None, :]
        if is_cut.any():
            _warn("no road, estimated: " + _some([f"place {i} to {j}" for i, j in np.argwhere(is_cut)]))
        line = self.fallback.metres(places)
        metres = np.where(is_estimated, line, metres)
        seconds = np.where(is_estimated, self.fallback.seconds(line, profile), seconds)
        travel = Travel(
            np.ceil(seconds - 1e-6).astype(np.int32),
            np.rint(metres).astype(np.int32),
            self.hour_percent.get(profile),
        )
        return Measured(travel, snap_m, is_estimated)


def _distinct(at: Indices, chosen: Indices) -> Indices:
    """Of the chosen places one for each different coordinate."""
    _, first = np.unique(at[chosen], return_index=True)
    return chosen[np.sort(first)]


def _off_names(is_off: npt.NDArray[np.bool_], snap_m: Floats) -> list[str]:
    return [f"place {k} ({snap_m[k]:.0f} m from a road)" for k in np.flatnonzero(is_off)]


def _some(names: list[str]) -> str:
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return ", ".join(names[:NAMED]) + more


def _warn(message: str) -> None:
    warnings.warn(message, TravelWarning, stacklevel=4)
