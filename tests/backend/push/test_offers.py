"""Who is offered a job hears of it once; who need not answer any more hears nothing."""

import uuid

import pytest
from sqlmodel import Session, select

from backend.auth.models import Account, Role
from backend.offers import desk, service
from backend.offers.models import OfferMode
from backend.push.field import offer_topic
from backend.push.models import PushMessage
from tests.backend.offers.test_offers import run_out
from tests.backend.push.conftest import Post
from tests.factories.offering import Offering, long_ago, offering
from tests.factories.push_service import Browser

PATHS = ("/0", "/1")


@pytest.fixture
def told(post: Post) -> Offering:
    made = offering()
    post.calls.write(made.day.save)
    return made


@pytest.fixture
def browsers(post: Post, told: Offering) -> dict[str, Browser]:
    """The first two technicians' phones."""

    def accounts(session: Session) -> list[Account]:
        rows = [
            Account(
                org_id=person.org_id,
                login=f"t{person.id}",
                name=person.name,
                role=Role.TECHNICIAN,
                password_hash="-",
                technician_id=person.id,
            )
            for person in told.people[:2]
        ]
        session.add_all(rows)
        return rows

    rows = post.calls.write(accounts)
    return {
        path: post.subscribe(row.org_id, row.id, path, "en") for path, row in zip(PATHS, rows, strict=True)
    }


def test_an_offer_alerts_whom_it_asks_until_it_runs_out(
    post: Post, told: Offering, browsers: dict[str, Browser]
) -> None:
    post.calls.write(desk.create, told.day.dispatcher, told.job.id, told.wish(OfferMode.RANKED, 0, 1))
    assert post.send() == 1
    [alert], [pushed] = post.told(browsers), post.pushing.pushed
    assert alert["title"] == "Would you take this job?"
    assert alert["body"].startswith(f"Job {told.job.number}, ")
    assert alert["body"].endswith("answer within 20 minutes")
    assert (pushed.path, pushed.headers["topic"]) == ("/0", alert["topic"])
    assert 19 * 60 < int(pushed.headers["ttl"]) <= 20 * 60

    assert run_out(post.calls) == 1
    assert post.send() == 2
    quiet, following = post.told(browsers)[1:]
    if quiet["topic"] != alert["topic"] or "quiet" not in quiet:
        quiet, following = following, quiet
    assert quiet["quiet"] is True
    assert {one.path for one in post.pushing.pushed[1:]} == {"/0", "/1"}
    assert following["title"] == alert["title"]


def test_whoever_is_too_late_is_told_without_a_sound_and_the_winner_nothing(
    post: Post, told: Offering, browsers: dict[str, Browser]
) -> None:
    made = post.calls.write(desk.create, told.day.dispatcher, told.job.id, told.wish(OfferMode.OPEN, 0, 1))
    assert post.send() == 2
    topics = {alert["topic"] for alert in post.told(browsers)}
    post.calls.write(desk.accept, told.actor(0), made.id)
    post.send()
    later = {one.path: browsers[one.path].open(one.body) for one in post.pushing.pushed[2:]}
    assert (later["/1"]["quiet"], {later["/1"]["topic"]}) == (True, topics)
    # The winner hears of the new job, not that the offer is over.
    assert later["/0"]["topic"] == "plan"


def test_an_alert_that_has_not_left_when_the_offer_is_withdrawn_never_leaves(
    post: Post, told: Offering, browsers: dict[str, Browser]
) -> None:
    made = post.calls.write(desk.create, told.day.dispatcher, told.job.id, told.wish(OfferMode.OPEN, 0, 1))
    post.calls.write(service.withdraw, told.day.dispatcher, made.id)
    assert post.send() == 0
    assert (post.pushing.pushed, post.queued()) == ([], [])


def test_an_alert_that_comes_too_late_is_not_sent(
    post: Post, told: Offering, browsers: dict[str, Browser]
) -> None:
    post.calls.write(desk.create, told.day.dispatcher, told.job.id, told.wish(OfferMode.RANKED, 0))

    def age(session: Session) -> None:
        [message] = session.exec(select(PushMessage))
        message.payload = {**message.payload, "until_s": int(long_ago().timestamp())}

    post.calls.write(age)
    assert post.send() == 0
    assert (post.pushing.pushed, post.queued()) == ([], [])


def test_the_phone_knows_an_offer_by_the_same_topic() -> None:
    """As in pwa/src/technician/push/alerts.test.ts."""
    offer_id = uuid.UUID("01938f2a-7b1c-7d4e-8a55-1234567890ab")
    assert offer_topic(offer_id) == "offer-7b1c7d4e8a551234567890ab"
