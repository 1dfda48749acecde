"""The compiled search: ruin and recreate on flat arrays, recombination of routes, decomposition of
large days.
"""

from pathlib import Path

from routing.stale import discard_stale

_HERE = Path(__file__)
# The rules of a day are the kernel of the package, so its sources count here as well.
discard_stale(
    str(path)
    for path in (
        _HERE,
        *sorted(_HERE.parent.glob("[!_]*.py")),
        *(
            _HERE.parent.parent / f"{name}.py"
            for name in ("fit", "flat", "jit", "kernel", "legs", "money", "pricing")
        ),
    )
)
