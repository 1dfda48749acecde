"""What the page says in each state, and what it must not say."""

import datetime as dt
from dataclasses import replace

import pytest

from backend.booking.standing import Standing
from backend.jobs.lifecycle import JobStatus, JobType
from backend.tracking.attempts import Attempt
from backend.tracking.facts import Facts, Seen, Who
from backend.tracking.page_view import PageView
from backend.tracking.people import family_name
from backend.tracking.timeline import Happening
from backend.tracking.view import PageBuilder
from backend.tracking.words import Language

NOON = dt.datetime(2026, 11, 23, 4, 0, tzinfo=dt.UTC)  # 12:00 in Beijing
EXPIRES = NOON + dt.timedelta(days=30)


def minutes(count: float) -> dt.timedelta:
    return dt.timedelta(minutes=count)


ATTEMPT = Attempt(
    arrive_at=NOON + minutes(30), travel=minutes(25), travel_m=9_000, departed_at=None, arrived_at=None
)
FACTS = Facts(
    now=NOON,
    number="J1",
    type=JobType.INSTALL,
    status=JobStatus.ACCEPTED,
    window=(NOON, NOON + dt.timedelta(hours=2)),
    org_name="晨光电器",
    org_locale="zh-CN",
    zone="Asia/Shanghai",
    locale="zh-CN",
    address="望京西园四区 410 号楼",
    home=(39.9955, 116.4703),
    product="电热水器 60L",
    product_en="Water heater 60 L",
    who=Who("王建国", None, certified_as="electrician"),
    attempt=ATTEMPT,
    history=[Happening("book", NOON - minutes(90)), Happening("assign", NOON - minutes(60))],
)
ON_THE_WAY = replace(
    FACTS,
    status=JobStatus.EN_ROUTE,
    attempt=replace(ATTEMPT, departed_at=NOON - minutes(10)),
    seen=Seen(NOON - minutes(1), 39.98, 116.45),
)


def page(facts: Facts, language: Language = Language.CHINESE) -> PageView:
    return PageBuilder(facts, language).build(EXPIRES)


@pytest.mark.parametrize("status", list(JobStatus))
@pytest.mark.parametrize("language", list(Language))
def test_every_state_has_something_to_say(status: JobStatus, language: Language) -> None:
    """With and without a visit, a technician and a window; nothing is left unfilled."""
    bare = replace(FACTS, status=status, window=None, who=None, attempt=None, home=None, history=[])
    for facts in (replace(FACTS, status=status), replace(ON_THE_WAY, status=status), bare):
        shown = page(facts, language)
        texts = [shown.headline, shown.line, shown.state_word, *shown.notes, *(v for _, v in shown.details)]
        assert all(texts)
        assert not any("{" in text for text in texts)


def test_nobody_is_told_of_being_booked_before_there_is_a_time() -> None:
    bare = replace(FACTS, status=JobStatus.RECEIVED, window=None, who=None, attempt=None, history=[])
    assert (page(bare).state_word, page(bare, Language.ENGLISH).state_word) == ("待预约", "No time yet")


@pytest.mark.parametrize("status", [JobStatus.NO_SHOW, JobStatus.CUSTOMER_ABSENT])
def test_who_may_choose_a_new_time_is_asked_to_and_not_told_to_wait(status: JobStatus) -> None:
    missed = replace(FACTS, status=status)
    assert "重新约定时间" in page(missed).line
    choosing = replace(missed, standing=Standing("choose"))
    assert page(choosing).line == "请重新选择一个您方便的上门时间。"


def test_before_departure_the_range_and_the_promise_are_shown() -> None:
    shown = page(FACTS)
    assert (shown.kicker, shown.headline) == ("预计到达", "12:25–12:45")
    assert shown.promised == "约定时段 今天 12:00–14:00"
    assert shown.notes == ["您是师傅的下一站。"]
    assert shown.where is None


@pytest.mark.parametrize(
    ("count", "chinese", "english"),
    [
        (1, "师傅前面还有 1 家。", "There is one stop before yours."),
        (3, "师傅前面还有 3 家。", "There are 3 stops before yours."),
    ],
)
def test_stops_ahead_are_only_counted(count: int, chinese: str, english: str) -> None:
    facts = replace(FACTS, attempt=replace(ATTEMPT, stops_ahead=count, ahead=minutes(40)))
    assert page(facts).notes == [chinese]
    assert page(facts, Language.ENGLISH).notes == [english]


def test_a_visit_on_another_day_shows_the_promise_alone() -> None:
    tomorrow = dt.timedelta(days=1)
    facts = replace(
        FACTS,
        window=(NOON + tomorrow, NOON + tomorrow + minutes(120)),
        attempt=replace(ATTEMPT, arrive_at=NOON + tomorrow),
    )
    assert page(facts).headline == "明天 12:00–14:00"
    assert page(facts, Language.ENGLISH).headline == "Tomorrow 12:00–14:00"


def test_on_the_way_the_position_is_coarse_and_current() -> None:
    shown = page(ON_THE_WAY)
    assert shown.where is not None
    assert (shown.where.distance, shown.where.direction) == ("2.4 公里", "在您家西南")
    assert shown.where.seen == "1 分钟前更新"
    assert shown.reload_without_script_s == shown.refresh_s == 30


def test_nearby_says_almost_there() -> None:
    near = replace(ON_THE_WAY, seen=Seen(NOON, 39.9955, 116.4720))
    assert page(near).line == "师傅就快到了。"
    assert page(near).headline == "12:05 前"


def test_an_old_position_is_withheld_and_the_lost_signal_said() -> None:
    shown = page(replace(ON_THE_WAY, seen=Seen(NOON - minutes(7), 39.98, 116.45)))
    assert shown.where is not None
    assert shown.where.is_lost
    assert shown.where.radar is None
    assert not shown.where.distance
    assert "7 分钟前" in shown.where.seen
    assert "信号中断" in shown.line


def test_leaving_without_a_first_position_is_no_alarm_yet() -> None:
    just_left = replace(ON_THE_WAY, seen=None, attempt=replace(ATTEMPT, departed_at=NOON - minutes(1)))
    shown = page(just_left)
    assert shown.where is not None
    assert not shown.where.is_lost
    later = page(replace(just_left, now=NOON + minutes(10)))
    assert later.where is not None
    assert later.where.is_lost


@pytest.mark.parametrize("status", [status for status in JobStatus if status is not JobStatus.EN_ROUTE])
def test_only_on_the_way_is_there_a_position(status: JobStatus) -> None:
    assert page(replace(ON_THE_WAY, status=status)).where is None


def test_a_technician_who_is_not_coming_is_not_named() -> None:
    for status in (JobStatus.DECLINED, JobStatus.BOOKED, JobStatus.NO_SHOW, JobStatus.CANCELLED):
        assert page(replace(FACTS, status=status)).who is None


@pytest.mark.parametrize(
    ("window_end_min", "alarm", "state"),
    [(120, "", "assigned"), (35, "at_risk", "at_risk"), (15, "late", "failed")],
)
def test_a_promise_in_danger_is_admitted(window_end_min: float, alarm: str, state: str) -> None:
    facts = replace(FACTS, window=(NOON - minutes(60), NOON + minutes(window_end_min)))
    shown = page(facts)
    assert (shown.alarm, shown.state) == (alarm, state)


def test_a_small_chance_of_being_late_is_no_alarm() -> None:
    """The range reaches past the promise, but three of four times it will be kept."""
    facts = replace(FACTS, window=(NOON - minutes(60), NOON + minutes(42)))
    shown = page(facts)
    assert shown.headline == "12:25–12:45"
    assert (shown.alarm, shown.state) == ("", "assigned")


@pytest.mark.parametrize(
    ("code", "chinese", "english"),
    [
        ("electrician", "持证上岗：电工作业证", "Certified: electrical work"),
        ("of our own making", "持证上岗", "Certified"),  # a code is nothing to read
        (None, "", ""),
    ],
)
def test_a_certificate_is_called_by_its_name(code: str | None, chinese: str, english: str) -> None:
    facts = replace(FACTS, who=Who("王建国", None, certified_as=code))
    said = [shown.who.certified for shown in (page(facts), page(facts, Language.ENGLISH)) if shown.who]
    assert said == [chinese, english]


def test_a_day_elsewhere_is_told_in_its_own_zone() -> None:
    shown = page(replace(FACTS, zone="Europe/Berlin"))
    assert shown.promised == "约定时段 今天 05:00–07:00"


def test_a_vendor_is_named_as_a_partner() -> None:
    shown = page(replace(FACTS, who=Who("李明", "安心上门", certified_as=None)))
    assert shown.who is not None
    assert (shown.who.name, shown.who.belongs) == ("李师傅", "安心上门 · 合作服务商")


@pytest.mark.parametrize(
    ("name", "family"), [("王建国", "王"), ("欧阳建国", "欧阳"), ("欧阳", "欧"), ("John Smith", ""), ("", "")]
)
def test_technicians_are_called_by_their_family_name(name: str, family: str) -> None:
    assert family_name(name) == family


def test_a_day_after_the_signature_only_the_receipt_is_left() -> None:
    signed = replace(FACTS, status=JobStatus.SIGNED)
    day_after = replace(signed, now=NOON + dt.timedelta(hours=26, seconds=1))
    for facts, is_told in (
        (signed, True),
        (replace(day_after, now=NOON + dt.timedelta(hours=26)), True),
        (day_after, False),
    ):
        found = page(facts)
        assert found.has_receipt
        assert (found.who is not None) == is_told
        assert (FACTS.address in dict(found.details).values()) == is_told


def test_where_nothing_can_be_chosen_the_number_to_call_is_shown() -> None:
    standing = Standing(hotline="400-800-1234")
    shown = {status for status in JobStatus if page(replace(FACTS, status=status, standing=standing)).hotline}
    assert shown == {JobStatus.CANCELLED, JobStatus.NEEDS_PART, JobStatus.TO_WORKSHOP}


def test_until_when_a_time_may_be_changed_is_said_within_a_sentence() -> None:
    facts = replace(FACTS, standing=Standing("change", NOON + minutes(90)))
    assert page(facts, Language.ENGLISH).change_until == "You can change it here until today 13:30."
    assert page(facts).change_until == "今天 13:30 前可自助改动。"


def test_a_signed_job_leads_to_its_receipt_and_stops_listening() -> None:
    shown = page(replace(FACTS, status=JobStatus.SIGNED))
    assert shown.has_receipt
    assert not shown.is_live
    assert not page(FACTS).has_receipt
