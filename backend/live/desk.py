"""Asks the process that works out remedies, which starts with the server or with the first question."""

from typing import Any, cast

import structlog

from backend.booking.desk import DeskBusyError, DeskProcess
from backend.live.asked import (
    AskMerge,
    AskOpenings,
    AskRemedies,
    AskWaysIn,
    Merged,
    NoRemedies,
    Openings,
    Question,
    Remedies,
    Remedy,
    WaysIn,
)
from backend.scheduling.result import PlanResult

COMMAND = ("-m", "backend.live.remedy_main")
WAIT_FOR_BEGIN_S = 60.0  # a dispatcher sees that it is being worked out
log = structlog.get_logger("backend.live")


class RemedyDesk:
    """One process beside the server, one question at a time."""

    def __init__(self, osrm_url: str = "") -> None:
        self._process = DeskProcess(osrm_url, COMMAND, WAIT_FOR_BEGIN_S)

    async def start(self) -> None:
        """Start it before anybody asks; returns at once, and it compiles while nobody waits."""
        await self._process.start()

    async def ask(self, question: AskRemedies) -> tuple[Remedy, ...]:
        """Ways out, best first; raises DeskBusyError when there is no answer to be had."""
        return cast("Remedies", await self._answer(question)).found

    async def ways_in(self, question: AskWaysIn) -> WaysIn:
        """What would let a job in, the smallest first; raises DeskBusyError."""
        return cast("WaysIn", await self._answer(question))

    async def openings(self, question: AskOpenings) -> Openings:
        """Where in a day a job could go; raises DeskBusyError."""
        return cast("Openings", await self._answer(question))

    async def merge(self, question: AskMerge) -> PlanResult | None:
        """A draft on the day as it is now, None where that breaks a rule; raises DeskBusyError."""
        answer = cast("Merged | NoRemedies", await self._process.ask(cast("Any", question)))
        return answer.result if isinstance(answer, Merged) else None

    async def _answer(self, question: Question) -> Remedies | WaysIn | Openings:
        answer = cast(
            "Remedies | WaysIn | Openings | NoRemedies", await self._process.ask(cast("Any", question))
        )
        if isinstance(answer, NoRemedies):
            log.error("no remedies", detail=answer.detail)
            raise DeskBusyError("Remedies cannot be worked out right now.", code="no_remedies")
        return answer

    async def close(self) -> None:
        await self._process.close()
