"""Throw away compiled code whose sources have changed.

numba keys what it keeps on disk on the file a function is in, not on the files of the functions compiled into
it: a change in one module would leave its callers in another running the old code.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path


def discard_stale(modules: Iterable[str]) -> bool:
    """Delete the compiled code of modules that call each other when any of them has changed.

    Parameters
    ----------
    modules : iterable of str
        Paths of the source files; the folder of the first is the one whose compiled code goes.

    Returns
    -------
    bool
        Whether anything was out of date. Where the folder cannot be written nothing is done.
    """
    sources = [Path(module) for module in modules]
    cache = sources[0].parent / "__pycache__"
    stamp = cache / f"{sources[0].stem}.compiled"
    digest = sha256(b"\0".join(source.read_bytes() for source in sorted(sources))).hexdigest()
    try:
        if stamp.exists() and stamp.read_text(encoding="ascii") == digest:
            return False
        for source in sources:
            for kept in cache.glob(f"{source.stem}.*.nb[ci]"):
                kept.unlink(missing_ok=True)
        cache.mkdir(exist_ok=True)
        stamp.write_text(digest, encoding="ascii")
    except OSError:
        return False
    return True
