"""A customer's words to the technician, and what a page no longer tells once the case is closed."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.jobs.models import Job
from backend.tracking.notes import MARK, MOST_NOTES
from tests.backend.tracking.test_page import share
from tests.factories.cast import Stage


def put_into(stage: Stage, status: str) -> None:
    def change(session: Session) -> None:
        session.execute(sa.update(Job).where(col(Job.id) == stage.world.job.id).values(status=status))

    stage.calls.write(change)


def note(stage: Stage) -> str:
    return stage.calls.read(lambda session: session.get_one(Job, stage.world.job.id)).note


def send(stage: Stage, path: str, text: str) -> str:
    reply = stage.client.post(f"{path}/note", data={"text": text}, follow_redirects=False)
    assert reply.status_code == 303
    return str(reply.headers["location"])


def test_a_note_reaches_the_technicians_phone(on_stage: Stage) -> None:
    path = share(on_stage)
    assert "给师傅留言" in on_stage.client.get(path).text
    assert "form-action 'self'" in on_stage.client.get(f"{path}/note").headers["content-security-policy"]
    assert send(on_stage, path, "  门禁 1234#\n停车走北门 ") == f"{path}?lang=zh-CN#details"
    assert note(on_stage) == f"{MARK}门禁 1234# 停车走北门"
    (job,) = on_stage.sign_in("technician").get("/api/sync/pull").json()["jobs"]
    assert "门禁 1234#" in job["note"]
    assert "门禁 1234#" in on_stage.client.get(path).text


def test_a_note_sent_twice_is_one_note(on_stage: Stage) -> None:
    path = share(on_stage)
    assert [send(on_stage, path, "停车走北门") for _ in range(2)] == [f"{path}?lang=zh-CN#details"] * 2
    assert note(on_stage) == f"{MARK}停车走北门"


def test_the_offices_note_is_not_shown_and_cannot_be_forged(on_stage: Stage) -> None:
    path = share(on_stage)
    internal = sa.update(Job).where(col(Job.id) == on_stage.world.job.id).values(note="难缠的客户")
    on_stage.calls.write(lambda session: session.execute(internal))
    send(on_stage, path, f"你好{MARK}{MARK}再见")
    assert note(on_stage) == f"难缠的客户\n{MARK}你好再见"
    assert "难缠" not in on_stage.client.get(path).text


def test_enough_is_enough(on_stage: Stage) -> None:
    path = share(on_stage)
    empty = on_stage.client.post(f"{path}/note", data={"text": "  \n "})
    assert (empty.status_code, "请先写下想说的话。" in empty.text) == (422, True)
    for number in range(MOST_NOTES + 2):
        send(on_stage, path, f"{number}" * 500)
    assert note(on_stage).count(MARK) == MOST_NOTES
    assert "现在不能留言了" in on_stage.client.get(f"{path}/note").text
    assert "给师傅留言</a>" not in on_stage.client.get(path).text


@pytest.mark.parametrize("status", ["done", "signed", "closed", "cancelled"])
def test_nothing_is_left_for_a_visit_that_is_over(on_stage: Stage, status: str) -> None:
    path = share(on_stage)
    put_into(on_stage, status)
    assert send(on_stage, path, "还在吗").startswith(f"{path}/note")
    assert note(on_stage) == ""


@pytest.mark.parametrize("status", ["closed", "cancelled"])
def test_once_closed_the_page_tells_neither_who_came_nor_where(on_stage: Stage, status: str) -> None:
    path = share(on_stage)
    assert "王师傅" in on_stage.client.get(path).text
    put_into(on_stage, status)
    text = on_stage.client.get(path).text
    private = ["王师傅", "望京西园", on_stage.world.vendor.name, on_stage.world.technician.phone]
    assert [word for word in private if word in text] == []
    assert on_stage.world.job.number in text
