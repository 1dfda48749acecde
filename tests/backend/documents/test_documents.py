"""The signed report as a PDF, and the page anybody can check its hash on."""

import dataclasses
import datetime as dt
import hashlib
import io
from typing import Any

import pytest
from pypdf import PdfReader
from sqlmodel import Session, select

from backend.documents.report_pdf import NotIntactError, render
from backend.evidence import acceptance
from backend.evidence.canonical import canonical_json, digest
from backend.evidence.models import Acceptance
from backend.evidence.snapshot import build_snapshot
from backend.jobs.models import Job, Visit
from backend.tracking.receipt import Agreed, Fee, Signed
from tests.factories.cast import Stage

SIGNED_AT = dt.datetime(2026, 11, 23, 6, 30, tzinfo=dt.UTC)
STROKES = [
    [{"x": 0.1, "y": 0.1, "t": 0, "p": 0.5}, {"x": 0.6, "y": 0.3, "t": 90, "p": 0.5}],
    [{"x": 0.7, "y": 0.2, "t": 140, "p": 0.5}],
]
CONTENT: dict[str, Any] = {
    "v": 1, "job_id": "j", "job_number": "J2611230007", "visit_id": "v",
    "technician": "王喆", "customer": "欧阳堃玥",
    "address": "望京西园四区 410 号楼 2 单元 301", "product": "电热水器 60L", "serial": "SN60-0001",
    "work": [{"key": "power", "title": "断电并试机", "value": "是"}],
    "parts": [{"sku": "PT-1", "name": "镁棒", "qty": 2, "unit_price_fen": 8_000, "amount_fen": 16_000}],
    "labour_fen": 12_050, "parts_fen": 16_000, "total_fen": 28_050, "currency": "CNY", "language": "zh-CN",
    "prepared_at": "2026-11-23T06:29:00.000Z",
}  # fmt: skip


def signed(content: dict[str, Any] = CONTENT, strokes: list[Any] | None = None) -> Signed:
    return Signed(
        canonical_json(content), digest(content), "欧阳堃玥", STROKES if strokes is None else strokes,
        SIGNED_AT, "晨光电器", "zh-CN", "Asia/Shanghai",
    )  # fmt: skip


def text_of(document: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(document)).pages)


def test_the_document_holds_names_amounts_and_the_hash_in_chinese() -> None:
    """Rare characters of names too: they are in the packaged font."""
    found = text_of(render(signed(), "https://example.com/verify/x"))
    for expected in (
        "晨光电器",
        "欧阳堃玥",
        "王喆",
        "望京西园四区",
        "镁棒",
        "¥280.50",
        "¥160.00",
        "服务验收单",
    ):
        assert expected in found
    assert digest(CONTENT)[:32] in found.replace("\n", "")


def test_what_the_font_does_not_have_leaves_a_mark_and_is_explained() -> None:
    """A name in Arabic letters is not an empty line, a family of one emoji not seven signs."""
    told = text_of(render(signed(), "https://a.example/verify/x"))
    name = "مريم 欧阳 👩\u200d👩\u200d👧"
    found = text_of(render(signed(CONTENT | {"customer": name}), "https://a.example/verify/x"))
    assert "□□□□ 欧阳 □□□\n" in found
    assert ("网页上的签字副本有原文" in found, "□" in told) == (True, False)


def test_what_was_agreed_apart_from_the_signed_text_is_added_with_its_reason() -> None:
    """A late change and a line of extra work: each says why, and the sum is what is to be paid."""
    line = {
        "code": "X-1", "name": "加装支架", "qty": 1, "unit_price_fen": 5_000, "amount_fen": 5_000,
        "quote": "q" * 64,
    }  # fmt: skip
    content = CONTENT | {"extras": [line], "extras_fen": 5_000, "total_fen": 33_050}
    hours = dt.timedelta(hours=1)
    paper = dataclasses.replace(
        signed(content),
        fees=(Fee("change", 3_000, SIGNED_AT - 20 * hours, SIGNED_AT - 22 * hours),),
        agreed=(Agreed("q" * 64, "欧阳堃玥", SIGNED_AT - hours),),
    )
    found = text_of(render(paper, "https://a.example/verify/x")).replace("\n", "")
    for expected in (
        "加装支架",
        "欧阳堃玥 于 2026年11月23日 周一 13:30 同意",
        "临时改约费",
        "¥30.00",
        "¥330.50",
    ):
        assert expected in found, found
    assert "应付总计" in found
    assert "¥360.50" in found
    assert found.count("服务项目") == 2  # the section, and what was agreed is no part


def test_the_same_signed_text_gives_the_same_bytes() -> None:
    first, again = (hashlib.sha256(render(signed(), "https://a.example/verify/x")).digest() for _ in range(2))
    assert first == again


def test_long_reports_go_on_over_pages_and_english_ones_are_english() -> None:
    work = [{"key": f"k{n}", "title": f"Step {n} of a long list", "value": "done " * 12} for n in range(60)]
    document = render(signed(CONTENT | {"work": work, "language": "en"}), "https://a.example/verify/x")
    assert len(PdfReader(io.BytesIO(document)).pages) > 2
    assert "Service report" in text_of(document)


def test_a_typed_name_is_said_to_be_typed_and_an_altered_text_makes_no_document() -> None:
    assert "输入姓名确认" in text_of(render(signed(strokes=[]), "https://a.example/verify/x"))
    altered = Signed(
        canonical_json(CONTENT | {"total_fen": 1}),
        digest(CONTENT),
        "x",
        STROKES,
        SIGNED_AT,
        "晨光电器",
        "zh-CN",
        "UTC",
    )
    with pytest.raises(NotIntactError):
        render(altered, "https://a.example/verify/x")


def sign(stage: Stage) -> str:
    """Our job's visit, signed; its hash."""
    world = stage.world

    def work(session: Session) -> str:
        job, visit = session.get_one(Job, world.job.id), session.get_one(Visit, world.visit.id)
        snapshot = build_snapshot(session, job, visit, language="zh-CN", prepared_at=SIGNED_AT)
        sha256 = digest(snapshot)
        acceptance.sign(
            session, world.actor, job, visit, snapshot=snapshot, sha256=sha256,
            signer="赵女士", strokes=STROKES, signed_at=SIGNED_AT,
        )  # fmt: skip
        return sha256

    return stage.calls.write(work)


def test_the_document_is_behind_the_link_in_the_console_and_verified_by_anybody(on_stage: Stage) -> None:
    stage = on_stage
    sha256 = sign(stage)
    world, agent, stranger = stage.world, stage.sign_in("agent"), stage.sign_in("stranger")
    url = agent.post(f"/api/jobs/{world.job.id}/customer-link").json()["url"]
    path = "/c/" + url.rpartition("/c/")[2]
    mine = stage.client.get(f"{path}/copy.pdf")
    assert (mine.status_code, mine.headers["content-type"]) == (200, "application/pdf")
    assert "noindex" in mine.headers["x-robots-tag"]
    office = agent.get(f"/api/jobs/{world.job.id}/report.pdf")
    assert office.content == mine.content
    assert stranger.get(f"/api/jobs/{world.job.id}/report.pdf").status_code == 404
    assert "/copy.pdf" in stage.client.get(f"{path}/copy").text
    checked = stage.client.get(f"/verify/{sha256}")
    assert (checked.status_code, "文件有效" in checked.text) == (200, True)
    told = checked.text.replace(sha256, "")  # any digits may happen to stand in a fingerprint
    for secret in ("赵", "410", "望京", "王建国", "SN60"):
        assert secret not in told
    for wrong in (sha256[:-1] + ("0" if sha256[-1] != "0" else "1"), "x", sha256.upper()):
        assert stage.client.get(f"/verify/{wrong}").status_code == 404

    def spoil(session: Session) -> None:
        row = session.exec(select(Acceptance).where(Acceptance.sha256 == sha256)).one()
        row.snapshot = row.snapshot.replace("赵女士", "某人")

    stage.calls.write(spoil)
    assert "不一致" in stage.client.get(f"/verify/{sha256}").text
    assert agent.get(f"/api/jobs/{world.job.id}/report.pdf").json()["code"] == "not_intact"


def test_nothing_signed_is_no_document(on_stage: Stage) -> None:
    job_id = on_stage.world.job.id
    assert on_stage.sign_in("agent").get(f"/api/jobs/{job_id}/report.pdf").status_code == 404
