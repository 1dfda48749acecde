"""The report pages over HTTP: forms alone, a draft that survives, duplicates, spam, double submits."""

import datetime as dt
import gzip
import re
import uuid
from html import unescape
from urllib.parse import quote

import pytest
import time_machine
from sqlmodel import Session

from backend.assets.models import Asset, Product, ServiceSpec
from backend.cases.models import Case
from backend.customers.models import LocationSource, Place
from backend.errors import TooManyAttemptsError
from backend.geocoding.gazetteer import beijing
from backend.jobs.lifecycle import JobStatus, JobType
from backend.jobs.models import Job
from backend.messages import tasks
from backend.report import limits
from backend.report.models import CaseAttachment, CaseReport, SelfHelpTry
from backend.report.pin import Spot, View
from backend.tracking.models import CustomerLink
from tests.backend.report.caller import PAGE_BUDGET_BYTES, PERSON, Caller, picture


def test_a_fault_is_reported_step_by_step_with_pictures_that_stay(on_both: Caller) -> None:
    first = on_both.client.get("/report/chenguang?sku=WM-8&sn=SN8-77")
    assert "洗衣机 8 公斤" in first.text
    assert 'value="SN8-77"' in first.text
    assert len(gzip.compress(first.content)) <= PAGE_BUDGET_BYTES
    assert "noindex" in first.headers["x-robots-tag"]
    on_both.begin(serial="SN8-77", qr="1")
    assert on_both.to("need", {"need": "repair:no_drain"}) == "help"
    assert "过滤器" in on_both.get("help").text
    assert on_both.to("help", {"helped": "no"}) == "details"
    sent = [("photos", ("a.jpg", picture(), "image/jpeg")), ("photos", ("b.jpg", picture(40), "image/jpeg"))]
    sent.append(("proofs", ("c.jpg", picture(9), "image/jpeg")))
    assert on_both.to("details", {"text": "滚筒里都是水", "bought": "2026-01-05"}, files=sent) == "contact"
    reloaded = on_both.get("details").text
    assert "滚筒里都是水" in reloaded
    assert reloaded.count("data:image/jpeg") == 3
    assert on_both.to("contact", PERSON) == "done"
    done = on_both.get("done").text
    (report,) = on_both.rows(CaseReport)
    job = on_both.on.calls.read(lambda session: session.get_one(Job, report.job_id))
    assert job.number in done
    assert re.search(r"前联系您", done)
    assert "/c/" in done
    assert (job.status, job.type, job.day) == (JobStatus.QUALIFIED, JobType.REPAIR, None)
    assert job.description == "不排水；已按自助步骤试过，未解决；滚筒里都是水"
    assert sorted(one.kind for one in on_both.rows(CaseAttachment)) == ["photo", "photo", "proof"]
    link = re.search(r'href="[^"]*(/c/[^/"]+)/book', done)
    assert link is not None
    assert on_both.client.get(link[1]).status_code == 200


def test_self_help_that_works_is_counted_and_opens_no_case(caller: Caller) -> None:
    before = len(caller.rows(Case))
    caller.begin()
    caller.to("need", {"need": "repair:no_fill"})
    assert caller.to("help", {"helped": "yes"}) == "solved"
    assert "没有生成工单" in caller.get("solved").text
    (tried,) = caller.rows(SelfHelpTry)
    assert (tried.symptom, tried.is_solved) == ("no_fill", True)
    assert len(caller.rows(Case)) == before


def test_the_same_report_sent_twice_is_one_case(caller: Caller) -> None:
    caller.report()
    before = len(caller.rows(Case))
    assert caller.to("contact", PERSON) == "done"
    assert len(caller.rows(Case)) == before
    assert len(caller.rows(CaseReport)) == 1


def test_a_repeated_report_joins_the_open_case_and_tells_a_stranger_nothing(on_both: Caller) -> None:
    on_both.report(serial="SN8-77")
    (link,) = on_both.rows(CustomerLink)
    (first,) = on_both.rows(CaseReport)
    job = on_both.on.calls.read(lambda session: session.get_one(Job, first.job_id))
    stranger = {**PERSON, "name": "陌生人", "phone": "15400000001", "address": "别处的一个地址 9 号"}
    told = Caller(on_both.on).report(stranger, serial="sn8-77")
    assert "已经在处理了" in told
    for secret in (job.number, "孙小姐", "5678", "411", str(job.id), "/c/"):
        assert secret not in told
    assert [one.is_joined for one in on_both.rows(CaseReport)] == [False, True]
    assert [one.id for one in on_both.rows(CustomerLink)] == [link.id]
    # The same caller about another appliance is a case of its own.
    assert "受理号" in Caller(on_both.on).report(serial="SN8-99")


def test_a_serial_number_of_somebody_else_is_asked_about_and_tells_nothing(caller: Caller) -> None:
    """Their job is signed, so nothing is open to join: the number alone brings no appliance of theirs."""
    world = caller.on.world

    def done(session: Session) -> None:
        session.get_one(Job, world.job.id).status = JobStatus.SIGNED
        spec = ServiceSpec(
            org_id=world.org.id, category=world.product.category, job_type=JobType.REPAIR,
            duration_s=3_600, skill="water",
        )  # fmt: skip
        session.add(spec)

    caller.on.calls.write(done)
    told = caller.report(need="repair:other", sku=world.product.sku, serial="SN60-0001")
    assert "受理号" in told
    report = caller.rows(CaseReport)[-1]
    job = caller.on.calls.read(lambda session: session.get_one(Job, report.job_id))
    asset = caller.on.calls.read(lambda session: session.get_one(Asset, job.asset_id))
    assert (asset.customer_id, asset.serial, asset.purchased_on) == (job.customer_id, None, None)
    agent = caller.on.sign_in("agent")

    def asked() -> list[tuple[str, str, str]]:
        return [(one["kind"], one["detail"], one["job_number"]) for one in agent.get("/api/tasks").json()]

    assert asked() == [("serial_elsewhere", "SN60-0001", job.number)]
    caller.on.calls.write(lambda session: tasks.settle(session, session.get_one(Job, job.id), "booked"))
    assert asked() == [("serial_elsewhere", "SN60-0001", job.number)]


def test_programs_that_fill_in_everything_and_floods_open_nothing(caller: Caller) -> None:
    trapped = caller.post("/report/chenguang", {"sku": "WM-8", "website": "http://spam.example"})
    assert trapped.status_code == 200
    for number in range(4):
        caller.report({**PERSON, "address": f"望京西园四区 {number} 号楼"}, serial=f"A{number}")
    caller.begin(serial="A9")
    caller.to("need", {"need": "repair:other"})
    refused = caller.post(f"{caller.path}/contact", PERSON)
    assert refused.status_code == 429
    assert "太频繁" in refused.text
    assert "411 号楼" in refused.text
    assert len(caller.rows(CaseReport)) == 4


def test_many_behind_one_address_wait_a_minute_at_most(caller: Caller) -> None:
    """A mobile network's address has thousands behind it: the thirteenth within an hour waits, briefly."""

    def send(source: str, number: int, at: dt.datetime) -> str:
        with time_machine.travel(at, tick=False):
            try:
                caller.on.calls.write(limits.count_sent, source, f"+8615400001{number:03}")
            except TooManyAttemptsError as error:
                return limits.told(error)
            return ""

    noon = dt.datetime(2026, 11, 23, 4, tzinfo=dt.UTC)
    assert [send("2001:db8:1:2::7", number, noon) for number in range(12)] == [""] * 12
    later = [send(f"2001:db8:1:2::{second}", 12, noon + dt.timedelta(seconds=second)) for second in (59, 60)]
    assert later == ["rep_wait", ""]
    assert send("2001:db8:1:2::9", 13, noon + dt.timedelta(seconds=61)) == "rep_wait"
    assert send("2001:db8:1:3::7", 13, noon + dt.timedelta(seconds=61)) == ""
    assert send("::ffff:192.0.2.1", 14, noon) == send("::ffff:192.0.2.2", 15, noon) == ""


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("phone", "12", "手机号不对"),
        ("name", " ", "请填写姓名"),
        ("address", "三楼", "请填写完整地址"),
        ("consent", "", "请先勾选同意"),
    ],
)
def test_what_is_missing_is_said_and_the_rest_is_kept(
    caller: Caller, field: str, value: str, told: str
) -> None:
    caller.begin()
    caller.to("need", {"need": "maintain"})
    refused = caller.post(f"{caller.path}/contact", {**PERSON, field: value})
    assert refused.status_code == 422
    assert told in refused.text
    kept = "address" if field != "address" else "name"
    assert PERSON[kept] in caller.get("contact").text
    assert caller.rows(CaseReport) == []


def test_a_pin_is_put_on_the_map_without_a_script_and_the_visit_goes_there(caller: Caller) -> None:
    caller.begin()
    caller.to("need", {"need": "repair:leak"})
    person = {**PERSON, "address": "北京市昌平区天通西苑三区 8 号楼 1 单元 202"}
    assert caller.to("contact", {**person, "consent": "", "to": "map"}) == "map"
    shown = caller.get("map").text
    assert "还没有标出位置" in shown
    assert quote("天通西苑三区") in shown
    assert caller.to("map", {"pin.x": "200", "pin.y": "100"}) == "map"
    assert "已标在离天通西苑三区约" in caller.get("map").text
    for change in ({"pin.x": "0", "pin.y": "0"}, {"pin.x": "none"}, {"zoom": "in"}, {"move": "up"}):
        assert caller.to("map", change) == "map"  # none of them moves it
    assert caller.to("map", {"done": "1"}) == "contact"
    assert "修改地图上的位置" in caller.get("contact").text
    assert caller.to("contact", person) == "done"
    (report,) = caller.rows(CaseReport)
    place = caller.on.calls.read(
        lambda session: session.get_one(Place, session.get_one(Job, report.job_id).place_id)
    )
    asked = beijing().find(person["address"]).community
    assert asked is not None
    expected = View(asked.point).point_at(Spot(200, 100))
    assert place.source is LocationSource.PIN
    assert place.lat == pytest.approx(expected.lat)
    assert place.lng == pytest.approx(expected.lng)


def test_a_pin_is_taken_off_again_and_a_map_opens_without_an_address(caller: Caller) -> None:
    caller.begin()
    caller.to("need", {"need": "repair:leak"})
    assert caller.get("map").status_code == 200
    caller.to("map", {"move": "north"})
    assert "删除标记" in caller.get("map").text
    caller.to("map", {"clear": "1"})
    assert "还没有标出位置" in caller.get("map").text


def a_thousand_products(session: Session, org_id: uuid.UUID) -> None:
    """Names as long as they may be, in both languages."""
    for number in range(1_000):
        name = f"智能变频空气净化一体洗衣机 {number} 型 " + chr(0x4E00 + number) * 60
        row = Product(
            org_id=org_id, sku=f"ZZ-{number:04}", name=name, name_en=name[::-1], category="washing_machine"
        )
        session.add(row)


def test_in_a_long_catalogue_one_s_product_is_sought_without_a_script(on_both: Caller) -> None:
    """Every page of it stays small, and what is typed is no pattern."""
    on_both.on.calls.write(a_thousand_products, on_both.on.world.org.id)
    for sought, shown in {
        "": 0,
        "8公斤 洗衣机": 1,
        "ｚｚ－0042": 1,
        "空气净化洗衣机": 30,
        "冰箱": 0,
        "%%": 0,
        "_": 0,
    }.items():
        page = on_both.client.get("/report/chenguang", params={"q": sought})
        assert page.text.count('name="sku"') == shown, sought
        assert ("还有更多产品" in page.text) == (shown == 30)
        assert ("没有找到" in page.text) == (shown == 0 and sought != "")
        assert len(gzip.compress(page.content)) <= PAGE_BUDGET_BYTES
    other = re.search(r'class="language" href="([^"]+)"', page.text)
    assert other is not None
    assert "q=_" in unescape(other[1])
    missing = on_both.post("/report/chenguang", {"q": "8公斤 洗衣机", "serial": "SN8"})
    assert (missing.status_code, missing.text.count('name="sku"')) == (422, 1)
    on_both.begin()
    need = on_both.get("need").text
    assert "洗衣机 8 公斤" in need
    assert 'href="/report/chenguang?lang=zh-CN"' in need  # and the way back to another one


def test_only_a_draft_s_own_address_opens_it(caller: Caller) -> None:
    caller.begin()
    token = caller.path.rpartition("/")[2]
    other = ("B" if token[5] != "B" else "C").join((token[:5], token[6:]))
    link = caller.client.get(f"/c/{token}")
    assert link.status_code == 404
    for wrong in (other, token[:-1], str(uuid.uuid4()), "A" * 43):
        assert caller.client.get(f"/report/draft/{wrong}/need").status_code == 404
    assert caller.client.get("/report/nobody").status_code == 404
    assert caller.client.get("/report").status_code == 404  # two organisations share this server
