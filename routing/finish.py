"""The last step of every engine: from a draft to the plan, with a reason for each visit left out."""

from time import perf_counter

from routing.assemble import to_plan
from routing.draft import Draft
from routing.plan import Plan
from routing.reasons import reasons
from routing.stopping import StopCriterion, limit_s, remaining_s

OVER = 0.02
"""Share of a time limit that looking for reasons may go beyond it."""
FINISH_S = 0.0001
"""Time kept for each visit, to make a plan of the draft and check it."""


def finish(draft: Draft, stop: StopCriterion | None = None) -> Plan:
    """The plan a draft stands for; reasons are looked for as long as the time limit in ``stop`` allows."""
    left_s = None if stop is None else remaining_s(stop)
    limit = None if stop is None else limit_s(stop)
    if left_s is None or limit is None:
        return to_plan(draft, reasons(draft))
    until = perf_counter() + left_s + OVER * limit - FINISH_S * draft.flat.visits
    return to_plan(draft, reasons(draft, until))
