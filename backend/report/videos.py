"""Uploaded videos: known by their boxes (ISO/IEC 14496-12), freed of what phones note about place and device.

Nothing is decoded or encoded again, so no program of the system is needed: the notes are emptied where they
lie, and every byte of picture and sound stays where the file's own tables expect it.
"""

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

from backend.errors import RejectedError

MEDIA_TYPE = "video/mp4"
MOST_BYTES = 50_000_000
MOST_S = 60
# Phones stop a moment after the limit they were set.
GRACE_S = 2.0
MOST_BOXES = 20_000
BRANDS = (b"isom", b"iso", b"mp4", b"avc1", b"M4V", b"MSNV", b"3gp", b"3g2", b"qt", b"hvc1", b"av01", b"dash")
CODECS = frozenset({b"avc1", b"avc3", b"hvc1", b"hev1", b"vp09", b"av01"})
TOP = frozenset(
    {b"ftyp", b"styp", b"moov", b"moof", b"mdat", b"free", b"skip", b"wide", b"sidx", b"ssix", b"mfra",
     b"pdin", b"prft", b"emsg", b"meta", b"uuid", b"udta"}
)  # fmt: skip
HOLDING = frozenset({b"moov", b"trak", b"mdia", b"minf", b"stbl", b"mvex", b"moof", b"traf"})
NOTES = frozenset({b"udta", b"meta", b"uuid"})
KEPT_TRACKS = frozenset({b"vide", b"soun"})


class NotAVideoError(RejectedError):
    """The bytes are no MP4 or QuickTime video a browser could play."""

    code = "not_a_video"


class VideoTooLongError(RejectedError):
    """It plays longer than a report needs."""

    code = "video_too_long"


@dataclass(frozen=True)
class CleanVideo:
    """A video without its notes; sizes in pixels."""

    data: bytes
    sha256: str
    media_type: str
    width: int
    height: int
    duration_s: float


@dataclass(frozen=True)
class Box:
    """A box of the file: its kind, where it begins, where what it holds begins, and where it ends."""

    kind: bytes
    start: int
    inner: int
    end: int


def clean(data: bytes) -> CleanVideo:
    """Check a video's structure and empty its notes.

    Raises NotAVideoError, and VideoTooLongError for one of more than `MOST_S` seconds.
    """
    try:
        return _cleaned(bytearray(data))
    except struct.error as error:
        raise NotAVideoError("The video is cut off.") from error


def _cleaned(data: bytearray) -> CleanVideo:
    boxes = list(_boxes(data, 0, len(data)))
    _check_frame(data, boxes)
    duration_s = _duration_s(data, boxes)
    if duration_s > MOST_S + GRACE_S:
        raise VideoTooLongError(f"A video is at most {MOST_S} seconds long.")
    shown: list[tuple[int, int]] = []
    for track in (box for box in boxes if box.kind == b"trak"):
        inside = list(_boxes(data, track.inner, track.end))
        if _handler(data, inside) == b"vide" and _codec(data, inside) in CODECS:
            shown += [_frame_px(data, box) for box in inside if box.kind == b"tkhd"]
        elif _handler(data, inside) not in KEPT_TRACKS:
            _empty(data, track)
    if not shown:
        raise NotAVideoError("There is no picture in it that browsers can show.")
    for box in boxes:
        if box.kind in NOTES:
            _empty(data, box)
    kept = bytes(data)
    return CleanVideo(kept, hashlib.sha256(kept).hexdigest(), MEDIA_TYPE, *shown[0], duration_s)


def _boxes(data: bytearray, start: int, end: int, *, is_top: bool = True) -> Iterator[Box]:
    """Every box from `start` to `end` and all they hold; NotAVideoError unless they fill it exactly."""
    count = 0
    while start < end:
        size, kind, inner = *struct.unpack_from(">I4s", data, start), start + 8
        if size == 1:
            size, inner = struct.unpack_from(">Q", data, inner)[0], inner + 8
        elif size == 0 and is_top:
            size = end - start
        box = Box(kind, start, inner, start + size)
        count += 1
        if box.end > end or box.end < box.inner or count > MOST_BOXES:
            raise NotAVideoError("Its parts do not fit together.")
        yield box
        if kind in HOLDING:
            yield from _boxes(data, box.inner, box.end, is_top=False)
        start = box.end


def _check_frame(data: bytearray, boxes: list[Box]) -> None:
    """Nothing but a video: known boxes from the first byte to the last, of a known brand."""
    first = boxes[0] if boxes else None
    if first is None or first.kind != b"ftyp" or not bytes(data[first.inner : first.end]).startswith(BRANDS):
        raise NotAVideoError("It is no MP4 or QuickTime video.")
    position = 0
    for box in boxes:
        if box.start == position:
            if box.kind not in TOP:
                raise NotAVideoError("There is something in it that is no video.")
            position = box.end
    if not {b"moov", b"mdat"} <= {box.kind for box in boxes}:
        raise NotAVideoError("The video is cut off.")


def _duration_s(data: bytearray, boxes: list[Box]) -> float:
    """How long it plays, by its own heading; a fragmented file says so in another place."""
    heading = next((box for box in boxes if box.kind == b"mvhd"), None)
    if heading is None:
        raise NotAVideoError("The video has no heading.")
    form, at = (">IQ", 20) if data[heading.inner] == 1 else (">II", 12)
    scale, length = struct.unpack_from(form, data, heading.inner + at)
    fragmented = next((box for box in boxes if box.kind == b"mehd"), None)
    if length == 0 and fragmented is not None:
        form = ">Q" if data[fragmented.inner] == 1 else ">I"
        length = struct.unpack_from(form, data, fragmented.inner + 4)[0]
    if scale == 0 or length == 0:
        raise NotAVideoError("The video does not say how long it is.")
    return float(length / scale)


def _handler(data: bytearray, inside: list[Box]) -> bytes:
    found = next((box for box in inside if box.kind == b"hdlr"), None)
    return bytes(data[found.inner + 8 : found.inner + 12]) if found is not None else b""


def _codec(data: bytearray, inside: list[Box]) -> bytes:
    found = next((box for box in inside if box.kind == b"stsd"), None)
    return bytes(data[found.inner + 12 : found.inner + 16]) if found is not None else b""


def _frame_px(data: bytearray, heading: Box) -> tuple[int, int]:
    """Width and height, the last two numbers of a track's heading, in 65,536ths."""
    width, height = struct.unpack_from(">II", data, heading.end - 8)
    return width >> 16, height >> 16


def _empty(data: bytearray, box: Box) -> None:
    """Turn a box into free space of the same length."""
    data[box.start + 4 : box.start + 8] = b"free"
    data[box.inner : box.end] = bytes(box.end - box.inner)
