"""What the desk offers can always be kept, and keeping it breaks no promise made before."""

import dataclasses
import uuid
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import routing
from backend.booking.asked import (
    AskOffers,
    AskPlace,
    DayAsked,
    NoOffer,
    Offers,
    Placement,
    Slot,
    Unknown,
    Wish,
)
from backend.scheduling.adapter.answer import plan_in_force
from backend.scheduling.adapter.problem import build_problem
from backend.scheduling.adapter.quoting import Desk
from backend.scheduling.day import CurrentVisit, DayJob, LatLng, RegionDay
from routing.draft import Draft
from routing.finish import finish
from routing.flat import flatten
from tests.factories.region_days import clock, fixed, job, point, region_day, shift, technician
from tests.factories.scheduling import SKILL

HOURS = (9, 11, 13, 15)
SLOTS = tuple(Slot(clock(hour), clock(hour + 2)) for hour in HOURS)
COMPILES_FIRST = settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)


def wish(number: int = 900, **fields: Any) -> Wish:
    values: dict[str, Any] = {
        "job_id": uuid.UUID(int=number),
        "at": point(number),
        "duration_s": 3_000,
        "category": "heater",
        "job_type": "install",
        "skill": SKILL,
        "level": 1,
        "certificate": None,
    }
    return Wish(**{**values, **fields})


def asked(day: RegionDay, *, stamp: str = "", reserve: int = 0, slots: tuple[Slot, ...] = SLOTS) -> DayAsked:
    return DayAsked(day.region_id, day.day, stamp or uuid.uuid4().hex, slots, reserve, day)


def offers(desk: Desk, whom: Wish, day: DayAsked) -> Offers:
    answer = desk.answer(AskOffers(whom, (day,)))
    assert isinstance(answer, Offers)
    return answer


@st.composite
def days(draw: st.DrawFn) -> RegionDay:
    """Up to three technicians, one of a vendor, with planned, promised and held work of theirs."""
    team = [technician(1, shift=shift(9, 18, rest=draw(st.booleans())), van={"P": draw(st.integers(0, 2))})]
    if draw(st.booleans()):
        team.append(technician(2, skills={SKILL: draw(st.integers(1, 3))}, certificates={}))
    jobs: list[DayJob] = []
    for number in range(1, draw(st.integers(0, 7)) + 1):
        parts = {"P": 1} if draw(st.booleans()) else {}
        jobs.append(job(number, draw(st.sampled_from(HOURS)), parts=parts, level=draw(st.integers(1, 3))))
    held = [fixed(1, team[0], 13, 14)] if draw(st.booleans()) else []
    return region_day(*team, jobs=tuple(jobs), visits=tuple(held), warehouse={"P": draw(st.integers(0, 2))})


@COMPILES_FIRST
@given(days(), st.integers(1, 3), st.booleans(), st.lists(st.integers(0, 3), min_size=1, max_size=6))
def test_every_offer_can_be_booked_and_every_booking_passes_the_check(
    day: RegionDay, level: int, needs_part: bool, picks: list[int]
) -> None:
    """One customer after the other takes one of what is offered; the plan in force stays sound throughout."""
    desk = Desk()
    for number, pick in enumerate(picks):
        whom = wish(900 + number, level=level, parts=(("P", 1),) if needs_part else ())
        asked_day = asked(day)
        found = offers(desk, whom, asked_day)
        if not found.offers:
            assert isinstance(
                desk.answer(AskPlace(whom, dataclasses.replace(asked_day, slots=SLOTS[:1]))), NoOffer
            )
            return
        for offer in found.offers:
            placed = desk.answer(AskPlace(whom, dataclasses.replace(asked_day, slots=(offer.slot,))))
            assert isinstance(placed, Placement)
            assert placed.price_fen == offer.price_fen
            assert offer.slot.start_at <= placed.seat.start_at <= offer.slot.end_at
        chosen = found.offers[pick % len(found.offers)]
        placed = desk.answer(AskPlace(whom, dataclasses.replace(asked_day, slots=(chosen.slot,))))
        assert isinstance(placed, Placement)
        day = booked(day, whom, chosen.slot, placed)
        assert_sound(day)


def booked(day: RegionDay, whom: Wish, slot: Slot, placed: Placement) -> RegionDay:
    """The day once the visit and those that gave way have their times."""
    seats = dict(placed.moved)
    jobs = tuple(
        dataclasses.replace(one, current=CurrentVisit(seat.technician_id, seat.start_at, seat.end_at))
        if (seat := seats.get(one.id))
        else one
        for one in day.jobs
    )
    seat = placed.seat
    new = job(
        0,
        id=whom.job_id,
        at=whom.at,
        level=whom.level,
        parts=dict(whom.parts),
        window_start=slot.start_at,
        window_end=slot.end_at,
        status="assigned",
        current=CurrentVisit(seat.technician_id, seat.start_at, seat.end_at),
    )
    return dataclasses.replace(day, jobs=(*jobs, new))


def assert_sound(day: RegionDay) -> None:
    """Every visit in force fits its technician's day in its order, by the independent check."""
    problem = build_problem(day).problem
    planned = plan_in_force(build_problem(day))
    draft = Draft(flatten(problem))
    frames = {problem.technicians[who].id: frame for frame, (who, _) in enumerate(problem.frames)}
    for route in planned.routes:
        frame, nodes = frames[route.technician], [problem.visit_index[name] for name in route.visits]
        draft.seats.update(dict.fromkeys(nodes, (frame,)))
        assert draft.set_route(frame, nodes), "the order of the visits in force has no times"
    violations = routing.check(problem, finish(draft)).violations
    # A part picked up on the way is a stop the visits in force do not show.
    assert [v for v in violations if v.rule is not routing.Rule.PARTS] == []


@pytest.mark.parametrize("in_warehouse", [0, 2])
def test_a_part_still_to_be_fetched_for_a_visit_in_force_closes_the_day_to_nobody(in_warehouse: int) -> None:
    """Visits in force do not show pick-ups: the next customer is offered what the van and the depot allow."""
    seat = CurrentVisit(technician(1).id, clock(9), clock(10))
    told = job(1, 9, parts={"P": 1}, current=seat)
    promised = job(2, 13, parts={"P": 1})
    day = region_day(
        technician(1, shift=shift(9, 18, rest=False), van={"P": 0}),
        jobs=(told, promised),
        warehouse={"P": in_warehouse},
    )
    assert offers(Desk(), wish(), asked(day)).offers
    needy = offers(Desk(), wish(parts=(("P", 1),)), asked(day))
    assert not needy.offers  # two units, and both are spoken for
    assert offers(Desk(), wish(parts=(("P", 1),)), asked(dataclasses.replace(day, warehouse={"P": 3}))).offers


@pytest.mark.parametrize("others", [(), (job(1, 9, parts={"Q": 1}),)])
def test_a_part_nobody_else_needs_that_day_is_fetched_from_the_warehouse(others: tuple[DayJob, ...]) -> None:
    day = region_day(technician(1, van={}), jobs=others, warehouse={"P": 1, "Q": 1})
    needy = wish(parts=(("P", 1),))
    found = offers(Desk(), needy, asked(day))
    assert len(found.offers) > 1
    placed = Desk().answer(AskPlace(needy, asked(day, slots=(found.offers[0].slot,))))
    assert isinstance(placed, Placement)
    bare = dataclasses.replace(day, warehouse={"Q": 1})
    assert not offers(Desk(), needy, asked(bare)).offers


def test_promised_work_without_a_visit_takes_its_room() -> None:
    """One technician, one window of two hours, two jobs promised in it: nothing is left to offer there."""
    team = technician(1, shift=shift(9, 12, rest=False), overtime_limit_s=0)
    promised = (job(1, 9), job(2, 9))
    free = region_day(team, jobs=promised[:1])
    full = region_day(team, jobs=promised)
    slots = (Slot(clock(9), clock(11)),)
    assert offers(Desk(), wish(), asked(free, slots=slots)).offers
    refused = offers(Desk(), wish(), asked(full, slots=slots))
    assert refused.offers == ()
    assert refused.refusals[0].code == "no_room"


def test_promised_work_keeps_its_place_when_the_day_is_opened_again() -> None:
    """What was worked out for unplanned work is not forgotten when something else changes."""
    desk = Desk()
    day = region_day(technician(1), technician(2), jobs=tuple(job(n, 9 + n) for n in range(1, 6)))
    first = offers(desk, wish(), asked(day))
    again = offers(desk, wish(), asked(dataclasses.replace(day, warehouse={"P": 1})))
    assert [offer.price_fen for offer in first.offers] == [offer.price_fen for offer in again.offers]


def test_a_share_of_the_day_is_kept_for_emergencies() -> None:
    day = region_day(technician(1, shift=shift(9, 18, rest=False)))
    assert offers(Desk(), wish(duration_s=3_000), asked(day, reserve=90)).offers
    refused = offers(Desk(), wish(duration_s=3_600), asked(day, reserve=90))
    assert [refusal.code for refusal in refused.refusals] == ["reserved"]
    assert offers(Desk(), wish(duration_s=3_600, is_urgent=True), asked(day, reserve=90)).offers


def test_a_day_without_the_part_the_paper_or_the_people_says_which() -> None:
    day = region_day(technician(1))
    told = {
        "missing_part": wish(parts=(("P", 1),)),
        "no_certificate": wish(certificate="gas"),
        "no_skill": wish(level=9),
        "no_shift": wish(duration_s=86_000),
    }
    found = {code: offers(Desk(), one, asked(day)).refusals[0].code for code, one in told.items()}
    assert all(code == reason for code, reason in found.items()), found


def test_a_part_in_the_van_is_promised_once() -> None:
    """The held slot takes the last part with it."""
    team = technician(1, van={"P": 1})
    needs = wish(parts=(("P", 1),))
    assert offers(Desk(), needs, asked(region_day(team))).offers
    taken = fixed(1, team, 13, 14, parts_due={"P": 1}, job_id=None)
    refused = offers(Desk(), needs, asked(region_day(team, visits=(taken,))))
    assert [refusal.code for refusal in refused.refusals] == ["missing_part"]


def test_an_unknown_day_is_asked_for_once() -> None:
    desk = Desk()
    day = asked(region_day(technician(1)), stamp="s1")
    without = dataclasses.replace(day, day=None)
    assert desk.answer(AskOffers(wish(), (without,))) == Unknown((day.date,))
    assert offers(desk, wish(), day).offers
    assert offers(desk, wish(), without).offers
    assert desk.answer(AskOffers(wish(), (dataclasses.replace(without, stamp="s2"),))) == Unknown((day.date,))


def test_a_day_without_windows_need_not_be_brought_along() -> None:
    without = dataclasses.replace(asked(region_day(technician(1)), slots=()), day=None)
    assert [refusal.code for refusal in offers(Desk(), wish(), without).refusals] == ["no_slot"]


def test_a_place_far_from_every_other_costs_its_way() -> None:
    day = region_day(technician(1), jobs=(job(1, 9),))
    near = offers(Desk(), wish(at=point(1)), asked(day)).offers
    far = offers(Desk(), wish(at=LatLng(39.99, 116.9)), asked(day)).offers
    assert min(offer.price_fen for offer in near) < min(offer.price_fen for offer in far)
