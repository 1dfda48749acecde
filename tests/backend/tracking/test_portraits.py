"""A technician's picture: small, square, without its camera's notes, and set by who looks after them."""

import io

import pytest
from PIL import Image
from sqlmodel import Session, col, select

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.errors import ForbiddenError, NotFoundError
from backend.evidence.images import NotAnImageError
from backend.technicians import portraits
from backend.technicians.models import TechnicianPortrait
from backend.tracking.facts import Who
from backend.tracking.people import who_view
from backend.tracking.words import WORDS, Language
from tests.factories.calls import Calls
from tests.factories.doorstep import Doorstep

MOST_BYTES = 6_000


def camera_picture() -> bytes:
    """A detailed portrait-format JPEG with a place in its EXIF."""
    image = Image.effect_mandelbrot((600, 900), (-2, -1.5, 1, 1.5), 90).convert("RGB")
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def kept(session: Session) -> list[bytes]:
    return list(session.scalars(select(col(TechnicianPortrait.webp))).all())


def test_a_picture_becomes_a_small_square_without_notes() -> None:
    webp = portraits.squared(camera_picture())
    assert b"taken at home" in camera_picture()
    assert b"taken at home" not in webp
    assert len(webp) <= MOST_BYTES
    with Image.open(io.BytesIO(webp)) as image:
        assert (image.format, image.size) == ("WEBP", (portraits.SIDE, portraits.SIDE))


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(NotAnImageError):
        portraits.squared(b"%PDF-1.7")


def test_the_newest_picture_is_shown_until_it_is_removed(db: Calls, world: Doorstep) -> None:
    for webp in (b"first", b"second"):
        db.write(portraits.put, world.dispatcher, world.technician.id, webp)
    assert db.read(kept) == [b"second"]
    db.write(portraits.remove, world.dispatcher, world.technician.id)
    assert db.read(kept) == []


def test_only_the_office_and_their_own_vendor_set_a_picture(db: Calls, world: Doorstep) -> None:
    vendor = Actor(role=Role.VENDOR_DISPATCHER, org_id=world.org.id, vendor_id=world.vendor.id)
    db.write(portraits.put, vendor, world.other_technician.id, b"theirs")
    with pytest.raises(NotFoundError):
        db.write(portraits.put, vendor, world.technician.id, b"not theirs")
    with pytest.raises(ForbiddenError):
        db.write(portraits.put, world.actor, world.technician.id, b"my own")


def test_without_a_relay_nobody_is_called_and_without_a_picture_there_is_none() -> None:
    words = WORDS[Language.CHINESE]
    bare = who_view(Who("王建国", None, None), "晨光电器", words, can_call=True)
    assert (bare.photo, bare.call) == ("", "")
    full = Who("王建国", None, None, b"RIFF", "+8610000,26112300041")
    shown = who_view(full, "晨光电器", words, can_call=True)
    assert shown.photo == "data:image/webp;base64,UklGRg=="
    assert shown.call == "tel:+8610000,26112300041"
    assert who_view(full, "晨光电器", words, can_call=False).call == ""
