"""Uploaded pictures: what they are by their content, and what is kept of them: the pixels, nothing else."""

import hashlib
import io
import struct
from dataclasses import dataclass

from PIL import Image, ImageOps

from backend.errors import RejectedError

MEDIA_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
MAX_SIDE = 12_000
MAX_PIXELS = 40_000_000
JPEG_QUALITY = 88
WEBP_QUALITY = 85
BROKEN_IMAGE = (
    OSError, SyntaxError, ValueError, EOFError, IndexError, struct.error,
    Image.DecompressionBombError, Image.DecompressionBombWarning,
)  # fmt: skip


class NotAnImageError(RejectedError):
    """The bytes are no JPEG, PNG or WebP picture of a reasonable size."""

    code = "not_an_image"


@dataclass(frozen=True)
class CleanImage:
    """A picture turned upright and freed of EXIF, comments and colour profiles; sizes in pixels."""

    data: bytes
    sha256: str
    media_type: str
    width: int
    height: int


def clean(data: bytes) -> CleanImage:
    """Verify a picture and encode it again without metadata; raises NotAnImageError.

    The size is read from the header before a pixel is decoded: a small file cannot ask for gigabytes.
    """
    try:
        _verify(data)
        return _encode_again(data)
    except BROKEN_IMAGE as error:
        raise NotAnImageError("Only undamaged JPEG, PNG and WebP pictures are kept.") from error


def _verify(data: bytes) -> None:
    with Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as image:
        width, height = image.size
        if max(width, height) > MAX_SIDE or width * height > MAX_PIXELS:
            raise NotAnImageError(f"A picture has at most {MAX_PIXELS // 1_000_000} megapixels.")
        image.verify()


def _encode_again(data: bytes) -> CleanImage:
    with Image.open(io.BytesIO(data), formats=list(MEDIA_TYPES)) as image:
        kind = str(image.format)
        upright = ImageOps.exif_transpose(image)
    upright.info.clear()
    if kind == "JPEG" and upright.mode not in {"L", "RGB"}:
        upright = upright.convert("RGB")
    buffer = io.BytesIO()
    if kind == "PNG":
        upright.save(buffer, kind, optimize=False)
    else:
        upright.save(buffer, kind, quality=JPEG_QUALITY if kind == "JPEG" else WEBP_QUALITY, exif=b"")
    kept = buffer.getvalue()
    digest = hashlib.sha256(kept).hexdigest()
    return CleanImage(kept, digest, MEDIA_TYPES[kind], upright.width, upright.height)
