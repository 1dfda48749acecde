"""Wire types of the file a phone exports when it cannot send, and of what became of it."""

import uuid
from typing import Annotated, Any, Literal

import msgspec

from backend.web.schemas import Reply, Sha256


class ExportedFile(msgspec.Struct):
    sha256: Sha256
    base64: str


class ExportedBy(msgspec.Struct):
    id: uuid.UUID


class ExportedWork(msgspec.Struct):
    """The file a phone writes when it cannot send. What only the phone needs is read over."""

    format: Literal["shangmen-unsent-work"]
    v: Literal[1]
    technician: ExportedBy | None
    operations: Annotated[list[dict[str, Any]], msgspec.Meta(max_length=5000)]
    # Each an ExportedFile, decoded when its turn comes.
    files: Annotated[list[msgspec.Raw], msgspec.Meta(max_length=1000)]


class NotTaken(Reply):
    """Something in the file that had no effect, and why."""

    id: str
    kind: str
    code: str
    message: str


class HandedOver(Reply):
    """What became of an exported file: commands taken now, known already, and refused; pictures kept."""

    taken: int
    known: int
    files: int
    refused: list[NotTaken]
