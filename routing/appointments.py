"""When a visit may start: windows, release, lock, promise and freeze folded into one list of windows."""

from routing.problem import FOREVER_S, Problem, Visit, Window


def is_frozen(problem: Problem, visit: Visit) -> bool:
    """Whether the plan in force binds the visit."""
    return visit.planned is not None and visit.planned.start_s < problem.freeze_until_s


def is_bound(problem: Problem, visit: Visit) -> bool:
    """Whether leaving the visit out costs ``lock_drop_cents`` on top."""
    is_unmovable = visit.promise is not None and visit.promise.move_cents is None
    return visit.lock is not None or is_unmovable or is_frozen(problem, visit)


def drop_cents(problem: Problem, visit: Visit) -> int:
    """Everything it costs to leave the visit out."""
    extra = problem.lock_drop_cents if is_bound(problem, visit) else 0
    moved = 0 if visit.promise is None else visit.promise.move_cents or 0
    return visit.unserved_cents + extra + moved


def starts(problem: Problem, visit: Visit, *, is_promise_kept: bool = True) -> tuple[Window, ...]:
    """Windows the start may lie in, ordered; empty when the rules leave no moment.

    Parameters
    ----------
    is_promise_kept : bool
        Whether a promise that may be moved for money is treated as binding; one that may not always is.
    """
    if is_frozen(problem, visit) and visit.planned is not None:
        return (_pinned(visit, visit.planned.start_s),)
    low, high = max(visit.release_s, problem.freeze_until_s), FOREVER_S
    if visit.lock is not None:
        low = max(low, visit.lock.earliest_s or 0)
        high = min(high, FOREVER_S if visit.lock.latest_s is None else visit.lock.latest_s)
    promise = visit.promise
    if promise is not None and (is_promise_kept or promise.move_cents is None):
        low, high = max(low, promise.start_s), min(high, promise.end_s)
    clipped = (clip(window, low, high) for window in visit.windows)
    return tuple(window for window in clipped if window is not None)


def clip(window: Window, low: int, high: int) -> Window | None:
    """The part of a window within ``[low, high]``; its due time stays where it was."""
    start, end = max(window.start_s, low), min(window.end_s, high)
    if start > end:
        return None
    return Window(start, end, window.due_s, window.late_cents_per_minute)


def _pinned(visit: Visit, start_s: int) -> Window:
    for window in visit.windows:
        if window.start_s <= start_s <= window.end_s:
            return Window(start_s, start_s, window.due_s, window.late_cents_per_minute)
    return Window(start_s, start_s)
