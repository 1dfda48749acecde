"""The last step of every engine: from a draft to the plan, with a reason for each visit left out."""

from routing.assemble import to_plan
from routing.draft import Draft
from routing.plan import Plan
from routing.reasons import reason_for


def finish(draft: Draft) -> Plan:
    """The plan a draft stands for."""
    empty = Draft(draft.flat)
    return to_plan(draft, {visit: reason_for(draft, visit, empty) for visit in draft.unserved})
