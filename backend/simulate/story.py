"""What will go wrong on the played day, decided beforehand from a seed."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

Mishap = tuple[str, str]  # technician, job
Value = bool | float | str
REASONS = ("too_far", "no_skill", "no_part", "ill", "other")
FAULTS = ("E01", "E21", "LEAK", "NOISE", "WEAR")
REPEATED_COMMANDS = 0.03


@dataclass(frozen=True)
class Story:
    """Who declines which job, misses it, meets a closed door there, or works on it without signal."""

    declined: frozenset[Mishap] = frozenset()
    no_shows: frozenset[Mishap] = frozenset()
    absent: frozenset[Mishap] = frozenset()
    offline: frozenset[Mishap] = frozenset()


def story_of(days: Mapping[str, Sequence[dict[str, Any]]], seed: int) -> Story:
    """One decline, one no-show, one absent customer and one lost signal, each with another technician.

    `days` holds each technician's visits in driving order. Smaller days get as many as there are technicians.
    """
    chance = random.Random(seed)  # noqa: S311 - a repeatable story, not a secret
    busy = sorted(technician for technician, visits in days.items() if visits)
    chance.shuffle(busy)
    told: list[frozenset[Mishap]] = []
    # The first visit is the one to miss: a later one may be given away while its technician is merely late.
    for technician, nth in zip(busy, (1, 1, 0, 1), strict=False):
        visits = days[technician]
        told.append(frozenset({(technician, visits[min(nth, len(visits) - 1)]["job_id"])}))
    offline, declined, no_shows, absent = [*told, *[frozenset[Mishap]()] * 4][:4]
    return Story(declined=declined, no_shows=no_shows, absent=absent, offline=offline)


@dataclass
class Habits:
    """How one person is: a little early or late, faster or slower, and clumsy with the button."""

    chance: random.Random

    @classmethod
    def of(cls, who: str, seed: int) -> "Habits":
        return cls(random.Random(f"{seed}/{who}"))  # noqa: S311 - a repeatable story, not a secret

    def minutes(self, least: float, most: float) -> float:
        return self.chance.uniform(least, most)

    def stretch(self) -> float:
        """How much longer than planned something takes; now and then much longer."""
        return max(0.6, self.chance.lognormvariate(0.05, 0.22))

    def repeats(self) -> bool:
        """Whether the reply to a command gets lost, so that the phone sends it again."""
        return self.chance.random() < REPEATED_COMMANDS

    def decline_reason(self) -> str:
        return self.chance.choice(REASONS)

    def fault(self) -> str:
        return self.chance.choice(FAULTS)

    def answer(self, step: dict[str, Any]) -> Value:
        """A fitting answer to any step but a photo."""
        if step["kind"] == "check":
            return True
        if step["kind"] == "choice":
            return str(self.chance.choice(step["choices"])["value"])
        if step["kind"] == "reading":
            low, high = step.get("min", 0), step.get("max", 100)
            return round(self.chance.uniform(low + (high - low) * 0.2, high - (high - low) * 0.2), 2)
        return "一切正常"
