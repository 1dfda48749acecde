"""What signatures have in common: a drawing and a name, bound to the hash of an exact text."""

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec

from backend.errors import RejectedError
from backend.evidence.canonical import canonical_json, digest

MAX_SNAPSHOT = 64_000
MAX_SIGNER = 120
MAX_STROKES = 200
MAX_POINTS = 10_000
MIN_POINTS = 2


class Point(msgspec.Struct, forbid_unknown_fields=True):
    """One touch: x and y as fractions of the pad's width, t in ms since the first touch, p the pressure."""

    x: Annotated[float, msgspec.Meta(ge=0, le=1)]
    y: Annotated[float, msgspec.Meta(ge=0, le=4)]
    t: Annotated[float, msgspec.Meta(ge=0, le=3_600_000)]
    p: Annotated[float, msgspec.Meta(ge=0, le=1)] = 0.5


Stroke = Annotated[list[Point], msgspec.Meta(min_length=1, max_length=MAX_POINTS)]
Strokes = Annotated[list[Stroke], msgspec.Meta(min_length=1, max_length=MAX_STROKES)]


@dataclass(frozen=True)
class Difference:
    """One field whose signed value is not what our records say."""

    field: str
    signed: object
    recorded: object

    def as_json(self) -> dict[str, object]:
        return {"field": self.field, "signed": self.signed, "recorded": self.recorded}


class SnapshotDiffersError(RejectedError):
    """What was signed is not what our records say; `differences` names every field."""

    code = "snapshot_differs"

    @classmethod
    def of(cls, found: list[Difference]) -> "SnapshotDiffersError":
        return cls(
            "What was signed is not what was recorded.", differences=[item.as_json() for item in found]
        )


def checked_text(snapshot: dict[str, Any], sha256: str) -> str:
    """The snapshot's canonical text; raises RejectedError `not_canonical` or `hash_mismatch`."""
    text = canonical_json(snapshot)
    if len(text) > MAX_SNAPSHOT:
        raise RejectedError("The snapshot is too long.", code="not_canonical")
    if digest(snapshot) != sha256:
        raise RejectedError("The hash is not the snapshot's.", code="hash_mismatch")
    return text


def check_signer(signer: str) -> None:
    """Raise RejectedError `bad_signer` unless somebody signs under a name."""
    if not signer.strip() or len(signer) > MAX_SIGNER or "\x00" in signer:
        raise RejectedError(f"A signer has a name of at most {MAX_SIGNER} characters.", code="bad_signer")


def check_signature(signer: str, strokes: list[Any]) -> None:
    """Raise RejectedError `bad_signer` or `bad_signature` unless somebody with a name has drawn something."""
    check_signer(signer)
    try:
        drawn = msgspec.convert(strokes, Strokes)
    except msgspec.ValidationError as error:
        raise RejectedError(f"The signature is malformed: {error}", code="bad_signature") from error
    points = [point for stroke in drawn for point in stroke]
    is_dot = len({(point.x, point.y) for point in points}) < MIN_POINTS
    if is_dot or len(points) > MAX_POINTS:
        raise RejectedError(f"A signature has {MIN_POINTS} to {MAX_POINTS} points.", code="bad_signature")
