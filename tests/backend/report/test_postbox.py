"""E-mails become reports: read by IMAP from a local server, joined or answered, once each."""

import imaplib
import io
import re
import socketserver
import threading
import uuid
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from sqlmodel import Session, select

from backend.cases.models import Channel
from backend.db.types import utc_now
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.messages.channels import ChannelError, Outgoing
from backend.messages.models import ContactAddress
from backend.report import letters, postbox
from backend.report.letter import Letter, UnreadableLetterError, read
from backend.report.models import CaseAttachment, CaseReport, LetterState, ReportLetter
from backend.report.postbox import Postbox
from tests.backend.report.caller import PERSON, Caller, catalogue
from tests.backend.report.imap_server import ImapServer
from tests.databases import SqliteTemplates
from tests.factories.cast import cast, stage
from tests.factories.films import film

US, LI = "us@example.com", "li@example.org"


def photo(side_px: int = 640) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (side_px, side_px // 2), (90, 120, side_px % 200)).save(buffer, "JPEG")
    return buffer.getvalue()


def mail(key: str = "<a1@example.org>", text: str = "洗衣机不排水，显示 E21", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {"From": f"李女士 <{LI}>", "To": US, "Subject": "报修", "Message-ID": key}
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    return made


class Answers:
    """Takes what is written back; refuses as long as `error` is set."""

    def __init__(self) -> None:
        self.sent: list[Outgoing] = []
        self.error: ChannelError | None = None

    async def hand_over(self, org_id: uuid.UUID, channel: str, outgoing: Outgoing) -> str:
        assert (org_id.version, channel) == (7, "email")
        if self.error is not None:
            raise self.error
        self.sent.append(outgoing)
        return ""


class Office:
    """A server with a mailbox, and the mails in it."""

    def __init__(self, caller: Caller) -> None:
        self.caller, self.answers = caller, Answers()
        services = caller.on.client.app.state.services
        self._look = Postbox(services.settings, services.db, services.secret, self.answers).look

    def look(self, *mails: EmailMessage | bytes) -> int:
        """Let these arrive as unread, and look into the mailbox."""
        if mails:
            ImapServer.reset(*(one if isinstance(one, bytes) else one.as_bytes() for one in mails))
        portal = self.caller.on.client.blocking_portal
        return portal.call(self._look)

    @property
    def letters(self) -> list[ReportLetter]:
        return self.caller.rows(ReportLetter)


@pytest.fixture
def office(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Iterator[Office]:
    ImapServer.reset()
    people = cast(JobStatus.BOOKED)
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), ImapServer) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        mailbox = {
            "host": "127.0.0.1", "port": str(server.server_address[1]), "security": "none", "user": US,
            "password": "hush", "page": "chenguang",
        }  # fmt: skip
        url = sqlite_templates.copy_to(tmp_path / "shangmen.db")
        with stage(url, tmp_path, people) as on:
            on.calls.write(catalogue, people)
            on.client.app.state.services.settings.mailbox = mailbox
            yield Office(Caller(on))
        server.shutdown()
        thread.join()


def test_a_stranger_s_mail_waits_with_its_files_and_the_answer_s_link_makes_a_case_of_it(
    office: Office,
) -> None:
    sent = mail()
    sent.add_attachment(photo(), maintype="image", subtype="jpeg", filename="fault.jpg")
    sent.add_attachment(photo(64), maintype="image", subtype="jpeg", filename="logo.jpg")
    sent.add_attachment(film(), maintype="video", subtype="mp4", filename="noise.mp4")
    sent.add_attachment(b"<script>", maintype="text", subtype="html", filename="a.html")
    assert office.look(sent) == 1
    assert ImapServer.seen == {1}
    (answer,) = office.answers.sent
    assert (answer.address, "2 个文件" in answer.text) == (LI, True)
    assert office.look() == 0  # nothing unread, and nothing owed
    assert len(office.answers.sent) == 1
    found = re.search(r"(/report/chenguang)\?mail=([\w-]+)", answer.text)
    assert found is not None
    caller = office.caller
    assert "您邮件里的文字和文件已保存" in caller.on.client.get(found[0]).text
    caller.begin(mail=found[2])
    caller.to("need", {"need": "repair:no_drain"})
    details = caller.get("details").text
    assert "显示 E21" in details
    assert "视频 12 秒" in details
    assert details.count("data:image/jpeg") == 1
    caller.to("details", {"text": "报修：洗衣机不排水，显示 E21"})
    assert caller.to("contact", PERSON) == "done"
    (report,) = caller.rows(CaseReport)
    assert (report.channel, report.is_joined) == (Channel.EMAIL, False)
    assert sorted(one.kind for one in caller.rows(CaseAttachment)) == ["photo", "video"]
    (letter,) = office.letters
    assert (letter.state, letter.job_id, letter.sender, letter.text) == (
        LetterState.REPORTED,
        report.job_id,
        "",
        "",
    )
    caller.begin(mail=found[2])
    caller.to("need", {"need": "repair:leak"})
    assert "显示 E21" not in caller.get("details").text


def test_the_same_mail_again_and_one_that_died_before_it_was_marked_are_taken_once(office: Office) -> None:
    assert office.look(mail()) == 1
    assert office.look(mail(), mail("<a2@example.org>")) == 1
    assert [one.state for one in office.letters] == [LetterState.WAITING] * 2
    assert len(office.answers.sent) == 2


def test_a_customer_s_mail_about_an_open_case_joins_it(office: Office) -> None:
    world = office.caller.on.world

    def known(session: Session) -> None:
        session.add(ContactAddress(customer_id=world.customer.id, channel="email", address=LI))

    office.caller.on.calls.write(known)
    sent = mail(text="还是漏水\n> earlier words")
    sent.add_attachment(photo(), maintype="image", subtype="jpeg", filename="a.jpg")
    assert office.look(sent) == 1
    (report,) = office.caller.rows(CaseReport)
    assert (report.job_id, report.is_joined, report.text) == (world.job.id, True, "报修\n还是漏水")
    assert [one.case_id for one in office.caller.rows(CaseAttachment)] == [world.job.case_id]
    (answer,) = office.answers.sent
    assert world.job.number in answer.text
    assert [(one.state, one.sender, one.is_owed) for one in office.letters] == [
        (LetterState.JOINED, "", False)
    ]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Precedence": "bulk"},
        {"List_Id": "<news.example.org>"},
        {"Return_Path": "<>"},
        {"From": "Mail <MAILER-DAEMON@example.org>"},
        {"From": f"Ourselves <{US}>"},
    ],
)
def test_programs_lists_and_ourselves_are_never_answered(office: Office, headers: dict[str, str]) -> None:
    made = mail()
    for name in headers:
        del made[name.replace("_", "-")]
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    assert office.look(made) == 1
    assert office.answers.sent == []
    assert [(one.state, one.sender, one.text) for one in office.letters] == [(LetterState.REFUSED, "", "")]


def test_two_programs_that_answer_each_other_soon_stop(office: Office) -> None:
    assert office.look(*(mail(f"<{number}@example.org>") for number in range(7))) == 7
    assert len(office.answers.sent) == letters.MOST_ANSWERS


def test_what_cannot_be_taken_in_is_set_aside_once_and_the_office_is_told(office: Office) -> None:
    large, readable = mail(), mail("<b@example.org>")
    ImapServer.reset(large.as_bytes(), b"\xff\xfe no mail", readable.as_bytes())
    ImapServer.sizes[1] = 60_000_001
    assert office.look() == 1
    assert ImapServer.seen == {1, 2, 3}
    assert not any("1 (BODY.PEEK[])" in line for line in ImapServer.log)
    agent = office.caller.on.sign_in("agent")
    told = {
        one["why"]: one for one in agent.get("/api/letters").json()["items"] if one["state"] == "unreadable"
    }
    assert {why: (one["sender"], one["subject"]) for why, one in told.items()} == {
        "too_large": (LI, "报修"),
        "bad_form": ("", ""),
    }
    ImapServer.seen.clear()  # a crash before they were marked
    ImapServer.sizes[1] = 60_000_001
    assert office.look() == 0
    assert len(office.letters) == 3
    assert [one.address for one in office.answers.sent] == [LI]
    call = {
        "key": str(uuid.uuid4()), "sku": "WM-8", "type": "repair", "name": "李女士", "phone": "154 1234 0007",
        "address": "望京西园四区 410 号楼", "text": "x", "letter_id": told["too_large"]["id"],
    }  # fmt: skip
    refused = agent.post("/api/intake/reports", json=call)
    assert (refused.status_code, refused.json()["code"]) == (422, "unreadable_letter")
    aside = f"/api/letters/{told['bad_form']['id']}/dismiss"
    assert [agent.post(aside, json={"reason": "已读"}).status_code for _ in range(2)] == [204, 409]
    office.caller.on.calls.write(grown_old)
    settled = agent.get("/api/letters", params={"settled": "true"}).json()["items"]
    assert {(one["state"], one["sender"]) for one in settled} == {("dismissed", ""), ("forgotten", LI)}


def grown_old(session: Session) -> None:
    for row in session.exec(select(ReportLetter).where(ReportLetter.why == "too_large")):
        row.expires_at = utc_now()


def test_twenty_that_nobody_foresaw_hide_no_other_and_are_set_aside_in_the_end(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stumble(raw: bytes) -> Letter:
        if b"<bad" in raw:
            raise RuntimeError("nobody foresaw this")
        return read(raw)

    monkeypatch.setattr("backend.report.letter_desk.read", stumble)
    bad = [mail(f"<bad{number}@example.org>") for number in range(postbox.AT_ONCE)]
    assert office.look(*bad, mail("<b@example.org>")) == 0
    assert (office.look(), ImapServer.seen) == (1, {21})
    monkeypatch.setattr(postbox, "MOST_TRIES", 2)
    office.look()
    assert office.look() == 0
    assert ImapServer.seen == set(range(1, 22))
    assert {(one.state, one.why) for one in office.letters} == {
        (LetterState.UNREADABLE, "failed"),
        (LetterState.WAITING, ""),
    }
    assert len(office.letters) == 21


def test_whoever_waits_for_an_answer_has_it_though_the_mailbox_cannot_be_opened(office: Office) -> None:
    office.answers.error = ChannelError("try later", is_final=False)
    office.look(mail())
    office.answers.error = None
    office.caller.on.client.app.state.services.settings.mailbox["password"] = "changed meanwhile"
    with pytest.raises(imaplib.IMAP4.error):
        office.look()
    assert len(office.answers.sent) == 1


def test_an_answer_that_could_not_leave_is_sent_later_and_a_refused_one_is_not(office: Office) -> None:
    office.answers.error = ChannelError("try later", is_final=False)
    office.look(mail())
    office.answers.error = None
    office.look()
    assert len(office.answers.sent) == 1
    office.answers.error = ChannelError("550 nobody", is_final=True)
    office.look(mail("<c@example.org>"))
    office.answers.error = None
    office.look()
    assert len(office.answers.sent) == 1
    assert [one.why for one in office.letters] == ["", "550 nobody"]


def report_by_the_key(session: Session, case_id: uuid.UUID, job_id: uuid.UUID, key: uuid.UUID) -> None:
    """Another organisation's report, sent with a key that is the number of one of our letters."""
    org_id = session.get_one(Job, job_id).org_id
    session.add(
        CaseReport(
            org_id=org_id, key=key, case_id=case_id, job_id=job_id, channel=Channel.API, text="别处的话",
            name="钱先生", phone="+8615400000009", address="别处 1 号", answer_by=utc_now(),
        )
    )  # fmt: skip


def test_the_office_takes_letters_up_by_hand_or_sets_them_aside_and_sees_what_became_of_all(
    office: Office,
) -> None:
    office.answers.error = ChannelError("busy", is_final=False)
    sent = mail(text="洗衣机漏水")
    sent.add_attachment(photo(), maintype="image", subtype="jpeg", filename="fault.jpg")
    office.look(sent, mail("<b@example.org>", text="广告"), mail("<c@example.org>", Precedence="bulk"))
    agent = office.caller.on.sign_in("agent")
    spam, fault = (one["id"] for one in agent.get("/api/letters").json()["items"])

    call = {
        "key": str(uuid.uuid4()), "sku": "WM-8", "type": "repair", "name": "李女士", "phone": "154 1234 0007",
        "address": "望京西园四区 410 号楼", "text": "洗衣机漏水", "letter_id": fault,
    }  # fmt: skip
    made = agent.post("/api/intake/reports", json=call).json()
    assert agent.post("/api/intake/reports", json=call).json() == made
    late = agent.post("/api/intake/reports", json=call | {"key": str(uuid.uuid4())})
    assert (late.status_code, late.json()["code"]) == (409, "letter_settled")
    reports = agent.get(f"/api/jobs/{made['job']['job_id']}/reports").json()
    assert [one["channel"] for one in reports["reports"]] == ["email"]
    assert len(reports["attachments"]) == 1

    aside = f"/api/letters/{spam}/dismiss"
    assert office.caller.on.sign_in("clerk").post(aside, json={"reason": "广告"}).status_code == 403
    assert office.caller.on.sign_in("stranger").post(aside, json={"reason": "广告"}).status_code == 404
    assert agent.post(aside, json={"reason": "广告"}).status_code == 204
    assert agent.post(aside, json={"reason": "广告"}).status_code == 409
    assert agent.get("/api/letters").json()["items"] == []
    # An answer that was on its way meanwhile.
    office.caller.on.calls.write(letters.answered, uuid.UUID(spam), is_over=False, why="busy")
    theirs = office.caller.on.cast.theirs
    office.caller.on.calls.write(report_by_the_key, theirs.case.id, theirs.job.id, uuid.UUID(spam))
    settled = agent.get("/api/letters", params={"settled": "true"}).json()["items"]
    assert [(one["state"], one["job_number"], one["why"], one["text"]) for one in settled] == [
        ("refused", None, "", ""),
        ("dismissed", None, "广告", ""),
        ("reported", made["job"]["number"], "busy", ""),
    ]
    assert not any(one["is_owed"] for one in settled)


def test_the_oldest_that_waits_is_reached_part_by_part_and_found_by_its_words(office: Office) -> None:
    office.look(*(mail(f"<{n}@example.org>", Subject=f"报修 {n}", text=f"第{n}封 100%") for n in range(5)))
    agent = office.caller.on.sign_in("agent")
    seen: list[str] = []
    part: dict[str, Any] = {"next": ""}
    while part["next"] is not None:
        after = {"after": part["next"]} if part["next"] else {}
        part = agent.get("/api/letters", params={"limit": "2", **after}).json()
        seen += [one["subject"] for one in part["items"]]
    assert seen == [f"报修 {n}" for n in (4, 3, 2, 1, 0)]
    (found,) = agent.get("/api/letters", params={"q": "第1封 100%"}).json()["items"]
    assert agent.get("/api/letters", params={"q": "第1封_100%"}).json()["items"] == []
    path = f"/api/letters/{found['id']}"
    assert agent.get(path).json() == found
    assert [office.caller.on.sign_in(who).get(path).status_code for who in ("clerk", "stranger")] == [
        403,
        404,
    ]
    agent.post(f"{path}/dismiss", json={"reason": "广告"})
    gone = agent.get(path)
    assert (gone.status_code, gone.json()["code"]) == (409, "letter_settled")


def test_a_letter_nobody_went_on_with_is_emptied_with_its_files(office: Office) -> None:
    sent = mail()
    sent.add_attachment(photo(), maintype="image", subtype="jpeg", filename="fault.jpg")
    office.look(sent)
    agent = office.caller.on.sign_in("agent")
    assert [(one["sender"], one["subject"]) for one in agent.get("/api/letters").json()["items"]] == [
        (LI, "报修")
    ]
    files = office.caller.on.calls.write(letters.forget_expired, utc_now() + letters.KEPT_FOR)
    assert len(files) == 1
    assert agent.get("/api/letters").json()["items"] == []
    (gone,) = agent.get("/api/letters", params={"settled": "true"}).json()["items"]
    assert (gone["state"], gone["sender"]) == ("forgotten", "")
    aside = agent.post(f"/api/letters/{gone['id']}/dismiss", json={"reason": "广告"})
    assert (aside.status_code, aside.json()["code"]) == (409, "letter_settled")
    assert office.look(sent) == 0  # its key stays: the same mail is no news


@pytest.mark.parametrize("raw", [b"", b"From: nobody\r\n\r\nhi", b"From: a@b\r\n\r\n", "题".encode() * 100])
def test_what_names_nobody_to_answer_is_no_letter(raw: bytes) -> None:
    with pytest.raises(UnreadableLetterError):
        read(raw)


def test_the_words_of_a_page_are_read_without_what_it_hides() -> None:
    made = EmailMessage()
    made["From"] = LI
    made.set_content(
        "<head><title>x</title><style>p{}</style></head><p>漏水<br>很多</p><script>alert(1)</script>"
        "<blockquote>earlier</blockquote>",
        subtype="html",
    )
    assert read(made.as_bytes()).text == "漏水\n很多"
