"""Videos with a report: what is taken, what is emptied, and what is refused."""

import gzip
import struct

import pytest

from backend.evidence.ranges import NoSuchPartError, Part, part_of
from backend.report.videos import NotAVideoError, VideoTooLongError, clean
from tests.factories.films import PLACE, box, film


def test_a_phone_s_video_stays_as_long_as_it_was_and_says_no_more_where_it_was_taken() -> None:
    sent = film()
    assert PLACE in sent
    kept = clean(sent)
    assert PLACE not in kept.data
    assert len(kept.data) == len(sent)
    assert kept.data[: sent.index(b"moov")] == sent[: sent.index(b"moov")]
    assert (kept.duration_s, kept.width, kept.height) == (12.0, 640, 360)
    assert clean(kept.data).sha256 == kept.sha256


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<script>alert(1)</script>",
        b"\xff\xd8\xff\xe0" + bytes(64),  # a picture
        gzip.compress(b"film", mtime=0),  # without the hour, which would be in the test's name
        film(brand=b"heic"),  # boxes, but a still picture
        film(codec=b"mp4v"),  # a picture no browser shows
        film(tail=b"PK\x03\x04<html>"),  # something hidden behind it
        film(tail=box(b"html", b"<script>")),  # the same, as a box
        film()[:-10],  # cut off
        film().replace(b"trak", b"free"),  # no track
        film(seconds=0),
        film()[:32] + struct.pack(">I4s", 2, b"moov"),  # a box shorter than its own head
        box(b"ftyp", b"isom") + b"\x00\x00\x00\x01moov",  # ends inside a length
    ],
)
def test_what_is_no_video_that_browsers_play_is_refused(data: bytes) -> None:
    with pytest.raises(NotAVideoError):
        clean(data)


def test_a_long_video_is_refused() -> None:
    with pytest.raises(VideoTooLongError):
        clean(film(seconds=70))


@pytest.mark.parametrize(
    ("header", "part"),
    [
        ("", None),
        ("bytes=0-", Part(0, 100)),
        ("bytes=0-1", Part(0, 2)),
        ("bytes=90-200", Part(90, 100)),
        ("bytes=-10", Part(90, 100)),
        ("bytes=5-2", None),
        ("bytes=0-1,4-5", None),
        ("bytes=-", None),
        ("lines=0-1", None),
    ],
)
def test_browsers_get_the_part_they_ask_for(header: str, part: Part | None) -> None:
    assert part_of(header, 100) == part


def test_a_part_behind_the_end_is_none() -> None:
    with pytest.raises(NoSuchPartError):
        part_of("bytes=100-", 100)
