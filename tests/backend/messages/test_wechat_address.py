"""A customer gives their WeChat address on their page, and nobody else's is ever taken for it."""

import asyncio
import datetime as dt
from collections.abc import Iterator

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import Session
from structlog.testing import capture_logs

from backend.app import Services
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.types import utc_now
from backend.messages import address_requests, channels, settings
from backend.messages.models import AddressRequest, ContactAddress, MessageRules
from backend.messages.wechat_openid import authorize_url, is_wechat
from backend.tracking.models import CustomerLink
from tests.factories.cast import Stage
from tests.factories.wechat import APP_ID, OPENID, SECRET, WeChat, wechat

IN_WECHAT = "Mozilla/5.0 (Linux; Android 14) Chrome/116 XWEB/1160 MicroMessenger/8.0.47 Language/zh_CN"
IN_WECOM = f"{IN_WECHAT} wxwork/4.1.10"


class Reader:
    """A customer on their page in WeChat's browser, which follows where it is sent step by step."""

    def __init__(self, stage: Stage, service: WeChat) -> None:
        self.stage, self.service = stage, service
        self.services: Services = stage.client.app.state.services
        admin = stage.sign_in("admin")
        link = admin.post(f"/api/jobs/{stage.world.job.id}/customer-link").json()["url"]
        self.page = f"/{link.split('/', 3)[3]}/messages"

    def get(self, path: str = "", agent: str = IN_WECHAT) -> httpx.Response:
        return self.stage.client.get(path or self.page, headers={"user-agent": agent}, follow_redirects=False)

    def press(self, agent: str = IN_WECHAT, **form: str) -> httpx.Response:
        path, headers = f"{self.page}/wechat?lang=en", {"user-agent": agent}
        return self.stage.client.post(path, data=form, headers=headers, follow_redirects=False)

    def leave(self) -> str:
        """Consent, go to WeChat, and where that sends back to."""
        left = self.press(consent="1")
        assert left.status_code == 303, left.text
        there = httpx.get(left.headers["location"].partition("#")[0])
        return there.headers["location"].removeprefix(self.services.settings.base_url)

    @property
    def address(self) -> ContactAddress | None:
        return self.stage.calls.read(
            lambda session: session.get(ContactAddress, (self.stage.world.customer.id, "wechat"))
        )


def agreed_long_ago(session: Session) -> None:
    session.execute(sa.update(ContactAddress).values(consented_at=utc_now() - dt.timedelta(days=400)))


@pytest.fixture
def reader(on_stage: Stage) -> Iterator[Reader]:
    """The organisation writes by WeChat first; its account is set up, and may reach this machine."""
    with wechat() as service:
        opened = Reader(on_stage, service)
        opened.services.settings.channel_hosts = ["127.0.0.0/8"]
        actor = Actor(Role.ADMIN, on_stage.world.org.id, name="admin")

        def set_up(session: Session) -> None:
            session.add(MessageRules(org_id=actor.org_id, channel="wechat", fallback="sms"))
            place = (actor, opened.services.secret, "wechat", "wechat")
            settings.write(session, *place, service.options, {"secret": SECRET})

        on_stage.calls.write(set_up)
        yield opened


def test_who_agreed_is_known_to_the_account_and_may_take_it_back(reader: Reader) -> None:
    """The link itself is not shown to WeChat, and nothing is asked outside its browser."""
    page = reader.get()
    assert "连接微信" in page.text
    assert f"form-action 'self' {reader.service.url};" in page.headers["content-security-policy"]
    for elsewhere in ("Mozilla/5.0 (iPhone) Safari/604.1", IN_WECOM):
        other = reader.get(agent=elsewhere)
        assert "微信" not in other.text
        assert "form-action 'self';" in other.headers["content-security-policy"]
        assert reader.press(elsewhere, consent="1").headers["location"].startswith("/c/")
    assert (reader.press().status_code, reader.address) == (422, None)
    token = reader.page.split("/")[2]
    back = reader.leave()
    assert token not in str(reader.press(consent="1").headers["location"])
    back = reader.leave()  # the last of those that left is the one who may come back
    came = reader.get(back)
    assert came.headers["location"] == f"/c/{token}/messages?lang=en&wechat=done"
    assert "shangmen_wechat" not in reader.stage.client.cookies
    found = reader.address
    assert found is not None
    assert (found.address, found.consented_at is not None) == (OPENID, True)
    shown = reader.get(came.headers["location"]).text
    assert "WeChat is connected" in shown
    assert "You agreed on" in shown
    assert OPENID not in shown  # whoever else has the link does not learn it
    (asked,) = reader.service.asked
    assert (asked["appid"], asked["secret"]) == (APP_ID, SECRET)
    reader.stage.calls.write(agreed_long_ago)
    reader.get(reader.leave())  # connected once more, with the same account: agreed to now
    renewed = reader.address
    assert renewed is not None
    assert renewed.consented_at is not None
    assert utc_now() - renewed.consented_at < dt.timedelta(hours=1)
    again = reader.get(back)  # the browser's own "back"
    assert (again.status_code, "没有连上微信" in again.text) == (404, True)
    assert len(reader.service.asked) == 2
    office, contact = reader.stage.sign_in("agent"), f"/api/jobs/{reader.stage.world.job.id}/contact"
    for wanted, is_theirs in ((OPENID, True), ("oAnother_1234567890", False)):
        assert office.request("PUT", contact, json={"wechat": wanted}).json()["wechat"] == wanted
        kept = reader.address
        assert kept is not None
        assert (kept.consented_at is not None) == is_theirs  # what the office typed, they did not agree to
    assert reader.press(forget="1").headers["location"] == f"/c/{token}/messages?lang=en"
    assert reader.address is None


def test_what_goes_wrong_on_the_way_leaves_everything_as_it_was(
    reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nor does the account's secret get into a log, whatever a server says that is not WeChat's."""
    reader.get(reader.leave())
    before = reader.address
    assert before is not None
    answers: list[tuple[object, str]] = [
        ({"errcode": 40163, "errmsg": "code been used"}, "again"),
        ({"errcode": 40029, "errmsg": "invalid code"}, "again"),
        ({"errcode": 40125, "errmsg": "invalid appsecret"}, "later"),
        ({"errcode": -1, "errmsg": "system error"}, "later"),
        ({"openid": OPENID, "is_snapshotuser": 1}, "later"),
        ({"openid": "<script>"}, "later"),
        ("another server, which repeats what it was asked", "later"),
        ("silence", "later"),
    ]
    with capture_logs() as logged:
        for answer, said in answers:
            if answer == "silence":
                monkeypatch.setattr("backend.messages.posting.TIMEOUT_S", 0.2)
            reader.service.answers = [answer]
            came = reader.get(reader.leave())
            assert came.headers["location"].endswith(f"&wechat={said}"), answer
    assert sum("wechat" in one["event"] for one in logged) == 6
    assert SECRET not in str(logged)
    for said, words in (
        ("again", "tap “Connect WeChat” again"),
        ("later", "Try again later"),
        ("x", "News by"),
    ):
        assert words in reader.get(f"{reader.page}?lang=en&wechat={said}").text.replace("Tap", "tap")
    refused = reader.get(reader.leave().replace("code=", "nothing="))  # they said no over there
    assert refused.headers["location"].endswith("&wechat=again")
    reader.services.settings.channel_hosts = []  # and the server is sent nowhere inside
    assert reader.get(reader.leave()).headers["location"].endswith("&wechat=later")
    now = reader.address
    assert now is not None
    assert (now.address, now.consented_at) == (before.address, before.consented_at)


def test_nobody_comes_back_but_the_browser_that_left_with_its_own_state_in_time(reader: Reader) -> None:
    back = reader.leave()
    tampered = back[:-1] + ("0" if back[-1] != "0" else "1")
    for wrong in (tampered, back.partition("&state")[0], "/c/wechat", f"{back}{'0' * 200}"):
        assert reader.get(wrong).status_code in (400, 404), wrong
    cookies = reader.stage.client.cookies
    own = cookies.get("shangmen_wechat")
    cookies.delete("shangmen_wechat")
    assert reader.get(back).status_code == 404  # somebody else's browser, with the address passed on
    assert own is not None
    late = utc_now() + dt.timedelta(minutes=10)
    assert reader.stage.calls.write(address_requests.take_back, own, late) is None
    reader.leave()
    back = reader.leave()
    stage = reader.stage
    stage.sign_in("admin").request("DELETE", f"/api/jobs/{stage.world.job.id}/customer-link")
    assert reader.get(back).status_code == 404  # the link was withdrawn meanwhile
    assert reader.address is None
    assert reader.service.asked == []
    assert stage.calls.read(lambda session: session.scalars(sa.select(AddressRequest)).all()) == []
    assert reader.press(consent="1").status_code == 404


def test_a_button_pressed_twice_at_once_leaves_twice_and_one_may_come_back(reader: Reader) -> None:
    db = reader.stage.calls.database
    link = reader.stage.calls.read(lambda session: session.scalars(sa.select(CustomerLink)).one())

    async def both() -> list[str]:
        return await asyncio.gather(*(db.write(address_requests.begin, link.id, "en") for _ in range(2)))

    left = reader.stage.calls.run(both)
    back = [reader.stage.calls.write(address_requests.take_back, state) for state in left]
    assert [one is None for one in back].count(False) == 1


def test_wechats_own_page_is_asked_as_it_wants_to_be() -> None:
    """It refuses parameters in another order, and needs the fragment."""
    url = authorize_url({"app_id": "wx1"}, "https://example.com/c/wechat", "a1")
    assert url == (
        "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1"
        "&redirect_uri=https%3A%2F%2Fexample.com%2Fc%2Fwechat&response_type=code&scope=snsapi_base"
        "&state=a1#wechat_redirect"
    )
    assert is_wechat(IN_WECHAT)
    assert not is_wechat(IN_WECOM)
    assert channels.TIMEOUT_S <= 10  # a customer waits for it
