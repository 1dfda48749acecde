"""One annealing walk."""

from routing.bench.own import data_of
from routing.search.knobs import knobs_for
from routing.search.routes import COST
from routing.search.walker import Walker
from tests.routing.search.test_search import skill_instance


def test_another_walk_goes_on_from_the_best_of_one() -> None:
    """The same cost, whatever it did before; and it forgets no best of its own that is cheaper."""
    data = data_of(skill_instance(9))
    one, other = (Walker(data, knobs_for(data), seed, 1) for seed in (1, 2))
    for walker in (one, other):
        walker.begin(None)
        walker.run(200, 100.0)
    assert one.routes() != other.routes()
    before = other.cost

    other.load(one.routes())
    assert int(other.state.tally[COST]) == one.cost
    other.complete()

    assert other.cost <= min(before, one.cost)
