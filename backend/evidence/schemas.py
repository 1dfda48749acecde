"""Wire types of pictures."""

from backend.web.schemas import Reply


class BlobRead(Reply):
    """`sha256` is the address the sender computed; `stored_sha256` is of the file kept without metadata."""

    sha256: str
    size: int
    media_type: str
    stored_sha256: str


class UploadRead(Reply):
    """How many bytes of a file have arrived, and the picture once that is all of them."""

    offset: int
    blob: BlobRead | None = None
