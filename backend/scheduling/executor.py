"""Carries one plan run from its claim to its end, whoever asked for it and wherever it runs."""

import asyncio
import uuid
from typing import Any

import structlog
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlmodel import Session

from backend.db.session import Database
from backend.scheduling import plans, runs
from backend.scheduling.result import PlanningError, PlanResult, SearchProgress
from backend.scheduling.runs import Claim, Prepared
from backend.scheduling.solver_process import SolverProcess

BEAT_S = 0.5
GRACE_S = 60.0
CURVE_POINTS = 120
log = structlog.get_logger("backend.solver")


class ProgressCurve:
    """The best cost over time, small enough to be stored twice a second."""

    def __init__(self) -> None:
        self._curve: list[list[float]] = []
        self._latest: SearchProgress | None = None
        self._is_news = False

    def add(self, progress: SearchProgress) -> None:
        """Take a report of the search; only improvements become points of the curve."""
        self._latest, self._is_news = progress, True
        if self._curve and progress.best_cost_fen >= self._curve[-1][1]:
            return
        self._curve.append([round(progress.elapsed_s, 2), progress.best_cost_fen])
        if len(self._curve) > CURVE_POINTS:
            # Every second point of the older part goes: recent improvements are what people look at.
            self._curve = self._curve[:-10:2] + self._curve[-10:]

    def finish(self, result: PlanResult) -> None:
        """The plan that is kept, as the last point: it may be better than what was reported last."""
        elapsed_s = self._latest.elapsed_s if self._latest else 0.0
        served = sum(not visit.is_fixed for visit in result.visits)
        lost = sum(item.reason["code"] == "needs_location" for item in result.left_out)
        unserved = len(result.left_out) - lost
        self.add(SearchProgress(elapsed_s, result.cost["total"], served, unserved))

    def news(self) -> dict[str, Any] | None:
        """What to show, once for each report."""
        if self._latest is None or not self._is_news:
            return None
        self._is_news = False
        return {
            "elapsed_s": round(self._latest.elapsed_s, 2),
            "best_cost_fen": self._latest.best_cost_fen,
            "served": self._latest.served,
            "unserved": self._latest.unserved,
            "curve": [list(point) for point in self._curve],
        }


class RunExecutor:
    """Runs plan runs on one solver process, one at a time."""

    def __init__(self, db: Database, solver: SolverProcess, grace_s: float = GRACE_S) -> None:
        self._db, self._solver, self._grace_s = db, solver, grace_s

    async def run(self, run_id: uuid.UUID, *, is_orphaned: bool = False) -> None:
        """Plan one run to its end. Does nothing when it is over or in other hands."""
        claim = await self._db.write(runs.claim, run_id, is_orphaned=is_orphaned)
        if claim is None:
            return
        log.info("plan run begins", run_id=str(run_id), attempt=claim.attempt)
        try:
            is_kept = await self._plan(claim)
        except PlanningError as error:
            log.warning("plan run failed", run_id=str(run_id), code=error.code)
            await self._db.write(runs.fail, run_id, claim.attempt, str(error))
        except asyncio.CancelledError:
            await self._db.write(runs.release, run_id, claim.attempt)
            raise
        except Exception as error:
            # Whatever it is, this run ends in a clear state and the next one is taken.
            log.error("plan run failed", run_id=str(run_id), error=type(error).__name__, exc_info=error)
            await self._db.write(runs.fail, run_id, claim.attempt, f"internal_error: {type(error).__name__}")
        else:
            log.info("plan run ends", run_id=str(run_id), attempt=claim.attempt, is_kept=is_kept)

    async def _plan(self, claim: Claim) -> bool:
        """Search and keep the answer; False when the run has been given to another solver meanwhile."""
        curve = ProgressCurve()
        search = asyncio.create_task(self._search(claim, curve))
        beat = asyncio.create_task(self._beat(claim, curve))
        try:
            await asyncio.wait({search, beat}, return_when=asyncio.FIRST_COMPLETED)
            if not search.done():
                return False
            prepared, result = search.result()
        finally:
            search.cancel()
            beat.cancel()
            await asyncio.gather(search, beat, return_exceptions=True)
        curve.finish(result)
        return await self._db.write(keep, claim, prepared, result, curve.news())

    async def _search(self, claim: Claim, curve: ProgressCurve) -> tuple[Prepared, PlanResult]:
        prepared = await self._db.read(runs.prepare, claim.run_id)
        limit_s = prepared.request.seconds + self._grace_s
        return prepared, await self._solver.solve(prepared.request, curve.add, limit_s)

    async def _beat(self, claim: Claim, curve: ProgressCurve) -> None:
        """Say that the search lives, show progress, pass a cancel on; ends when the run was given away."""
        is_asked = False
        while True:
            news = curve.news()
            try:
                asked = await self._db.write(runs.beat, claim.run_id, claim.attempt, news)
            except (OperationalError, InterfaceError, OSError) as error:
                # A database that is away for a moment ends no search; the fence guards the final write.
                log.warning("no heartbeat", run_id=str(claim.run_id), error=type(error).__name__)
                asked = False
            if asked is None:
                return
            if asked and not is_asked:
                await self._solver.cancel()
                is_asked = True
            await asyncio.sleep(BEAT_S)


def keep(
    session: Session, claim: Claim, prepared: Prepared, result: PlanResult, progress: dict[str, Any] | None
) -> bool:
    """Store the plan and close its run in one transaction; neither when the run is no longer ours."""
    run = runs.owned(session, claim)
    if run is None:
        return False
    plan = plans.store_draft(session, run, result, prepared.snapshot)
    runs.finish(session, run, plan.id, progress)
    return True
