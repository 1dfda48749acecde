"""A draft brought onto the day as people have changed it since: what still holds stays, the rest finds room.

Held work comes first, as everywhere. Nothing is searched anew: a visit keeps its technician and its order
wherever the rules still allow it, and only what lost its place is put in again where that is cheapest.
"""

from dataclasses import replace

import routing
from backend.live.asked import AskMerge, Merged, NoRemedies
from backend.scheduling.adapter.answer import plan_in_force, read_answer
from backend.scheduling.adapter.problem import DayProblem, build_problem
from backend.scheduling.adapter.solving import refuse_broken
from backend.scheduling.result import PlanningError
from routing.finish import finish
from routing.flat import flatten
from routing.insertion import fill
from routing.salvage import salvage


def merge(question: AskMerge, travel: routing.TravelMatrix | None = None) -> Merged | NoRemedies:
    """The draft as a checked plan of the day as it is, or what rule stands in the way."""
    try:
        asked = build_problem(question.day, travel)
        draft = salvage(flatten(asked.problem), plan_in_force(_as_drafted(asked, question)))
        fill(draft, draft.unserved)
        plan = finish(draft)
        refuse_broken(asked, plan)
        return Merged(read_answer(asked, plan, plan_in_force(asked)))
    except (routing.RoutingError, PlanningError) as error:
        return NoRemedies(str(error))


def _as_drafted(asked: DayProblem, question: AskMerge) -> DayProblem:
    """The same problem with each job where the draft has it; those it leaves out are nowhere."""
    jobs = tuple(replace(job, current=question.places.get(job.id)) for job in asked.day.jobs)
    return replace(asked, day=replace(asked.day, jobs=jobs))
