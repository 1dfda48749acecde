"""Pictures are told by their content, kept without metadata, and never trusted with memory."""

import io
import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from backend.evidence.images import NotAnImageError, clean


def picture(kind: str = "JPEG", size: tuple[int, int] = (40, 20), **save: Any) -> bytes:
    image = Image.new("RGB", size, "white")
    image.paste((200, 30, 30), (0, 0, size[0] // 2, size[1]))
    buffer = io.BytesIO()
    image.save(buffer, kind, **save)
    return buffer.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = "SecretPhoneMaker"
    gps = tags.get_ifd(0x8825)
    gps[1], gps[2] = "N", (39.0, 54.0, 0.0)
    return tags


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_each_kind_is_kept_as_itself(kind: str, media_type: str) -> None:
    kept = clean(picture(kind))
    assert (kept.media_type, kept.width, kept.height) == (media_type, 40, 20)
    with Image.open(io.BytesIO(kept.data)) as image:
        assert image.format == kind


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_but_pixels_is_kept(kind: str) -> None:
    """Not the place, not the phone, not a comment, not a colour profile."""
    sent = picture(kind, exif=exif(), icc_profile=b"secret-profile" * 10, comment=b"secret comment")
    kept = clean(sent)
    assert b"SecretPhoneMaker" in sent
    for secret in (b"SecretPhoneMaker", b"secret", b"Exif", b"ICC_PROFILE"):
        assert secret not in kept.data
    with Image.open(io.BytesIO(kept.data)) as image:
        assert not dict(image.getexif())


def test_a_picture_held_sideways_is_kept_upright() -> None:
    kept = clean(picture(exif=exif(orientation=6)))
    assert (kept.width, kept.height) == (20, 40)


def test_transparency_survives() -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (4, 4), (1, 2, 3, 0)).save(buffer, "PNG")
    with Image.open(io.BytesIO(clean(buffer.getvalue()).data)) as image:
        assert image.mode == "RGBA"


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few hundred bytes whose header promises any number of pixels."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<html><script>alert(1)</script></html>",
        b"\xff\xd8\xff\xe0 says it is a JPEG",
        picture("GIF"),
        picture("BMP"),
        picture("TIFF"),
        picture()[:200],  # cut off
        bomb(12_001, 1),
        bomb(10_000, 10_000),
        bomb(60_000, 60_000),
        bomb(0, 10),
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(NotAnImageError):
        clean(data)


@given(
    kind=st.sampled_from(["JPEG", "PNG", "WEBP"]),
    edits=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=6),
)
def test_a_damaged_picture_is_kept_clean_or_refused(kind: str, edits: list[tuple[int, int]]) -> None:
    data = bytearray(picture(kind))
    for place, value in edits:
        data[place % len(data)] = value
    try:
        kept = clean(bytes(data))
    except NotAnImageError:
        return
    with Image.open(io.BytesIO(kept.data)) as image:
        image.verify()
    with Image.open(io.BytesIO(kept.data)) as image:  # looking for EXIF may read on, so after verify()
        assert (image.size, dict(image.getexif())) == ((kept.width, kept.height), {})
