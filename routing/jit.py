"""Compiled functions where numba is installed; the same functions, interpreted, where it is not."""

import warnings
from collections.abc import Callable
from typing import Any, TypeVar, cast

Function = TypeVar("Function", bound=Callable[..., Any])

try:
    import numba
except ImportError:  # pragma: no cover - depends on the installation
    numba = None  # type: ignore[assignment] # its absence is a supported way to run

IS_COMPILED: bool = numba is not None

# Reference counting and wrappers are options that the compiler's type declarations leave out.
_OPTIONS: dict[str, Any] = {"cache": True, "nogil": True, "_nrt": False}
_NO_WRAPPERS: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def njit(function: Function) -> Function:
    """Compile for machine speed, kept on disk and without the interpreter's lock.

    What is compiled works on arrays its caller owns and allocates nothing, so numba's reference counting,
    which costs far more than the work of a small function, is off.
    """
    if not IS_COMPILED:
        return function
    return cast(Function, numba.njit(**_OPTIONS)(function))


def inner(function: Function) -> Function:
    """Compile a function that only compiled functions call, which takes half the time."""
    if not IS_COMPILED:
        return function
    return cast(Function, numba.njit(**_OPTIONS, **_NO_WRAPPERS)(function))


def inlined(function: Function) -> Function:
    """Compile a small function that becomes a part of the compiled functions calling it."""
    if not IS_COMPILED:
        return function
    return cast(Function, numba.njit(**_OPTIONS, **_NO_WRAPPERS, forceinline=True)(function))


def warn_if_interpreted() -> None:
    """Say once that everything is slower than it need be."""
    if not IS_COMPILED:
        message = "numba is not installed: routing runs interpreted, some hundred times slower"
        warnings.warn(message, RuntimeWarning, stacklevel=2)
