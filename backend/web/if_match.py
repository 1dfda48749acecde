"""Settings that are replaced as a whole are changed as they were read: `If-Match` says how that was.

The tag of what is read is made of it field by field, so that whoever comes too late is told which fields are
no longer as they were, and needs no column for it.
"""

import hashlib
from collections.abc import Callable
from typing import Annotated, Any, Concatenate, ParamSpec, TypeVar

import msgspec
from litestar import Response
from litestar.params import HeaderParameter
from sqlmodel import Session

from backend.auth.actor import Actor
from backend.errors import StaleError
from backend.organisations import service as organisations

P = ParamSpec("P")
R = TypeVar("R")
W = TypeVar("W")
HEADER = "If-Match"
DIGITS = 8
IfMatch = Annotated[
    str,
    HeaderParameter(
        name=HEADER,
        max_length=600,
        description="The `ETag` of what was read; 409 `stale` when it has changed since. Optional.",
    ),
]


def tagged(reply: R) -> Response[R]:
    """A reply with the tag by which it is changed."""
    return Response(reply, headers={"ETag": f'"{_tag(reply)}"'})


def replace(
    session: Session,
    actor: Actor,
    if_match: str,
    wanted: W,
    read: Callable[Concatenate[Session, Actor, P], R],
    write: Callable[Concatenate[Session, Actor, W, P], R],
    *args: P.args,
    **kwargs: P.kwargs,
) -> R:
    """Write settings unless they are no longer as `if_match` says; raises StaleError with what changed."""
    # One at a time: of two who have read the same, the second must see what the first wrote.
    organisations.held(session, actor.org_id)
    if if_match not in ("", "*"):
        _require_unchanged(read(session, actor, *args, **kwargs), if_match)
    return write(session, actor, wanted, *args, **kwargs)


def _require_unchanged(standing: object, if_match: str) -> None:
    known = if_match.removeprefix("W/").strip('"')
    if known == _tag(standing):
        return
    was, now = known.split("."), _digests(standing)
    is_comparable = len(was) == len(now)
    changed = [
        name for index, (name, digest) in enumerate(now.items()) if not is_comparable or was[index] != digest
    ]
    raise StaleError(
        "Somebody changed the settings.", changed=changed, standing=msgspec.to_builtins(standing)
    )


def _tag(reply: object) -> str:
    return ".".join(_digests(reply).values())


def _digests(reply: object) -> dict[str, str]:
    """Each field of a reply by its name; a list is one field."""
    plain: Any = msgspec.to_builtins(reply)
    fields = plain if isinstance(plain, dict) else {"items": plain}
    return {
        name: hashlib.sha256(msgspec.json.encode(value)).hexdigest()[:DIGITS]
        for name, value in fields.items()
    }
