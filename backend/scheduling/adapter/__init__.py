"""The only importer of `routing`: a region's day becomes a problem, the checked answer becomes our plan."""

from backend.scheduling.adapter.roads import roads
from backend.scheduling.adapter.solving import solve_day, warm_up
from routing.compilation import compile_all

__all__ = ["compile_all", "roads", "solve_day", "warm_up"]
