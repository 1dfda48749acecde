"""A link opens one job, for a while, until it is withdrawn; everything else tells nothing."""

import base64
import datetime as dt
import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backend.auth.models import Role
from backend.errors import ForbiddenError, NotFoundError
from backend.tracking import links
from backend.tracking.links import LinkClosedError, seal, unseal
from backend.tracking.models import CustomerLink
from tests.factories.calls import Calls
from tests.factories.doorstep import NOON, Doorstep, doorstep, save

SECRET = b"s" * 32
MONTH = dt.timedelta(days=30)
LINK_ID = uuid.UUID("01930000-0000-7000-8000-000000000001")


def share(db: Calls, world: Doorstep, now: dt.datetime = NOON) -> CustomerLink:
    return db.write(links.share, world.dispatcher, world.job.id, MONTH, now)


def test_a_token_says_which_link_it_is() -> None:
    assert unseal(SECRET, seal(SECRET, LINK_ID)) == LINK_ID


def test_another_servers_token_is_not_believed() -> None:
    with pytest.raises(LinkClosedError):
        unseal(SECRET, seal(b"t" * 32, LINK_ID))


@example(place=20, character="=")  # padding in the middle ends the bytes early
@given(place=st.integers(0, 42), character=st.sampled_from("ABCDEFabcdef0123-_=/+ "))
def test_a_changed_character_closes_the_link(place: int, character: str) -> None:
    token = seal(SECRET, LINK_ID)
    forged = token[:place] + character + token[place + 1 :]
    if forged == token:
        return
    with pytest.raises(LinkClosedError):
        unseal(SECRET, forged)


@given(st.text(max_size=60))
def test_any_other_text_closes_the_link(text: str) -> None:
    with pytest.raises(LinkClosedError):
        unseal(SECRET, text)


def test_the_same_bytes_spelled_otherwise_are_refused() -> None:
    """The last character carries two spare bits, so other characters decode to the same bytes."""
    token = seal(SECRET, LINK_ID)
    raw = base64.urlsafe_b64decode(token + "=")
    spellings = [
        token[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    ]
    twins = [text for text in spellings if text != token and base64.urlsafe_b64decode(text + "=") == raw]
    assert twins
    for twin in twins:
        with pytest.raises(LinkClosedError):
            unseal(SECRET, twin)


def test_a_link_opens_exactly_one_job(db: Calls, world: Doorstep) -> None:
    link = share(db, world)
    actor = db.read(links.resolve, SECRET, seal(SECRET, link.id), NOON)
    assert (actor.role, actor.org_id, actor.job_id) == (Role.CUSTOMER, world.org.id, world.job.id)
    assert actor.account_id is None


def test_sharing_again_gives_the_same_link(db: Calls, world: Doorstep) -> None:
    assert share(db, world).id == share(db, world).id


def test_a_link_lives_a_month_beyond_the_promise(db: Calls, world: Doorstep) -> None:
    link = share(db, world)
    assert world.job.window_end is not None
    assert link.expires_at == world.job.window_end + MONTH
    token = seal(SECRET, link.id)
    db.read(links.resolve, SECRET, token, link.expires_at - dt.timedelta(seconds=1))
    with pytest.raises(LinkClosedError):
        db.read(links.resolve, SECRET, token, link.expires_at)


def test_a_withdrawn_link_closes_at_once_and_a_new_one_differs(db: Calls, world: Doorstep) -> None:
    link = share(db, world)
    assert db.write(links.revoke, world.dispatcher, world.job.id, NOON) == 1
    with pytest.raises(LinkClosedError):
        db.read(links.resolve, SECRET, seal(SECRET, link.id), NOON)
    assert share(db, world).id != link.id


def test_a_link_that_was_never_made_does_not_open(db: Calls, world: Doorstep) -> None:
    with pytest.raises(LinkClosedError):
        db.read(links.resolve, SECRET, seal(SECRET, uuid.uuid4()), NOON)


def test_only_who_may_share_shares(db: Calls, world: Doorstep) -> None:
    with pytest.raises(ForbiddenError):
        db.write(links.share, world.actor, world.job.id, MONTH, NOON)
    stranger = doorstep()
    db.write(save, stranger)
    with pytest.raises(NotFoundError):
        db.write(links.share, stranger.dispatcher, world.job.id, MONTH, NOON)
