"""A person gets all we hold of them, and is forgotten: nothing that names them is left but signed papers."""

import datetime as dt
import io
import json
import uuid
import zipfile
from typing import Any

import pytest
import sqlalchemy as sa
from PIL import Image
from sqlmodel import Session, SQLModel, col

from backend.assets.models import Asset, ServiceSpec
from backend.auth.models import Role
from backend.cases.models import Case, Channel, SalesOrder
from backend.customers.models import Customer
from backend.db.registry import METADATA
from backend.db.types import utc_now
from backend.evidence import acceptance, blobs
from backend.evidence.canonical import digest
from backend.evidence.models import Acceptance, StepAnswer
from backend.evidence.snapshot import build_snapshot
from backend.evidence.store import LocalBlobStore
from backend.extras.models import ExtraQuote, QuoteState
from backend.imports import forgetting
from backend.imports.models import ImportRun
from backend.jobs.lifecycle import Action, JobStatus, JobType
from backend.jobs.models import Job, JobEvent
from backend.messages import outbox
from backend.messages.models import (
    AddressRequest,
    AgentTask,
    ContactAddress,
    Message,
    MessageEvent,
    MessageState,
    TaskKind,
)
from backend.push.models import PersonKind, PushSubscription
from backend.report import service as reports
from backend.report.models import AttachmentKind, CaseAttachment, LetterState, ReportLetter
from backend.sync.models import FieldConflict
from backend.tracking.models import CustomerLink
from tests.factories.cast import Person, Stage
from tests.factories.doorstep import Doorstep, second_visit
from tests.factories.orders import OWN, csv_bytes

STROKES = [[{"x": 0.1, "y": 0.1, "t": 0, "p": 0.5}, {"x": 0.6, "y": 0.3, "t": 90, "p": 0.5}]]
# Papers that must be kept, and what is left in them.
PAPERS = frozenset({"acceptance", "extra_quote"})
ADDRESS, ENDPOINT = "zhao@example.test", "https://push.example.test/zhao"
ORDER_NO = "TB-2026-7788"
OPENID, STATE = "oABCD_1234567890-abcdefghijk", "c" * 64


def picture() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 32), "teal").save(buffer, "JPEG")
    return buffer.getvalue()


def lived_in(stage: Stage) -> str:
    """Our customer has a signed job, a note, a picture of their home and a message; the picture's hash."""
    world, data = stage.world, picture()
    image = blobs.keep(LocalBlobStore(stage.client.app.state.services.settings.blob_dir), data)

    def work(session: Session) -> None:
        job = session.get_one(Job, world.job.id)
        snapshot = build_snapshot(session, job, world.visit, language="zh-CN", prepared_at=utc_now())
        acceptance.sign(
            session, world.actor, job, world.visit, snapshot=snapshot, sha256=digest(snapshot),
            signer="赵女士", strokes=STROKES, signed_at=utc_now(),
        )  # fmt: skip
        job.note, job.description = "赵女士说门口有狗", "望京西园四区的热水器"
        session.get_one(Asset, world.asset.id).order_no = ORDER_NO
        blobs.register(session, world.dispatcher, image.sha256, image)
        reports.attach(session, job, ((AttachmentKind.PHOTO, image.sha256),))
        outbox.put(session, job, MessageEvent.DONE, "k", utc_now())
        link = CustomerLink(org_id=world.org.id, job_id=job.id, expires_at=utc_now() + dt.timedelta(days=1))
        session.add(link)
        session.flush()
        session.add_all(said_elsewhere(world, link))

    stage.calls.write(work)
    return image.sha256


def said_elsewhere(world: Doorstep, link: CustomerLink) -> list[SQLModel]:
    """What else holds somebody's words: an order, an e-mail, a call to make, a note, a history, an alert."""
    org_id, job_id = world.org.id, world.job.id
    return [
        SalesOrder(
            org_id=org_id, channel="taobao", order_no="T-1", case_id=world.case.id, raw={"买家": "赵女士"},
            customer_id=world.customer.id,
        ),
        JobEvent(
            org_id=org_id, job_id=job_id, seq=9, action=Action.REPORT_ABSENT, from_status=JobStatus.ON_SITE,
            to_status=JobStatus.CUSTOMER_ABSENT, actor_kind=Role.TECHNICIAN, at=utc_now(),
            data={"text": "赵女士不在家"},
        ),
        ContactAddress(customer_id=world.customer.id, channel="email", address=ADDRESS),
        ContactAddress(customer_id=world.customer.id, channel="wechat", address=OPENID),
        ReportLetter(
            org_id=org_id, key="letter", state=LetterState.WAITING, sender=ADDRESS.title(), name="赵女士",
            text="望京西园四区的热水器", expires_at=utc_now() + dt.timedelta(days=1),
        ),
        AgentTask(
            org_id=org_id, job_id=job_id, kind=TaskKind.UNANSWERED, key="t", detail="赵女士没有回复",
            due_at=utc_now(),
        ),
        FieldConflict(
            org_id=org_id, job_id=job_id, field="note", command_id=world.job.id, account_id=world.account.id,
            standing={"value": "赵女士说门口有狗"}, came={"value": "给赵女士回电"},
        ),
        StepAnswer(
            org_id=org_id, job_id=job_id, visit_id=world.visit.id, step="remark",
            value={"value": "赵女士要求周末再来"}, device_at=utc_now(),
        ),
        *(
            ExtraQuote(
                org_id=org_id, job_id=job_id, visit_id=world.visit.id, state=state, snapshot="赵女士",
                sha256=state.value, total_fen=100, decided_at=utc_now(), note="赵女士说太贵",
            )
            for state in (QuoteState.AGREED, QuoteState.DECLINED)
        ),
        AddressRequest(
            link_id=link.id, state_sha256=STATE, language="en", expires_at=utc_now() + dt.timedelta(days=1)
        ),
        PushSubscription(
            org_id=org_id, person_kind=PersonKind.CUSTOMER, person_id=link.id, p256dh="", auth="",
            endpoint=ENDPOINT,
        ),
    ]  # fmt: skip


def settle_all(admin: Person, world: Doorstep) -> None:
    """People write down what came of calls and complaints, in words."""
    word = {"outcome": "赵女士说门口有狗"}
    assert admin.post(
        f"/api/jobs/{world.job.id}/complaints", json={"key": str(uuid.uuid4()), "text": "赵女士不满意"}
    ).is_success
    for waiting, close in (
        ("/api/tasks", "/api/tasks/{}/close"),
        ("/api/follow-ups", "/api/follow-ups/{}/close"),
    ):
        [one] = admin.get(waiting).json()
        assert admin.post(close.format(one["id"]), json=word).is_success


def finish(stage: Stage) -> None:
    rows = sa.update(Job).where(col(Job.id) == stage.world.job.id).values(status="signed")
    stage.calls.write(lambda session: session.execute(rows))


def everything(session: Session) -> dict[str, str]:
    """Every row of every table as text, papers apart."""
    return {
        table.name: json.dumps(
            [[str(v) for v in row] for row in session.execute(sa.select(table))], ensure_ascii=False
        )
        for table in METADATA.sorted_tables
        if table.name not in PAPERS
    }


def test_all_that_is_held_is_handed_out_in_one_file(on_stage: Stage) -> None:
    stage = on_stage
    sha256 = lived_in(stage)
    reply = stage.sign_in("admin").post(f"/api/customers/{stage.world.customer.id}/export")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/zip")
    archive = zipfile.ZipFile(io.BytesIO(reply.content))
    names = archive.namelist()
    data: dict[str, list[dict[str, Any]]] = json.loads(archive.read("data.json"))
    assert data["customer"][0]["phone"] == stage.world.customer.phone
    assert data["place"][0]["address"] == stage.world.place.address
    assert f"pictures/{sha256}.jpeg" in names
    assert len([name for name in names if name.startswith("signed/")]) == 3
    assert len(data["extra_quote"]) == 2
    assert [one["detail"] for one in data["agent_task"]] == ["赵女士没有回复"]
    assert not {"answered_by", "closed_by"} & {name for rows in data.values() for one in rows for name in one}
    text = archive.read("data.json").decode()
    assert stage.cast.theirs.customer.name not in text
    assert str(stage.world.technician.id) not in text


def test_nothing_that_names_an_erased_person_is_left_but_the_signed_paper(on_stage: Stage) -> None:
    stage = on_stage
    sha256 = lived_in(stage)
    admin, world = stage.sign_in("admin"), stage.world
    stage.sign_in("technician").send("note", world.job.id, text="给赵女士回电")
    link = admin.post(f"/api/jobs/{world.job.id}/customer-link").json()["url"]
    path, body = f"/api/customers/{world.customer.id}/erase", {"reason": "本人来电"}
    assert admin.post(path, json=body).json()["code"] == "job_open"
    finish(stage)
    settle_all(admin, world)
    done = admin.post(path, json=body)
    assert done.status_code == 200, done.text
    assert done.json()["erased"]["customer"] == 1
    left = stage.calls.read(everything)
    for secret in (
        "赵女士",
        world.customer.phone,
        "望京西园四区",
        "门口有狗",
        ADDRESS,
        ENDPOINT,
        OPENID,
        STATE,
        ORDER_NO,
    ):
        assert {name for name, text in left.items() if secret.lower() in text.lower()} == set()
    states = stage.calls.read(lambda session: session.scalars(sa.select(col(Message.state))).all())
    assert MessageState.DROPPED in states
    assert MessageState.QUEUED not in states
    papers = stage.calls.read(lambda session: session.scalars(sa.select(col(Acceptance.snapshot))).all())
    assert any("赵女士" in one for one in papers)
    quotes = stage.calls.read(lambda session: session.scalars(sa.select(ExtraQuote)).all())
    assert [(one.state, one.note, one.snapshot) for one in quotes] == [(QuoteState.AGREED, "", "赵女士")]
    assert admin.get(f"/api/blobs/{sha256}").status_code == 404
    store = LocalBlobStore(stage.client.app.state.services.settings.blob_dir)
    assert not store.has(sha256)
    assert stage.client.get("/c/" + link.rpartition("/c/")[2]).status_code == 404
    assert stage.calls.read(
        lambda s: s.scalars(sa.text("SELECT name FROM customer WHERE name = '钱先生'")).all()
    )
    assert admin.post(path, json=body).status_code == 200


def shared_with_others(session: Session, stage: Stage, sha256: str) -> None:
    """A neighbour has sent the same picture, and another company knows somebody by the same number."""
    world, theirs = stage.world, stage.cast.theirs
    session.get_one(Customer, theirs.customer.id).phone = world.customer.phone
    neighbour = Customer(org_id=world.org.id, name="孙先生", phone="+8615400000077")
    case = Case(org_id=world.org.id, number="C9", channel=Channel.HOTLINE, customer_id=neighbour.id)
    for row in (neighbour, case):
        session.add(row)
        session.flush()
    job, _ = second_visit(world, session)
    job.customer_id, job.case_id = neighbour.id, case.id
    session.flush()
    kind = AttachmentKind.PHOTO
    session.add(CaseAttachment(org_id=world.org.id, case_id=case.id, job_id=job.id, kind=kind, sha256=sha256))


def test_what_is_others_stays_when_a_person_is_erased(on_stage: Stage) -> None:
    stage = on_stage
    sha256 = lived_in(stage)
    stage.calls.write(shared_with_others, stage, sha256)
    finish(stage)
    path = f"/api/customers/{stage.world.customer.id}/erase"
    done = stage.sign_in("admin").post(path, {"reason": "本人来电"}).json()
    assert (done["erased"]["customer"], done["erased"]["job"]) == (1, 1)
    left = stage.calls.read(lambda s: set(s.scalars(sa.select(col(Customer.name)))))
    assert left == {"—", "孙先生", stage.cast.theirs.customer.name}
    assert LocalBlobStore(stage.client.app.state.services.settings.blob_dir).has(sha256)


def order(number: str, name: str, phone: str, address: str) -> list[str]:
    return [number, name, phone, address, "", "", "", "WH-60", "1", "", "", "", "", ""]


def test_orders_of_files_forget_an_erased_person_at_once_and_the_others_in_time(on_stage: Stage) -> None:
    """Refused for its address, refused for its masked number, taken but never applied: all are theirs."""
    admin, world = on_stage.sign_in("admin"), on_stage.world
    home, phone = world.place.address, "154-0000-0000"
    service = ServiceSpec(
        org_id=world.org.id, category=world.product.category, job_type=JobType.INSTALL, duration_s=3_600,
        skill="water",
    )  # fmt: skip
    on_stage.calls.write(lambda session: session.add(service))
    assert world.customer.phone.endswith(phone.replace("-", ""))
    data = csv_bytes(
        [
            OWN,
            order("E-1", "赵太太", f"+86 {phone}", ""),
            order("E-2", "赵女士", "154****0000", home),
            order("E-3", "赵女士", phone, home),
            order("E-4", "赵女士", "", "另一个城市的路 7 号"),
            order("E-5", "冯先生", "1.54E+10", home),
        ]
    )
    run = admin.request("POST", "/api/imports", files={"file": ("订单.csv", data)}).json()
    path = f"/api/imports/{run['id']}"
    assert [row["outcome"] for row in run["rows"]] == ["refuse", "refuse", "create", "refuse", "refuse"]
    finish(on_stage)
    done = admin.post(f"/api/customers/{world.customer.id}/erase", {"reason": "本人来电"}).json()
    assert done["erased"]["import"] == 3
    left = [(row["order_no"], row["customer"], row["outcome"]) for row in admin.get(path).json()["rows"]]
    assert left == [("E-1", "", "refuse"), ("E-2", "", "refuse"), ("E-3", "", "refuse"),
                    ("E-4", "赵女士", "refuse"), ("E-5", "冯先生", "refuse")]  # fmt: skip
    refused = admin.get(f"{path}/refused.csv").text
    assert ("冯先生" in refused, phone in refused, "0000" in refused) == (True, False, False)
    assert admin.post(f"{path}/apply").json()["summary"]["created"] == 0
    for days_ago, is_left in ((89, True), (91, False)):
        on_stage.calls.write(read_so_long_ago, uuid.UUID(run["id"]), days_ago)
        on_stage.calls.run(lambda: forgetting.forget_old(on_stage.calls.database))
        assert ("冯先生" in admin.get(path).text) is is_left


def read_so_long_ago(session: Session, run_id: uuid.UUID, days: int) -> None:
    session.get_one(ImportRun, run_id).created_at = utc_now() - dt.timedelta(days=days)


@pytest.mark.parametrize("who", ["dispatcher", "agent", "vendor", "technician"])
def test_only_an_administrator_may(on_stage: Stage, who: str) -> None:
    customer_id = on_stage.world.customer.id
    person = on_stage.sign_in(who)
    assert person.post(f"/api/customers/{customer_id}/export").status_code == 403
    assert person.post(f"/api/customers/{customer_id}/erase", json={"reason": "x"}).status_code == 403
