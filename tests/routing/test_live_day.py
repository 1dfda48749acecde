"""What a day asks of a plan: insertions, quotes, repairs, explanations, on random small problems."""

from dataclasses import replace

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from routing import (
    Insertion,
    NoShow,
    Overrun,
    Plan,
    Problem,
    Repair,
    TechnicianAbsent,
    VisitCancelled,
    Window,
    check,
    diff,
    explain,
    insert,
    quote,
    relaxed,
    repair,
)
from routing.appointments import is_bound
from routing.draft import Draft
from routing.events import Event
from routing.finish import finish
from routing.flat import flatten
from routing.insertion import fill
from routing.salvage import salvage
from tests.routing.random_worlds import problems
from tests.routing.worlds import DAY, HOUR

RELAXED = settings(
    deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large], max_examples=40
)


def greedy(problem: Problem) -> Plan:
    """A plan in force."""
    draft = Draft(flatten(problem))
    fill(draft, draft.unserved)
    return finish(draft)


def without_last(problem: Problem) -> Problem:
    """The problem before its last visit was known."""
    last = problem.visits[-1].id
    relations = tuple(r for r in problem.relations if last not in (r.first, r.second))
    return replace(problem, visits=problem.visits[:-1], relations=relations)


def held(problem: Problem, plan: Plan) -> dict[str, tuple[frozenset[str], int]]:
    """Who serves the visits whose technician is locked or frozen, and when those frozen start.

    A lock on the time alone leaves open who comes; that its time is kept is for the check to say.
    """
    found = {}
    for visit in problem.visits:
        is_frozen = visit.planned is not None and visit.planned.start_s < problem.freeze_until_s
        is_locked = visit.lock is not None and bool(visit.lock.technicians)
        if not (is_locked or is_frozen) or not (seats := plan.where(visit.id)):
            continue
        who = frozenset(route.technician for route, _ in seats)
        found[visit.id] = (who, seats[0][1].start_s if is_frozen else -1)
    return found


@RELAXED
@given(problems())
def test_inserting_a_new_visit_keeps_every_rule_and_costs_what_it_says(problem: Problem) -> None:
    assume(problem.visits and not problem.relations)
    before_problem = without_last(problem)
    before = greedy(before_problem)

    answer = insert(before_problem, before, problem.visits[-1])

    if isinstance(answer, Insertion):
        assert check(answer.problem, answer.plan).violations == ()
        assert answer.plan.cost.total - before.cost.total == answer.price_cents
        assert held(before_problem, before).items() <= held(answer.problem, answer.plan).items()
        order = {route.technician: route.visits for route in before.routes}
        for route in answer.plan.routes:
            kept = tuple(name for name in route.visits if name != problem.visits[-1].id)
            if len(problem.technicians[0].shifts) == 1:
                assert kept == order.get(route.technician, ())
    else:
        assert answer.visit == problem.visits[-1].id


@RELAXED
@given(problems())
def test_a_visit_left_out_is_inserted_at_the_price_of_its_quote(problem: Problem) -> None:
    plan = greedy(problem)
    assume(plan.unserved)
    name = plan.unserved[0].visit
    slots = [Window(hour * HOUR, (hour + 2) * HOUR) for hour in (8, 10, 13, 32)]

    for offer in quote(problem, plan, name, slots):
        answer = insert(problem, plan, name, offer.slot)
        assert offer.is_possible == isinstance(answer, Insertion)
        if isinstance(answer, Insertion):
            freed = problem.visits[problem.visit_index[name]].unserved_cents
            assert check(problem, answer.plan).violations == ()
            assert answer.price_cents == offer.price_cents
            assert offer.slot.start_s <= answer.start_s <= offer.slot.end_s
            saved = plan.cost - answer.plan.cost
            assert saved.unserved >= freed
            assert answer.plan.cost.total - plan.cost.total == answer.price_cents - saved_by(problem, name)


def saved_by(problem: Problem, name: str) -> int:
    """What leaving the visit out costs, from the definitions."""
    visit = problem.visits[problem.visit_index[name]]
    promise = visit.promise
    is_frozen = visit.planned is not None and visit.planned.start_s < problem.freeze_until_s
    is_bound = visit.lock is not None or is_frozen or (promise is not None and promise.move_cents is None)
    moved = 0 if promise is None else promise.move_cents or 0
    return visit.unserved_cents + moved + (problem.lock_drop_cents if is_bound else 0)


@RELAXED
@given(problems(), st.data())
def test_repair_keeps_every_rule_and_never_touches_a_lock(problem: Problem, data: st.DataObject) -> None:
    plan = greedy(problem)
    assume(plan.routes)
    route = data.draw(st.sampled_from(plan.routes))
    stop = data.draw(st.sampled_from([s for s in route.stops if s.visit is not None]))
    events: list[Event] = [
        TechnicianAbsent(route.technician),
        TechnicianAbsent(route.technician, stop.start_s, DAY),
        VisitCancelled(str(stop.visit)),
        Overrun(str(stop.visit), stop.end_s + HOUR),
        NoShow(str(stop.visit), stop.start_s + 5 * 60),
    ]
    event = data.draw(st.sampled_from(events))

    repaired = repair(problem, plan, event)

    assert check(repaired.problem, repaired.plan).violations == ()
    absent = route.technician if isinstance(event, TechnicianAbsent) else None
    if isinstance(event, TechnicianAbsent):
        left = [r for r in repaired.plan.routes if r.technician == absent]
        assert all(r.return_s <= event.from_s or r.depart_s >= event.until_s for r in left)
    after = held(repaired.problem, repaired.plan)
    for name, (who, start) in held(problem, plan).items():
        if name in after:
            assert absent in who or after[name] == (who, start)
        elif absent not in who and name in repaired.problem.visit_index:
            assert_no_room_among_locks(repaired, name)
    assert repaired.difference == diff(plan, repaired.plan, repaired.problem)


def assert_no_room_among_locks(repaired: Repair, name: str) -> None:
    """A locked visit was left out: it would not fit with nothing but locked visits around it either."""
    given = repaired.problem
    index = given.visit_index
    tied = {visit for relation in given.relations for visit in (relation.first, relation.second)}
    if name in tied or given.visits[index[name]].promise is not None:
        return
    locked = tuple(visit for visit in given.visits if is_bound(given, visit))
    alone = replace(given, visits=locked, relations=())
    assert not isinstance(insert(alone, finish(salvage(flatten(alone), repaired.plan)), name), Insertion)


@settings(RELAXED, max_examples=25)
@given(problems(most_visits=5))
def test_what_an_explanation_bends_lets_the_visit_in_and_nothing_smaller_does(problem: Problem) -> None:
    plan = greedy(problem)
    for left in plan.unserved:
        for way in explain(problem, plan, left.visit).ways:
            bent = relaxed(problem, left.visit, way.relaxation)
            answer = insert(bent, plan, left.visit)
            assert isinstance(answer, Insertion)
            assert answer.price_cents == way.price_cents
            smaller = way.relaxation.less()
            if smaller is not None:
                still = insert(relaxed(problem, left.visit, smaller), plan, left.visit)
                assert not isinstance(still, Insertion)


@RELAXED
@given(problems())
def test_an_explanation_of_a_served_visit_prices_its_alternatives(problem: Problem) -> None:
    plan = greedy(problem)
    for route in plan.routes:
        for name in route.visits:
            answer = explain(problem, plan, name)
            assert route.technician in answer.technicians
            assert answer.unserved is None
            assert all(set(other.technicians) != set(answer.technicians) for other in answer.alternatives)
