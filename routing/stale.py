"""Throw away compiled code whose sources have changed.

numba keys what it keeps on disk on the file a function is in, not on the files of the functions compiled into
it: a change in one module would leave its callers in another running the old code.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path

from routing.jit import IS_COMPILED


def discard_stale(modules: Iterable[str]) -> bool:
    """Delete the compiled code of modules that call each other when any of them has changed.

    Parameters
    ----------
    modules : iterable of str
        Paths of the source files; what was compiled from the folder of the first is what goes.

    Returns
    -------
    bool
        Whether anything was out of date. Where no folder can be written nothing is kept, and nothing is done.
    """
    sources = [Path(module) for module in modules]
    cache = compiled_folder(sources[0])
    if cache is None:
        return False
    stamp = cache / f"{sources[0].stem}.compiled"
    digest = sha256(b"\0".join(source.read_bytes() for source in sorted(sources))).hexdigest()
    try:
        if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
            return False
        for source in sources:
            for kept in cache.glob(f"{source.stem}.*.nb[ci]"):
                kept.unlink(missing_ok=True)
        stamp.write_text(digest, encoding="ascii")
    except OSError:
        return False
    return True


def compiled_folder(source: Path) -> Path | None:
    """Where numba keeps what it compiles from a file: what ``NUMBA_CACHE_DIR`` names, else beside the file,
    else, where that cannot be written, a folder of the user's. ``None`` where nothing is kept.
    """
    if not IS_COMPILED:
        return None
    from numba.core.caching import InTreeCacheLocator, UserProvidedCacheLocator, UserWideCacheLocator

    for kind in (UserProvidedCacheLocator, InTreeCacheLocator, UserWideCacheLocator):
        # Which function of the file it is makes no difference to the folder.
        locator = kind.from_function(compiled_folder, str(source))  # type: ignore[no-untyped-call] # numba's
        if locator is not None:
            return Path(locator.get_cache_path())
    return None
