"""One annealing walk."""

from routing.bench.own import data_of
from routing.search.knobs import knobs_for
from routing.search.walker import Walker
from tests.routing.search.test_search import skill_instance


def test_another_walk_goes_on_from_where_one_is() -> None:
    """The same routes, the same cost, whatever it did before; and its own best it keeps."""
    data = data_of(skill_instance(9))
    one, other = (Walker(data, knobs_for(data), seed, 1) for seed in (1, 2))
    for walker in (one, other):
        walker.begin(None)
        walker.run(200, 100.0)
    assert one.current() != other.current()
    before = other.cost

    other.load(one.current())

    assert other.current() == one.current()
    assert other.current_cost == one.current_cost
    assert other.cost == before
    assert sum(map(len, other.current().values())) == data.size - int(other.state.tally[0])
