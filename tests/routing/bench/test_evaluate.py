"""Readers and evaluators on hand-written instances small enough to check on paper."""

from pathlib import Path

import numpy as np
import pytest

from routing.bench.evaluate import RouteError, evaluate
from routing.bench.instances import ToolInstance, read_family, read_strsp, read_trsp, read_vrptw

TASKS = """Capacity: 9
Customer: 3

CUST NO. XCOORD. YCOORD. DEMAND READY DUE SERVICE cost d11 d12 d21 d22
1 0 0 0 0 100 0 0 0 0 0 0
2 3 4 0 0 50 10 0 1 1 0 0
3 6 8 0 20 30 10 0 0 0 1 0
"""
CREW = "Technicians\ndomains: 2\n\nID domain1 domain2\n1 2 0\n2 1 1\n"

TOOLS = """X.1

INFO
CREW COUNT  SKILLS  TOOLS   SPARE PARTS
1      2       2       1

DEPOT TECHNICIANS AND REQUESTS
ID X Y TWS TWE Serv SKILLS TOOLS SPARE PARTS
0 0 0 0 100 0 [] [] []
1 0 3 0 100 0 [0] [0] [1]
2 0 6 20 30 5 [0] [0] [1]
3 4 3 0 100 5 [0] [1] [0]
"""

VRP = """NAME : T
VEHICLES : 2
CAPACITY : 5
SERVICE_TIME : 1
NODE_COORD_SECTION
1 0 0
2 1 1
3 2 2
DEMAND_SECTION
1 0
2 3
3 3
TIME_WINDOW_SECTION
1 0 100
2 0 10
3 0 10
DEPOT_SECTION
1
-1
EOF
"""


@pytest.fixture
def skills(tmp_path: Path) -> Path:
    """A folder with one instance and its reduced crew."""
    (tmp_path / "T.tasks.txt").write_text(TASKS)
    (tmp_path / "T.technicians-reduced.txt").write_text(CREW)
    return tmp_path


def test_skill_levels_and_outsourcing_prices_are_read(skills: Path) -> None:
    """Levels are the highest column with a need; the price is 200 plus the needs to the power of 1.5."""
    instance = read_strsp(skills, "T", "reduced")
    assert instance.required.tolist() == [[0, 0], [2, 0], [0, 1]]
    assert instance.eligible[:, 1:].tolist() == [[True, False], [False, True]]
    assert instance.outsourcing.tolist() == [0, 20283, 20100]


def test_only_crews_present_are_read(skills: Path) -> None:
    """A folder without the full crew yields the reduced one only."""
    assert [getattr(i, "crew", None) for i in read_family("strsp", skills)] == ["reduced"]


def test_a_task_left_out_costs_its_outsourcing_price(skills: Path) -> None:
    """Out and back to node 2 is 10, node 3 is outsourced for 201."""
    verdict = evaluate(read_strsp(skills, "T", "reduced"), [(1, [2])])
    assert (verdict.cost, verdict.outsourced) == (211.0, [3])


@pytest.mark.parametrize(
    ("routes", "message"),
    [
        ([(1, [3])], "lacks a skill"),
        ([(1, [2]), (1, [])], "two routes"),
        ([(3, [2])], "numbered 1 to 2"),
        ([(1, [2, 2])], "visited twice"),
        ([(1, [7])], "not a task"),
    ],
)
def test_wrong_skill_routes_are_named(
    skills: Path, routes: list[tuple[int, list[int]]], message: str
) -> None:
    """Each broken rule says which."""
    with pytest.raises(RouteError, match=message):
        evaluate(read_strsp(skills, "T", "reduced"), routes)


@pytest.fixture
def tools(tmp_path: Path) -> ToolInstance:
    """One technician with tool 0 and one part; request 3 needs tool 1 from the depot."""
    (tmp_path / "X.txt").write_text(TOOLS)
    return read_trsp(tmp_path / "X.txt")


def test_working_time_starts_as_late_as_it_can(tools: ToolInstance) -> None:
    """Home 17, request 2 at 20, depot 31, request 3 at 36, home 45: the wait before 20 is not paid."""
    assert evaluate(tools, [(1, [2, 0, 3])]).cost == pytest.approx(28.0)


@pytest.mark.parametrize(
    ("nodes", "message"),
    [
        ([2, 3], "lacks a tool at node 3"),
        ([0, 2, 0, 3], "depot twice"),
        ([2], r"\[3\] are not served"),
        ([3, 0, 2], "lacks a tool"),
    ],
)
def test_wrong_tool_routes_are_named(tools: ToolInstance, nodes: list[int], message: str) -> None:
    """Tools, the single trip, and completeness."""
    with pytest.raises(RouteError, match=message):
        evaluate(tools, [(1, nodes)])


def test_distances_are_truncated_to_tenths(tmp_path: Path) -> None:
    """The root of 2 is 1.4; two routes because both loads together are too heavy."""
    (tmp_path / "T.vrp").write_text(VRP)
    instance = read_vrptw(tmp_path / "T.vrp")
    assert evaluate(instance, [(1, [1]), (2, [2])]).cost == pytest.approx(8.4)
    with pytest.raises(RouteError, match="over capacity"):
        evaluate(instance, [(1, [1, 2])])


def test_a_folder_without_the_family_is_an_error(tmp_path: Path) -> None:
    """Nothing to run is not a success."""
    with pytest.raises(FileNotFoundError, match="no vrptw instance"):
        list(read_family("vrptw", tmp_path))


def test_travel_is_symmetric_and_zero_on_itself(tools: ToolInstance) -> None:
    """The reader's matrix is a metric's."""
    assert np.array_equal(tools.travel, tools.travel.T)
    assert not tools.travel.diagonal().any()
