"""What happened while a day was played: events, replies by type, latencies."""

import datetime as dt
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SHOWN_EVENTS = 40
ROUTINE = ("accepted", "arrived", "signed")


@dataclass(frozen=True)
class Happening:
    """Something worth telling, at a moment of the played day."""

    at: dt.datetime
    what: str
    who: str
    about: str = ""


@dataclass
class Tally:
    """Counts everything; latencies are real seconds from request to whole reply."""

    replies: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    refusals: Counter[str] = field(default_factory=Counter)
    happenings: list[Happening] = field(default_factory=list)
    latencies_s: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    positions: Counter[str] = field(default_factory=Counter)
    delivered_late: int = 0
    unreachable: int = 0

    def tell(self, at: dt.datetime, what: str, who: str, about: str = "") -> None:
        self.happenings.append(Happening(at, what, who, about))

    def request(self, kind: str, status: int, seconds: float) -> None:
        self.latencies_s[kind].append(seconds)
        self.statuses[f"{kind} {status}"] += 1

    def summary(self) -> dict[str, Any]:
        """As JSON: happenings by kind, replies by type, refusals by code, latency by kind of request."""
        every = [seconds for each in self.latencies_s.values() for seconds in each]
        return {
            "happened": dict(Counter(each.what for each in self.happenings)),
            "replies": dict(self.replies),
            "refusals": dict(self.refusals),
            "statuses": dict(sorted(self.statuses.items())),
            "positions": dict(self.positions),
            "delivered_late": self.delivered_late,
            "unreachable": self.unreachable,
            "requests": len(every),
            "latency_ms": {"all": latency_ms(every)}
            | {kind: latency_ms(each) for kind, each in sorted(self.latencies_s.items())},
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that `share` of all values do not exceed; 0 without any."""
    if not values:
        return 0.0
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def latency_ms(seconds: Sequence[float]) -> dict[str, float]:
    """Count, median, 95th percentile and maximum."""
    return {
        "count": len(seconds),
        "p50": round(percentile(seconds, 0.50) * 1000, 1),
        "p95": round(percentile(seconds, 0.95) * 1000, 1),
        "max": round(max(seconds, default=0.0) * 1000, 1),
    }


def described(tally: Tally, zone: dt.tzinfo) -> str:
    """A summary for a terminal."""
    told = tally.summary()
    late, unreachable = told["delivered_late"], told["unreachable"]
    lines = [
        _counts(told["happened"]),
        f"replies: {_counts(told['replies'])}; refused: {_counts(told['refusals'])}",
        f"positions: {_counts(told['positions'])}; delivered late: {late}; without an answer: {unreachable}",
    ]
    lines += [_latency_line(kind, each) for kind, each in told["latency_ms"].items()]
    notable = [each for each in tally.happenings if each.what not in ROUTINE]
    lines += [
        f"  {each.at.astimezone(zone):%H:%M} {each.who}: {each.what} {each.about}".rstrip()
        for each in notable[:SHOWN_EVENTS]
    ]
    return "\n".join(lines)


def _latency_line(kind: str, latency: dict[str, float]) -> str:
    figures = "  ".join(f"{name} {latency[name]} ms" for name in ("p50", "p95", "max"))
    return f"  {kind:<10} {latency['count']:>6} requests  {figures}"


def _counts(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items()) or "none"
