"""The booking pages over HTTP: forms, redirects, refusals, sizes."""

import datetime as dt
import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from litestar.testing import TestClient
from sqlmodel import Session, col

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.auth.secret import load_secret
from backend.booking import windows
from backend.booking.asked import Answer, Question
from backend.booking.desk import DeskBusyError
from backend.booking.models import BookingCharge, BookingRules
from backend.customers.models import LocationSource, Place
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.settings import Settings
from backend.tracking import links
from backend.tracking.models import CustomerLink
from tests.factories.at_hand import DeskInThread, services_at_hand
from tests.factories.bookable import Town, clock, town
from tests.factories.calls import Calls
from tests.factories.cast import served

PAGE_BUDGET_BYTES = 15_000
SLOT = re.compile(r'name="slot" value="(\d+-\d+)"')


class Customer:
    """Somebody with a link and a browser without JavaScript."""

    def __init__(self, client: TestClient[Any], calls: Calls, made: Town, path: str) -> None:
        self.client, self.calls, self.town, self.path = client, calls, made, path

    def get(self, tail: str = "") -> httpx.Response:
        return self.client.get(self.path + tail)

    def post(self, tail: str, **form: str) -> httpx.Response:
        return self.client.post(self.path + tail, data=form, follow_redirects=False)

    def book_by_itself(self, key: str, *, agreed_fen: int) -> None:
        """What the page does once it has looked, and found another appointment than this."""
        made, portal = self.town.jobs[0], self.client.blocking_portal
        slot = windows.slot_of_key(key)
        assert portal is not None
        assert slot is not None
        who = Actor(role=Role.CUSTOMER, org_id=made.org_id, name="customer", job_id=made.id)
        bookings = self.client.app.state.services.bookings
        portal.call(partial(bookings.book, who, slot, agreed_fen=agreed_fen))

    def place(self) -> Place:
        return self.calls.read(lambda session: session.get_one(Place, self.town.jobs[0].place_id))

    def job(self, number: int = 0) -> Job:
        return self.calls.read(lambda session: session.get_one(Job, self.town.jobs[number].id))


@contextmanager
def customer(url: str, tmp_path: Path, made: Town) -> Iterator[Customer]:
    settings = Settings(database_url=url, data_dir=tmp_path, solver_warm_up=False, _env_file=None)  # type: ignore[call-arg]  # pydantic-settings takes it
    lasts = utc_now() + dt.timedelta(days=5)
    link = CustomerLink(org_id=made.org.id, job_id=made.jobs[0].id, expires_at=lasts)

    def save(session: Session) -> None:
        made.save(session)
        session.add(link)

    with served(services_at_hand(settings)) as (client, calls):
        calls.write(save)
        yield Customer(client, calls, made, f"/c/{links.seal(load_secret(settings), link.id)}")


@pytest.fixture
def zhao(database_url: str, tmp_path: Path) -> Iterator[Customer]:
    """A customer without an appointment, in a town with two technicians."""
    with customer(database_url, tmp_path, town(2, 2)) as opened:
        yield opened


def test_a_time_is_chosen_held_confirmed_changed_and_cancelled_with_forms_alone(zhao: Customer) -> None:
    assert f'href="{zhao.path}/book?lang=zh-CN"' in zhao.get().text
    page = zhao.get("/book")
    keys = SLOT.findall(page.text)
    assert page.status_code == 200
    assert len(keys) >= 8
    held = zhao.post("/book", slot=keys[1])
    assert (held.status_code, held.headers["location"]) == (303, f"{zhao.path}/book?lang=zh-CN")
    assert "请确认上门时间" in zhao.get("/book").text
    done = zhao.post("/book/confirm", slot=keys[1])
    assert (done.status_code, done.headers["location"]) == (303, f"{zhao.path}?lang=zh-CN")
    job = zhao.job()
    assert (job.status, job.window_start) == (JobStatus.ASSIGNED, clock(11))
    again = zhao.post("/book/confirm", slot=keys[1])
    assert (again.status_code, zhao.job().version) == (303, job.version)
    assert "改时间" in zhao.get().text
    change = zhao.get("/book")
    assert "目前预约" in change.text
    assert keys[1] not in SLOT.findall(change.text)  # no other time, and none to be charged for
    assert keys[3] in SLOT.findall(change.text)
    zhao.post("/book", slot=keys[3])
    zhao.post("/book/confirm", slot=keys[3])
    assert zhao.job().window_start == clock(15)
    assert zhao.get("/cancel").status_code == 200
    for _tap in range(2):
        gone = zhao.post("/cancel", reason="solved")
        assert (gone.status_code, gone.headers["location"]) == (303, f"{zhao.path}?lang=zh-CN")
    assert zhao.job().status is JobStatus.CANCELLED
    assert "本次服务已取消" in zhao.get("/cancel").text
    assert zhao.get("/book").status_code == 200
    assert "现在不需要预约时间" in zhao.get("/book").text


def test_the_other_time_gives_the_held_one_back(zhao: Customer) -> None:
    key = SLOT.findall(zhao.get("/book").text)[0]
    zhao.post("/book", slot=key)
    assert zhao.post("/book/release").status_code == 303
    assert key in SLOT.findall(zhao.get("/book").text)


def test_a_time_somebody_else_took_is_said_with_what_is_left(zhao: Customer) -> None:
    wrong = zhao.post("/book", slot="1000000000-1000007200")
    assert wrong.status_code == 409
    assert "刚刚被别人约走了" in wrong.text
    assert SLOT.findall(wrong.text)
    assert zhao.post("/book", slot="anything").status_code == 409
    assert zhao.post("/book/confirm", slot="9" * 11 + "-" + "9" * 11).status_code == 409


def test_a_page_that_cannot_tell_times_yet_looks_again_by_itself(
    zhao: Customer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def is_busy(_desk: DeskInThread, _question: Question) -> Answer:
        raise DeskBusyError("It has only begun to load.")

    with monkeypatch.context() as patch:
        patch.setattr(DeskInThread, "ask", is_busy)
        reply = zhao.get("/book")
    assert reply.status_code == 503
    again = re.search(r'http-equiv="refresh" content="\d+; url=([^"]+)"', reply.text)
    assert again is not None
    assert SLOT.search(zhao.client.get(again[1]).text)


def test_too_late_is_refused_with_the_number_to_call(zhao: Customer) -> None:
    key = SLOT.findall(zhao.get("/book").text)[0]
    zhao.post("/book", slot=key)
    assert "要打电话" not in zhao.get("/book").text
    strict = sa.update(BookingRules).values(change_until_h=72)
    zhao.calls.write(lambda session: session.execute(strict))
    assert (
        "不到 72 小时：确认后改时间或取消要打电话" in zhao.get("/book").text
    )  # before it is too late to know
    zhao.post("/book/confirm", slot=key)
    for page in (zhao.get("/book"), zhao.get("/cancel"), zhao.post("/cancel"), zhao.post("/book", slot=key)):
        assert "现在不能自助改动了" in page.text
        assert 'href="tel:400-800-1234"' in page.text
    assert zhao.get().text.count("tel:400-800-1234") == 1
    assert zhao.job().status is JobStatus.ASSIGNED


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("en_route", "师傅已经出发"),
        ("done", "现在不能在这里取消"),
        ("needs_part", "现在不能在这里取消"),
    ],
)
def test_who_asks_to_cancel_is_told_why_not_and_nothing_of_booking(
    zhao: Customer, status: str, told: str
) -> None:
    moved = sa.update(Job).where(col(Job.id) == zhao.town.jobs[0].id).values(status=status)
    zhao.calls.write(lambda session: session.execute(moved))
    asked, sent = zhao.get("/cancel"), zhao.post("/cancel")
    assert (asked.status_code, sent.status_code) == (200, 409)
    for page in (asked, sent):
        assert told in page.text
        assert "预约时间" not in page.text
    assert zhao.job().status == status


def test_too_late_costs_what_the_page_says_and_nothing_unsaid(zhao: Customer) -> None:
    """A form without the price, or with an older one, leads back to the page that tells it."""
    keys = SLOT.findall(zhao.get("/book").text)
    zhao.post("/book/confirm", slot=keys[0])
    priced = sa.update(BookingRules).values(change_until_h=72, late_change_fen=3_000, late_cancel_fen=5_000)
    zhao.calls.write(lambda session: session.execute(priced))
    assert "¥30.00" in zhao.get("/book").text
    unsaid = zhao.post("/book/confirm", slot=keys[3])
    assert (unsaid.status_code, unsaid.headers["location"]) == (303, f"{zhao.path}/book?lang=zh-CN")
    assert zhao.job().window_start == clock(9)
    zhao.post("/book", slot=keys[3])
    held = zhao.get("/book").text
    assert 'name="charge" value="3000"' in held
    assert "再改时间要收取 ¥30.00" in held
    zhao.post("/book/confirm", slot=keys[3], charge="3000")
    assert zhao.job().window_start == clock(15)
    zhao.book_by_itself(keys[3], agreed_fen=3_000)  # as the second of two taps at once does
    assert "¥50.00" in zhao.get("/cancel").text
    assert zhao.post("/cancel", charge="4999").headers["location"] == f"{zhao.path}/cancel?lang=zh-CN"
    zhao.post("/cancel", charge="5000")
    charges = zhao.calls.read(
        lambda session: list(session.scalars(sa.select(BookingCharge).order_by(col(BookingCharge.id))))
    )
    assert [(one.what, one.amount_fen) for one in charges] == [("change", 3_000), ("cancel", 5_000)]
    assert zhao.job().status is JobStatus.CANCELLED


def test_where_nothing_fits_one_can_wait(database_url: str, tmp_path: Path) -> None:
    made = town(1, 0)
    made.job(certificate="gas")
    with customer(database_url, tmp_path, made) as zhao:
        page = zhao.get("/book")
        assert "暂时没有可约的时间" in page.text
        assert "没有持有所需证书的师傅" in page.text
        assert zhao.post("/book/wait", part="morning").status_code == 303
        assert "候补名单" in zhao.get().text
        assert "退出候补" in zhao.get("/book").text
        assert zhao.post("/book/leave").status_code == 303
        assert "退出候补" not in zhao.get("/book").text


def test_where_nothing_but_the_time_one_has_is_free_the_page_says_so(zhao: Customer) -> None:
    one_a_day = sa.update(BookingRules).values(windows=[[9, 11]], days=2)
    zhao.calls.write(lambda session: session.execute(one_a_day))
    [only] = SLOT.findall(zhao.get("/book").text)
    zhao.post("/book/confirm", slot=only)
    page = zhao.get("/book").text
    assert SLOT.findall(page) == []
    assert "这几天除了您已约的时间，没有其他空档" in page
    zhao.post("/book/wait", part="any")
    assert "退出候补" in zhao.get("/book").text


CARRIED = re.compile(r'name="(view|point)" value="([^"]+)"')


def test_whose_address_no_map_knows_shows_it_and_chooses_at_once(database_url: str, tmp_path: Path) -> None:
    """Only then, only their own, and what no page of ours sent is not believed."""
    made = town(1, 0)
    made.job(located=False)
    with customer(database_url, tmp_path, made) as zhao:
        page = zhao.get("/book")
        assert "您家在哪里" in page.text
        assert f'href="{zhao.path}/map?lang=zh-CN"' in page.text
        assert "还没有标出位置" in zhao.post("/map", done="1").text + zhao.get("/map").text
        first = dict(CARRIED.findall(zhao.get("/map").text))
        assert list(first) == ["view"]
        for odd in ("1,2", "nan,nan,1", "91,0,1", "0,0,99", "1e400,0,1e400", "x"):
            assert dict(CARRIED.findall(zhao.post("/map", view=odd, point="1,2,3").text)) == first
        tapped = zhao.post("/map", **first, **{"pin.x": "160", "pin.y": "150"})
        nearer = zhao.post("/map", **dict(CARRIED.findall(tapped.text)), zoom="in")
        assert len(gzip.compress(nearer.content)) < PAGE_BUDGET_BYTES
        assert zhao.place().lat is None  # nothing is kept before it is confirmed
        done = zhao.post("/map", **dict(CARRIED.findall(nearer.text)), done="1")
        assert (done.status_code, done.headers["location"]) == (303, f"{zhao.path}/book?lang=zh-CN")
        place = zhao.place()
        assert place.source is LocationSource.PIN
        assert place.lat == pytest.approx(made.region.center_lat, abs=0.01)
        assert SLOT.findall(zhao.get("/book").text)
        for again in (zhao.get("/map"), zhao.post("/map", view="1,1,1", point="1,1", done="1")):
            assert "选择上门时间" in again.text or again.status_code == 303
        assert zhao.place().lat == place.lat


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_pages_are_light_private_and_send_forms_home(zhao: Customer, language: str) -> None:
    key = SLOT.findall(zhao.get("/book").text)[0]
    pages = [zhao.get(f"/book?lang={language}"), zhao.get(f"/cancel?lang={language}")]
    zhao.post("/book", slot=key)
    pages.append(zhao.get(f"/book?lang={language}"))
    for page in pages:
        assert len(gzip.compress(page.content)) < PAGE_BUDGET_BYTES
        assert "form-action 'self'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["cache-control"] == "no-store"
        assert f'lang="{language}"' in page.text
        assert " style=" not in page.text
    other = zhao.town.parents[1]
    assert other.name not in "".join(page.text for page in pages)


def test_links_that_do_not_open_book_nothing(zhao: Customer) -> None:
    """Tampered, withdrawn, of another server: one answer, and nothing of anybody in it."""
    key = SLOT.findall(zhao.get("/book").text)[0]
    token = zhao.path.removeprefix("/c/")
    tampered = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:] + token[0], token * 2, "x"]
    tails = ("", "/book", "/cancel", "/copy")
    pages = [zhao.client.get(f"/c/{wrong}{tail}").text for wrong in tampered for tail in tails]
    closed = {page.split("<main")[1].split("</main")[0] for page in pages}
    assert len(closed) == 1
    for wrong in tampered:
        for tail in ("/book", "/book/confirm", "/cancel", "/book/wait"):
            assert zhao.client.post(f"/c/{wrong}{tail}", data={"slot": key}).status_code == 404
    withdraw = sa.update(CustomerLink).values(revoked_at=utc_now())
    zhao.calls.write(lambda session: session.execute(withdraw))
    assert zhao.post("/book/confirm", slot=key).status_code == 404
    assert zhao.calls.read(lambda s: s.scalars(sa.select(col(Job.window_start))).all()) == [None, None]


def test_a_link_lives_on_after_a_late_appointment(zhao: Customer) -> None:
    soon = utc_now() + dt.timedelta(hours=1)
    zhao.calls.write(lambda session: session.execute(sa.update(CustomerLink).values(expires_at=soon)))
    zhao.post("/book/confirm", slot=SLOT.findall(zhao.get("/book").text)[0])
    (expires_at,) = zhao.calls.read(lambda s: s.scalars(sa.select(col(CustomerLink.expires_at))).all())
    assert expires_at == clock(11) + dt.timedelta(days=30)
