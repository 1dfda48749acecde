"""What becomes of each order, given what was imported before: create, join, unchanged or refuse."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from backend.imports.lines import Line
from backend.imports.orders import Order, by_identity
from backend.imports.reasons import Reason

KnownLines = Mapping[str, int]  # line key: quantity


class Outcome(enum.StrEnum):
    CREATE = "create"
    JOIN = "join"
    UNCHANGED = "unchanged"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The fate of some lines of an order. `new` are those of `lines` that make jobs, by their key."""

    outcome: Outcome
    order: Order
    lines: tuple[Line, ...]
    new: dict[str, Line] = field(default_factory=dict)
    reasons: tuple[Reason, ...] = ()

    @property
    def jobs(self) -> int:
        return sum(line.qty for line in self.new.values())


def judge(order: Order, known: KnownLines | None) -> list[Verdict]:
    """One or two verdicts that together hold every line once; `known` are the order's lines if it exists."""
    new, same, differing = _compared(order, known or {})
    verdicts = []
    if new or same:
        lines = sorted((*new.values(), *same), key=lambda line: line.row.line)
        outcome = Outcome.UNCHANGED if not new else Outcome.CREATE if known is None else Outcome.JOIN
        verdicts.append(Verdict(outcome, order, tuple(lines), new, _notes(lines)))
    refused = sorted([*order.refused, *differing], key=lambda line: line.row.line)
    if refused:
        reasons = tuple(_distinct([reason for line in refused for reason in line.refusals]))
        verdicts.append(Verdict(Outcome.REFUSE, order, tuple(refused), reasons=reasons))
    return verdicts


def _compared(order: Order, known: KnownLines) -> tuple[dict[str, Line], list[Line], list[Line]]:
    """Lines that are new, that are known, and that are known with another quantity.

    The n-th line of an article is the n-th known line of it, whatever file either came from; a line with
    the key of an earlier refusal is new until that very key is known.
    """
    pool = {who: sorted(keys) for who, keys in by_identity(known).items()}
    new: dict[str, Line] = {}
    same: list[Line] = []
    differing: list[Line] = []
    for line in order.lines:
        key = order.keys[line.row.line]
        keys = pool.get(key.partition("#")[0], [])
        match = key if key in keys else keys[0] if keys and not line.refused_key else None
        if match is None:
            new[key] = line
            continue
        keys.remove(match)
        if known[match] == line.qty:
            same.append(line)
        else:
            line.refusals.append(
                Reason("known_line_differs", "qty", {"before": known[match], "after": line.qty})
            )
            differing.append(line)
    return _renumbered(new, known), same, differing


def _renumbered(new: dict[str, Line], known: KnownLines) -> dict[str, Line]:
    """New lines under keys no known line has."""
    free: dict[str, Line] = {}
    for key, line in new.items():
        who, _, tag = key.partition("#")
        while f"{who}#{tag}" in known or f"{who}#{tag}" in free:
            tag = str(int(tag) + 1) if tag.isdecimal() else f"{tag}+"
        free[f"{who}#{tag}"] = line
    return free


def _notes(lines: list[Line]) -> tuple[Reason, ...]:
    return tuple(_distinct([note for line in lines for note in line.notes]))


def _distinct(reasons: list[Reason]) -> list[Reason]:
    return list({(each.code, each.field, str(each.data)): each for each in reasons}.values())
