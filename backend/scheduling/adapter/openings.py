"""Where in a day a job could go: the cheapest place of each technician in each slot, every rule kept."""

import uuid
from collections.abc import Iterator
from dataclasses import replace

import routing
from backend.live.asked import AskOpenings, NoRemedies, Opening, Openings
from backend.scheduling.adapter.answer import plain, plan_in_force
from backend.scheduling.adapter.problem import DayProblem, build_problem
from backend.scheduling.adapter.remedying import remedy_of
from backend.scheduling.day import RegionDay
from routing.draft import Draft
from routing.flat import flatten
from routing.insert import as_slot, inserted
from routing.insertion import Option, Search


def openings(question: AskOpenings, travel: routing.TravelMatrix | None = None) -> Openings | NoRemedies:
    """Places for a job in a day; those of one technician with what each would change."""
    try:
        asked = build_problem(_with_guest(question), travel)
        if str(question.job.id) not in asked.jobs:
            return Openings(reason={"code": "needs_location", "data": {}})
        return _found(asked, question)
    except routing.RoutingError as error:
        return NoRemedies(str(error))


def _with_guest(question: AskOpenings) -> RegionDay:
    """The day with the job in it as if nobody had it, at any time: the slots say when."""
    guest = replace(
        question.job,
        current=None,
        window_start=None,
        window_end=None,
        is_technician_locked=False,
        is_time_locked=False,
    )
    others = (job for job in question.day.jobs if job.id != guest.id)
    return replace(question.day, jobs=(*others, guest))


def _found(asked: DayProblem, question: AskOpenings) -> Openings:
    flat, visit = flatten(asked.problem), str(question.job.id)
    plan = plan_in_force(asked)
    search = Search(Draft.of(flat, plan), asked.problem.visit_index[visit])
    found = []
    for slot in question.slots:
        start_s, end_s = max(0, asked.day.seconds(slot.start_at)), asked.day.seconds(slot.end_at)
        for who, option in _cheapest(asked, search, routing.Window(start_s, end_s), question.technician_id):
            opening = Opening(slot, who, asked.day.instant(option.start_s), option.cents)
            if question.technician_id is not None:
                after = inserted(Draft.of(flat, plan), plan, option).plan
                opening = replace(opening, remedy=remedy_of(asked, "give", plan, after, plan.cost.total))
            found.append(opening)
    return Openings(tuple(found)) if found else Openings(reason=_reason(asked, plan, visit))


def _cheapest(
    asked: DayProblem, search: Search, window: routing.Window, only: uuid.UUID | None
) -> Iterator[tuple[uuid.UUID, Option]]:
    """Each technician's cheapest option in a window, the cheapest first; or only one's."""
    seen = set[uuid.UUID]()
    for option in search.options(as_slot(window)):
        frame = asked.problem.frames[option.seats[0].frame]
        who = uuid.UUID(asked.problem.technicians[frame[0]].id)
        if who not in seen and only in (None, who):
            yield who, option
        seen.add(who)


def _reason(asked: DayProblem, plan: routing.Plan, visit: str) -> dict[str, object]:
    """Why nobody can; `no_slot` where somebody could, at another time of the day."""
    found = routing.insert(asked.problem, plan, visit)
    if isinstance(found, routing.Unserved):
        return {"code": found.reason.value, "data": plain(found.data)}
    return {"code": "no_slot", "data": {}}
