"""The live day over HTTP: from a call in the morning to a day that holds again."""

import asyncio
import datetime as dt
from typing import Any

import pytest
from sqlmodel import Session, select

from backend.auth.models import Role
from backend.jobs import service as jobs
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.live.asked import AskRemedies, Remedy
from backend.technicians.models import Shift
from tests.backend.live.conftest import LiveDay
from tests.factories.scheduling import DAY, at


def wanted(remedy: dict[str, Any]) -> dict[str, Any]:
    """The body that puts a remedy into force."""
    fields = ("job_id", "version", "technician_id", "arrive", "start", "end", "travel_s", "travel_m")
    return {
        "changes": [{name: change[name] for name in fields} for change in remedy["changes"]],
        "take_back": [{"job_id": each["job_id"], "version": each["version"]} for each in remedy["left"]],
    }


def test_a_technician_falls_ill_and_one_call_puts_the_day_right(live: LiveDay) -> None:
    dispatcher, wang = live.sign_in(), live.day.technicians[0]
    assert dispatcher.get(f"/api/exceptions?{live.where}").json() == []

    noted = dispatcher.post(f"/api/technicians/{wang.id}/absence", json={"day": DAY.isoformat()})
    assert noted.json() == {"visits": 2}
    troubles = dispatcher.get(f"/api/exceptions?{live.where}").json()
    assert [(each["kind"], each["number"]) for each in troubles] == [("off_duty", "J1"), ("off_duty", "J2")]

    [spread] = dispatcher.get(f"/api/remedies?{live.where}&technician_id={wang.id}").json()
    assert (spread["code"], len(spread["changes"]), spread["left"]) == ("spread", 2, [])
    assert spread["price_fen"] < 0
    applied = dispatcher.post("/api/remedies", json=wanted(spread))
    assert applied.status_code == 200, applied.text
    assert len(applied.json()["changed"]) == 2
    assert {each["number"]: each["version"] for each in applied.json()["jobs"]} == {
        f"J{number + 1}": live.job(number).version for number in (0, 1)
    }

    for number in (0, 1):
        assert live.job(number).technician_id == live.day.technicians[1].id
    assert dispatcher.get(f"/api/exceptions?{live.where}").json() == []
    again = dispatcher.post("/api/remedies", json=wanted(spread))
    assert (again.status_code, again.json()["code"], again.json()["numbers"]) == (409, "stale", ["J1", "J2"])


def test_one_job_has_ways_out_with_their_prices_and_may_be_taken_back(live: LiveDay) -> None:
    dispatcher = live.sign_in()
    found = dispatcher.get(f"/api/remedies?{live.where}&job_id={live.day.jobs[0].id}").json()
    assert [each["code"] for each in found] == ["give", "give", "leave"]
    leave = found[-1]
    assert leave["price_fen"] > max(each["price_fen"] for each in found[:-1])
    assert leave["left"][0]["number"] == "J1"
    assert dispatcher.post("/api/remedies", json=wanted(leave)).status_code == 200
    job = live.job(0)
    assert (job.status, job.technician_id) == (JobStatus.BOOKED, None)


def test_what_changes_while_remedies_are_worked_out_makes_them_stale(
    live: LiveDay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The versions are those of the day the remedies were worked out from, not of the one that came since."""
    dispatcher, job_id = live.sign_in(), live.day.jobs[0].id
    remedies = live.client.app.state.services.remedies
    work_out = remedies.ask

    async def slowly(question: AskRemedies) -> tuple[Remedy, ...]:
        await asyncio.to_thread(live.calls.write, lambda s: jobs.touch(s, s.get_one(Job, job_id)))
        return tuple(await work_out(question))

    monkeypatch.setattr(remedies, "ask", slowly)
    best = dispatcher.get(f"/api/remedies?{live.where}&job_id={job_id}").json()[0]
    applied = dispatcher.post("/api/remedies", json=wanted(best))
    assert (applied.status_code, applied.json()["numbers"]) == (409, ["J1"])
    assert live.job(0).technician_id == live.day.technicians[0].id


def test_leaving_early_keeps_the_morning(live: LiveDay) -> None:
    dispatcher, wang = live.sign_in(), live.day.technicians[0]
    body = {"day": DAY.isoformat(), "since": at(12).isoformat()}
    assert dispatcher.post(f"/api/technicians/{wang.id}/absence", json=body).json() == {"visits": 1}
    troubles = dispatcher.get(f"/api/exceptions?{live.where}").json()
    assert [(each["kind"], each["number"]) for each in troubles] == [("off_duty", "J2")]
    assert (
        dispatcher.post(f"/api/technicians/{wang.id}/absence", json={"day": "2020-01-01"}).status_code == 404
    )


def test_who_comes_after_all_has_the_shift_back_unless_it_was_changed(live: LiveDay) -> None:
    dispatcher, wang = live.sign_in(), live.day.technicians[0]
    path = f"/api/technicians/{wang.id}/absence"
    assert dispatcher.request("DELETE", f"{path}?day={DAY}").status_code == 404
    for since in (None, at(12).isoformat()):
        dispatcher.post(path, json={"day": DAY.isoformat(), "since": since})
        assert dispatcher.get(f"/api/exceptions?{live.where}").json() != []
        back = dispatcher.request("DELETE", f"{path}?day={DAY}")
        assert (back.status_code, back.json()["end"]) == (200, "2027-03-16T10:00:00Z")
        assert dispatcher.get(f"/api/exceptions?{live.where}").json() == []

    dispatcher.post(path, json={"day": DAY.isoformat(), "since": at(12).isoformat()})
    dispatcher.post(path, json={"day": DAY.isoformat(), "since": at(11).isoformat()})
    dispatcher.request("DELETE", f"{path}?day={DAY}")
    again = dispatcher.post(path, json={"day": DAY.isoformat(), "since": at(10).isoformat()})
    assert again.status_code == 200

    def cut(session: Session) -> None:
        shift = session.exec(select(Shift).where(Shift.technician_id == wang.id, Shift.day == DAY)).one()
        shift.ends_at = at(9)

    live.calls.write(cut)
    refused = dispatcher.request("DELETE", f"{path}?day={DAY}")
    assert (refused.status_code, refused.json()["code"], refused.json()["name"]) == (
        409, "shift_changed", "王建国",
    )  # fmt: skip


def test_the_rules_of_the_day_are_the_administrators(live: LiveDay) -> None:
    dispatcher, admin = live.sign_in(), live.sign_in(Role.ADMIN)
    usual = dispatcher.get("/api/live-rules").json()
    assert (usual["book_within_h"], usual["is_replanning"]) == (24, False)
    wanted = usual | {"book_within_h": None, "warn_minutes": 120}
    assert dispatcher.request("PUT", "/api/live-rules", json=wanted).status_code == 403
    assert admin.request("PUT", "/api/live-rules", json=wanted).json() == wanted
    assert dispatcher.get("/api/live-rules").json() == wanted


@pytest.mark.slow
def test_the_server_helps_by_itself_within_its_limits_and_says_what_it_did(live: LiveDay) -> None:
    """Off until somebody asks for it; what is about to start stays; the log has both."""
    dispatcher, admin = live.sign_in(), live.sign_in(Role.ADMIN)
    wang, li = live.day.technicians
    dispatcher.post(f"/api/technicians/{wang.id}/absence", json={"day": DAY.isoformat()})

    def look() -> int:
        portal = live.client.blocking_portal
        assert portal is not None
        return int(portal.call(live.client.app.state.services.replanner.look))

    assert look() == 0
    rules = dispatcher.get("/api/live-rules").json()
    for freeze_minutes, given in ((1_440, 0), (120, 1), (120, 0)):
        wanted = rules | {"is_replanning": True, "freeze_minutes": freeze_minutes}
        admin.request("PUT", "/api/live-rules", json=wanted)
        assert look() == given
    [said] = dispatcher.get(f"/api/replanned?{live.where}").json()
    assert (said["number"], said["outcome"], said["trouble"]) == ("J2", "given", "off_duty")
    assert said["changes"][0]["technician_id"] == str(li.id)
    assert [live.job(number).technician_id for number in (0, 1)] == [wang.id, li.id]
    assert live.sign_in(Role.VENDOR_DISPATCHER).get(f"/api/replanned?{live.where}").status_code == 403


def test_a_remedy_is_all_or_nothing(live: LiveDay) -> None:
    """The second change is for a time that is taken."""
    dispatcher, li = live.sign_in(), live.day.technicians[1]

    def fill(session: Session) -> None:
        other = Job(**live.day.jobs[1].model_dump() | {"id": live.day.case.id, "number": "J9", "version": 1})
        other.status, other.technician_id = JobStatus.BOOKED, None
        session.add(other)
        session.flush()
        jobs.assign(session, live.day.dispatcher, other, li.id, at(14))

    live.calls.write(fill)
    changes = [
        {
            "job_id": str(live.job(number).id), "version": live.job(number).version,
            "technician_id": str(li.id),
            "arrive": at(hour).isoformat(), "start": at(hour).isoformat(),
            "end": (at(hour) + dt.timedelta(seconds=3_000)).isoformat(),
        }
        for number, hour in ((0, 10), (1, 14))
    ]  # fmt: skip
    reply = dispatcher.post("/api/remedies", json={"changes": changes})
    assert reply.status_code == 409, reply.text
    assert {live.job(number).technician_id for number in (0, 1)} == {live.day.technicians[0].id}


@pytest.mark.parametrize(
    ("role", "exceptions", "remedies"),
    [(Role.AGENT, 200, 403), (Role.CLERK, 403, 403), (Role.VENDOR_DISPATCHER, 200, 403)],
)
def test_who_may_look_and_who_may_act(live: LiveDay, role: Role, exceptions: int, remedies: int) -> None:
    person = live.sign_in(role)
    assert person.get(f"/api/exceptions?{live.where}").status_code == exceptions
    asked = person.get(f"/api/remedies?{live.where}&job_id={live.day.jobs[0].id}")
    assert asked.status_code == remedies
    change = {
        "job_id": str(live.day.jobs[0].id), "version": 1, "technician_id": str(live.day.technicians[1].id),
        "arrive": at(10).isoformat(), "start": at(10).isoformat(), "end": at(11).isoformat(),
    }  # fmt: skip
    assert person.post("/api/remedies", json={"changes": [change]}).status_code in (403, 404)
    absent = person.post(f"/api/technicians/{live.day.technicians[0].id}/absence", json={"day": str(DAY)})
    assert absent.status_code in (403, 404)


@pytest.mark.parametrize("query", ["", "&job_id={job}&technician_id={technician}"])
def test_a_question_is_about_a_job_or_a_technician(live: LiveDay, query: str) -> None:
    asked = query.format(job=live.day.jobs[0].id, technician=live.day.technicians[0].id)
    assert live.sign_in().get(f"/api/remedies?{live.where}{asked}").status_code == 400
