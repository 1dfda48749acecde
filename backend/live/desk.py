"""Asks the process that works out remedies, which starts with the first question."""

from typing import Any, cast

import structlog

from backend.booking.desk import DeskBusyError, DeskProcess
from backend.live.asked import AskRemedies, NoRemedies, Remedies, Remedy

COMMAND = ("-m", "backend.live.remedy_main")
log = structlog.get_logger("backend.live")


class RemedyDesk:
    """One process beside the server, one question at a time."""

    def __init__(self, osrm_url: str = "") -> None:
        self._process = DeskProcess(osrm_url, COMMAND)

    async def ask(self, question: AskRemedies) -> tuple[Remedy, ...]:
        """Ways out, best first; raises DeskBusyError when there is no answer to be had."""
        answer = cast("Remedies | NoRemedies", await self._process.ask(cast("Any", question)))
        if isinstance(answer, NoRemedies):
            log.error("no remedies", detail=answer.detail)
            raise DeskBusyError("Remedies cannot be worked out right now.", code="no_remedies")
        return answer.found

    async def close(self) -> None:
        await self._process.close()
