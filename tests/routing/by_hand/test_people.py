"""Who: skills, papers, tags, zones, wishes and vendors.

Every figure was derived from the rules by hand, none from an engine. The road has a place every minute (and
kilometre). Li lives at place 0, works 8-18, earns 60 an hour and a kilometre costs 1.
"""

import pytest

from routing import Reason, Shift, Vendor
from tests.routing.by_hand.reading import planned, reason, times
from tests.routing.worlds import DAY, HOUR, at, day, problem, technician, visit


def test_a_job_type_without_a_tariff_is_not_done_by_the_vendor(engine: str) -> None:
    hired = technician("Xu", 5, vendor="V")

    plan = planned(problem(hired, Vendor("V", {"repair": 2000}), visit("a", 5, job_type="install")), engine)

    assert reason(plan) is Reason.NOBODY_ALLOWED


def test_a_vendor_at_capacity_takes_no_more(engine: str) -> None:
    vendor = Vendor("V", {"repair": 2000}, daily_capacity=2)
    hired = technician("Xu", 5, vendor="V", cents_per_hour=0, cents_per_km=0)
    visits = [visit(name, 5, job_type="repair") for name in ("a", "b", "c")]

    plan = planned(problem(hired, vendor, *visits), engine)

    assert plan.cost.vendors == 4000
    assert reason(plan) is Reason.VENDOR_FULL


def test_a_vendor_capacity_counts_for_each_day_again(engine: str) -> None:
    vendor = Vendor("V", {"repair": 2000}, daily_capacity=1)
    both = (day(), Shift(DAY + 8 * HOUR, DAY + 18 * HOUR))
    hired = technician("Xu", 5, vendor="V", shifts=both)
    visits = [visit(name, 5, job_type="repair", windows=(at(0, 48),)) for name in ("a", "b")]

    plan = planned(problem(hired, vendor, *visits), engine)

    assert plan.unserved == ()
    assert [len(route.stops) for route in plan.routes] == [1, 1]


def test_whoever_is_cheaper_comes_own_technician_or_vendor(engine: str) -> None:
    """Li would cost 20 km and 50 minutes, 7000; the vendor's tariff is 6900."""
    vendor = Vendor("V", {"repair": 6900})
    hired = technician("Xu", 5, vendor="V", cents_per_hour=0, cents_per_km=0)
    job = visit("a", 10, job_type="repair")

    assert times(planned(problem(technician(), hired, vendor, job), engine), "a")[0] == "Xu"
    dearer = Vendor("V", {"repair": 7100})
    assert times(planned(problem(technician(), hired, dearer, job), engine), "a")[0] == "Li"


def test_a_skill_level_is_met_from_above_only(engine: str) -> None:
    able, less = technician("Li", skills={"gas": 3}), technician("Wu", 10, skills={"gas": 1})

    plan = planned(problem(able, less, visit("a", 10, skills={"gas": 2})), engine)

    assert times(plan, "a")[0] == "Li"


def test_a_level_nobody_has_is_named(engine: str) -> None:
    plan = planned(problem(technician(skills={"gas": 1}), visit("a", 3, skills={"gas": 2})), engine)

    assert reason(plan) is Reason.NO_SKILL
    assert plan.unserved[0].data["skills"] == {"gas": 2}


@pytest.mark.parametrize(
    ("certificates", "expected"),
    [
        ({}, Reason.NO_CERTIFICATE),
        ({"gas card": 12 * HOUR}, Reason.CERTIFICATE_EXPIRED),  # the shift ends at 18
    ],
)
def test_a_certificate_must_be_held_until_the_shift_ends(
    engine: str, certificates: dict[str, int], expected: Reason
) -> None:
    worker = technician(certificates=certificates)

    plan = planned(problem(worker, visit("a", 3, certificates=frozenset({"gas card"}))), engine)

    assert reason(plan) is expected


def test_tags_and_zones_say_who_may_come(engine: str) -> None:
    south = technician("Li", zones=frozenset({"south"}), tags=frozenset({"ladder"}))
    north = technician("Wu", 9, zones=frozenset({"north"}), tags=frozenset({"ladder"}))
    anywhere = technician("Xu", 9, tags=frozenset())
    job = visit("a", 10, zone="south", tags=frozenset({"ladder"}))

    assert times(planned(problem(south, north, anywhere, job), engine), "a")[0] == "Li"


def test_preferred_technicians_come_unless_they_cost_too_much_more(engine: str) -> None:
    """Wu lives next door: 3000 against Li's 20 km and 50 minutes, 7000; 4000 is what preference is worth."""
    team = (technician("Li", 0), technician("Wu", 10))
    wish = visit("a", 10, preferred=frozenset({"Li"}), not_preferred_cents=4100)
    weak = visit("a", 10, preferred=frozenset({"Li"}), not_preferred_cents=3900)

    assert times(planned(problem(*team, wish), engine), "a")[0] == "Li"
    plan = planned(problem(*team, weak), engine)
    assert times(plan, "a")[0] == "Wu"
    assert plan.cost.preference == 3900


def test_who_is_excluded_does_not_come(engine: str) -> None:
    team = (technician("Li", 10), technician("Wu", 30))

    plan = planned(problem(*team, visit("a", 10, excluded=frozenset({"Li"}))), engine)

    assert times(plan, "a")[0] == "Wu"


def test_only_who_is_allowed_comes(engine: str) -> None:
    team = (technician("Li", 10), technician("Wu", 30))

    plan = planned(problem(*team, visit("a", 10, allowed=frozenset({"Wu"}))), engine)

    assert times(plan, "a")[0] == "Wu"


def test_a_certificate_that_runs_out_lets_the_first_day_be_worked(engine: str) -> None:
    both = (day(8, 18), Shift(DAY + 8 * HOUR, DAY + 18 * HOUR))
    worker = technician(shifts=both, certificates={"card": 20 * HOUR})
    visits = [
        visit(name, 5, certificates=frozenset({"card"}), windows=(at(*hours),))
        for name, hours in (("today", (8, 18)), ("tomorrow", (32, 42)))
    ]

    plan = planned(problem(worker, *visits), engine)

    assert [route.visits for route in plan.routes] == [("today",)]
    assert plan.unserved[0].visit == "tomorrow"


def test_a_vendors_capacity_is_shared_by_its_technicians(engine: str) -> None:
    vendor = Vendor("V", {"repair": 2000}, daily_capacity=1)
    hired = [technician(name, 5, vendor="V") for name in ("Xu", "Hu")]
    visits = [visit(name, 5, job_type="repair") for name in ("a", "b")]

    plan = planned(problem(*hired, vendor, *visits), engine)

    assert len(plan.unserved) == 1
    assert reason(plan) is Reason.VENDOR_FULL
