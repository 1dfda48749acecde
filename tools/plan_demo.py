"""Plans the demo day once more and writes backend/data/plan_demo.json: `python -m tools.plan_demo [SECONDS]`.

Needed after a change of the demo's people or orders; a test says so.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from sqlmodel import Session

from backend.db.migrate import upgrade
from backend.db.session import Database
from backend.demo.plan import DAY_OF_PLAN, day_as_planned
from backend.demo.service import load_demo
from backend.scheduling.adapter import solve_day
from backend.scheduling.result import PlanRequest, PlanResult

TARGET = Path(__file__).parent.parent / "backend" / "data" / "plan_demo.json"
SECONDS = 20.0


def main() -> None:
    """Load the demo without a plan, plan it, write what came out."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else SECONDS
    with tempfile.TemporaryDirectory() as folder:
        written = asyncio.run(_planned(f"sqlite:///{folder}/demo.db", seconds))
    rows = ",\n".join(f"  {json.dumps(row, ensure_ascii=False)}" for row in written.pop("visits"))
    rest = json.dumps(written, ensure_ascii=False, indent=1)
    TARGET.write_text(f'{rest[:-2]},\n "visits": [\n{rows}\n ]\n}}\n', encoding="utf-8")
    print(f"{TARGET}: {len(rows.splitlines())} visits, {len(written['left_out'])} left out")


async def _planned(url: str, seconds: float) -> dict[str, Any]:
    upgrade(url)
    db = Database(url)
    try:
        await db.write(load_demo, DAY_OF_PLAN, is_planned=False)
        return await db.read(_solve, seconds)
    finally:
        await db.close()


def _solve(session: Session, seconds: float) -> dict[str, Any]:
    day, index_of, login_of = day_as_planned(session)
    result: PlanResult = solve_day(PlanRequest(day, seconds), lambda _progress: None, lambda: False)
    return {
        "cost": result.cost,
        "baseline": result.baseline,
        "left_out": [{"job": index_of[item.job_id], "reason": item.reason} for item in result.left_out],
        "visits": [
            {
                "job": index_of[visit.job_id],
                "technician": login_of[visit.technician_id],
                "arrive_s": day.seconds(visit.arrive_at),
                "start_s": day.seconds(visit.start_at),
                "end_s": day.seconds(visit.end_at),
                "travel_s": visit.travel_s,
                "travel_m": visit.travel_m,
                "marginal_fen": visit.why.get("marginal_fen"),
                "pick_up": visit.why.get("pick_up", {}),
            }
            for visit in sorted(result.visits, key=lambda each: (login_of[each.technician_id], each.start_at))
        ],
    }


if __name__ == "__main__":
    main()
