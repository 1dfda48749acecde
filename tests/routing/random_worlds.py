"""Random small problems with any of the rules, from a seed and a set of rules to use."""

from collections.abc import Callable
from random import Random
from typing import TypeVar

from hypothesis import strategies as st

from routing import (
    Break,
    Depot,
    Lock,
    Planned,
    Problem,
    Promise,
    Relation,
    Shift,
    Technician,
    Vendor,
    Visit,
    Window,
)
from routing.problem import ANY_TIME
from tests.routing.worlds import DAY, HOUR, MINUTE, road

RULES = frozenset(
    {
        "allowed", "breaks", "card", "crew", "depot", "fairness", "freeze", "lock", "overtime", "parts",
        "preferred", "profiles", "promise", "relation", "rush", "scarce", "service", "shifts", "skills",
        "soft", "tags", "tools", "two windows", "vendor", "windows", "zones",
    }
)  # fmt: skip
TEAM = ("A", "B", "C")
PLACES = 20
T = TypeVar("T")


def problems(most_visits: int = 6, rules: frozenset[str] = RULES) -> st.SearchStrategy[Problem]:
    """Random problems; a failing one loses rules and visits before it is shown."""
    some = st.frozensets(st.sampled_from(sorted(rules)))
    return st.builds(
        random_problem,
        st.integers(0, 2**32 - 1),
        st.integers(0, most_visits),
        st.one_of(some, st.just(rules)),
    )


def random_problem(seed: int, visits: int, rules: frozenset[str]) -> Problem:
    """The problem of a seed."""
    return World(Random(seed), rules).problem(visits)


class World:
    """Makes things at random, as far as the rules in use go."""

    def __init__(self, dice: Random, rules: frozenset[str]) -> None:
        self.dice, self.rules = dice, rules
        self.days = 2 if "shifts" in rules and dice.random() < 0.5 else 1
        self.team = TEAM[: dice.randint(1, 3)]
        self.has_vendor = "vendor" in rules and dice.random() < 0.7

    def sometimes(self, rule: str, make: Callable[[], T], otherwise: T) -> T:
        """Now and then something made, if the rule is in use."""
        return make() if rule in self.rules and self.dice.random() < 0.4 else otherwise

    def amounts(self, rule: str, items: tuple[str, ...], most: int) -> dict[str, int]:
        """A count for some of the items."""
        return {item: self.sometimes(rule, lambda: self.dice.randint(1, most), 0) for item in items}

    def some_of_team(self) -> frozenset[str]:
        return frozenset(who for who in self.team if self.dice.random() < 0.5)

    def shift(self, day: int) -> Shift:
        start = day * DAY + self.dice.randint(7, 10) * HOUR
        lunch = Break(day * DAY + 11 * HOUR, day * DAY + 12 * HOUR, 30 * MINUTE)
        tea = Break(day * DAY + 15 * HOUR, day * DAY + 16 * HOUR, 10 * MINUTE)
        choices: list[tuple[Break, ...]] = [(lunch,), (lunch, tea), (tea,)]
        breaks: tuple[Break, ...] = self.sometimes("breaks", lambda: self.dice.choice(choices), ())
        elsewhere = self.sometimes("shifts", lambda: self.dice.randrange(PLACES), None)
        return Shift(start, start + self.dice.randint(2, 8) * HOUR, breaks, end_place=elsewhere)

    def technician(self, name: str) -> Technician:
        dice = self.dice
        return Technician(
            name,
            dice.randrange(PLACES),
            dice.randrange(PLACES),
            tuple(self.shift(day) for day in range(self.days)),
            skills=self.amounts("skills", ("gas", "wiring"), 3),
            certificates=self.sometimes(
                "card", lambda: dice.choice([{}, {"card": 20 * HOUR}]), {"card": None}
            ),
            tags=self.sometimes("tags", frozenset[str], frozenset({"ladder"})),
            zones=self.sometimes("zones", lambda: frozenset({dice.choice(["north", "south"])}), frozenset()),
            tools=self.sometimes("tools", lambda: frozenset({"drill"}), frozenset()),
            van_stock=self.amounts("parts", ("valve", "pump"), 3),
            service_percent=self.sometimes("service", lambda: {"repair": 150}, {}),
            cents_per_hour=dice.choice([0, 6000]),
            cents_per_km=dice.choice([0, 130]),
            day_fee_cents=dice.choice([0, 5000]),
            overtime_limit_s=self.sometimes("overtime", lambda: HOUR, 0),
            overtime_cents_per_hour=3001,
            vendor=dice.choice([None, "V"]) if self.has_vendor else None,
            max_depot_trips=dice.choice([0, 1, 1, 2]),
            profile=self.sometimes("profiles", lambda: "e-bike", "car"),
        )

    def windows(self) -> tuple[Window, ...]:
        """One or two, some with a due time."""
        dice = self.dice
        count = 2 if "two windows" in self.rules and dice.random() < 0.4 else 1
        starts = sorted({dice.randrange(self.days) * DAY + dice.randint(8, 16) * HOUR for _ in range(count)})
        made: list[Window] = []
        for start in starts:
            length = dice.choice([0, 30, 60, 120]) * MINUTE
            if made and start <= made[-1].end_s:
                continue
            due = self.sometimes("soft", lambda: start + length // 2, None)  # noqa: B023 - called at once
            made.append(Window(start, start + length, due, 77 if due is not None else 0))
        return tuple(made)

    def visit(self, name: str) -> Visit:
        dice = self.dice
        start = dice.randrange(self.days) * DAY + dice.randint(8, 15) * HOUR
        kept = dice.choice([4000, None])
        crew = 2 if "crew" in self.rules and len(self.team) > 1 and dice.random() < 0.3 else 1
        bound = frozenset(dice.sample(self.team, crew))
        return Visit(
            name,
            dice.randrange(PLACES),
            dice.randint(0, 9) * 10 * MINUTE,
            self.sometimes("windows", self.windows, (Window(0, self.days * DAY),)),
            release_s=dice.choice([0, 0, 10 * HOUR]),
            job_type=dice.choice(["install", "repair"]),
            skills=self.amounts("skills", ("gas", "wiring"), 2),
            certificates=self.sometimes("card", lambda: frozenset({"card"}), frozenset()),
            tags=self.sometimes("tags", lambda: frozenset({"ladder"}), frozenset()),
            tools=self.sometimes("tools", lambda: frozenset({"drill"}), frozenset()),
            zone=self.sometimes("zones", lambda: dice.choice(["north", "south"]), None),
            allowed=self.sometimes("allowed", self.some_of_team, frozenset()),
            excluded=self.sometimes("allowed", lambda: frozenset({"A"}), frozenset()),
            preferred=self.sometimes("preferred", self.some_of_team, frozenset()),
            not_preferred_cents=900,
            parts=self.amounts("parts", ("valve", "pump"), 2),
            crew_size=crew,
            unserved_cents=dice.choice([1000, 100_000]),
            lock=self.sometimes("lock", lambda: self.lock(bound, start), None),
            promise=self.sometimes("promise", lambda: Promise(start, start + 2 * HOUR, kept), None),
            planned=self.sometimes("freeze", lambda: Planned(bound, start), None),
        )

    def lock(self, bound: frozenset[str], start: int) -> Lock:
        """One of the four kinds: who, a range of time, a moment, or who and when."""
        who, length = self.dice.choice([bound, frozenset()]), self.dice.choice([0, HOUR])
        return self.dice.choice([Lock(bound), Lock(who, start, start + length), Lock(who, latest_s=start)])

    def relations(self, names: list[str]) -> tuple[Relation, ...]:
        """An order between two of the visits, or two such orders."""
        count = self.sometimes("relation", lambda: self.dice.randint(1, 2), 0) if len(names) > 1 else 0
        made = []
        for _ in range(count):
            first, second = sorted(self.dice.sample(range(len(names)), 2))
            gap, same = self.dice.choice([0, HOUR]), self.dice.random() < 0.5
            made.append(Relation(names[first], names[second], gap, same))
        return tuple(made)

    def depots(self) -> tuple[Depot, ...]:
        """One or two, perhaps open at some hours only, without some tools, or with little to give."""
        dice = self.dice
        return tuple(
            Depot(
                name,
                dice.randrange(PLACES),
                10 * MINUTE,
                stock=self.sometimes("scarce", lambda: {"valve": dice.randint(0, 2)}, None),
                tools=self.sometimes(
                    "scarce", lambda: dice.choice([frozenset(), frozenset({"drill"})]), None
                ),
                windows=self.sometimes("windows", lambda: (Window(9 * HOUR, 11 * HOUR),), (ANY_TIME,)),
            )
            for name in ("D", "E")[: dice.randint(1, 2)]
        )

    def problem(self, visits: int) -> Problem:
        """Everything together."""
        dice = self.dice
        rush = (100,) * 8 + (150,) + (100,) * 8 + (170, 130) + (80,) * 5
        names = [f"v{number}" for number in range(visits)]
        vendor = Vendor("V", {"install": 3000, "repair": 2000}, dice.choice([None, 1, 2]))
        return Problem(
            {
                "car": road(PLACES, self.sometimes("rush", lambda: rush, None)),
                "e-bike": road(PLACES, pace=2),
            },
            tuple(self.technician(name) for name in self.team),
            tuple(self.visit(name) for name in names),
            vendors=(vendor,) if self.has_vendor else (),
            depots=self.sometimes("depot", self.depots, ()),
            relations=self.relations(names),
            max_moved=self.sometimes("promise", lambda: dice.randint(0, 1), None),
            freeze_until_s=self.sometimes("freeze", lambda: 10 * HOUR, 0),
            fairness_cents=self.sometimes("fairness", lambda: 700, 0),
            lock_drop_cents=500_000,
        )
