"""Somebody who reports a fault on the public pages: a browser without script or account."""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
from PIL import Image
from sqlmodel import Session, select

from backend.assets.models import Product, ServiceSpec
from backend.jobs.lifecycle import JobStatus, JobType
from backend.report.models import ReportRules
from tests.factories.cast import Cast, Stage, cast, stage

PAGE_BUDGET_BYTES = 15_000
PERSON = {
    "name": "孙小姐",
    "phone": "154 1234 5678",
    "address": "望京西园四区 411 号楼 1 单元 202",
    "consent": "1",
}


def picture(shade: int = 90) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (shade, 120, 200)).save(buffer, "JPEG")
    return buffer.getvalue()


def catalogue(session: Session, people: Cast) -> None:
    """Our brand repairs and maintains washing machines, under an address of its own."""
    org_id = people.ours.org.id
    session.add(
        Product(org_id=org_id, sku="WM-8", name="洗衣机 8 公斤", name_en="Washer", category="washing_machine")
    )
    session.add(ReportRules(org_id=org_id, slug="chenguang"))
    for kind in (JobType.REPAIR, JobType.MAINTAIN):
        spec = ServiceSpec(
            org_id=org_id, category="washing_machine", job_type=kind, duration_s=3_600, skill="laundry"
        )
        session.add(spec)
    session.flush()


class Caller:
    """Somebody with a phone's browser, no script and no account."""

    def __init__(self, on: Stage) -> None:
        self.on, self.client, self.path = on, on.client, ""

    def post(self, path: str, data: dict[str, Any] | None = None, **more: Any) -> httpx.Response:
        return self.client.post(path, data=data or {}, follow_redirects=False, **more)

    def begin(self, **form: str) -> None:
        reply = self.post("/report/chenguang", {"sku": "WM-8", **form})
        assert reply.status_code == 303
        self.path = reply.headers["location"].partition("/need")[0]

    def to(self, step: str, data: dict[str, Any] | None = None, **more: Any) -> str:
        reply = self.post(f"{self.path}/{step}", data, **more)
        assert reply.status_code == 303, reply.text
        address: str = reply.headers["location"]
        return address.partition("?")[0].rpartition("/")[2]

    def get(self, step: str) -> httpx.Response:
        return self.client.get(f"{self.path}/{step}")

    def part(self, data: bytes, offset: int, length: int) -> tuple[int, Any]:
        """Send a part of a video as the script does."""
        headers = {"Upload-Offset": str(offset), "Upload-Length": str(length)}
        reply = self.client.patch(f"{self.path}/video?key=a.mov", content=data, headers=headers)
        is_told = reply.headers["content-type"].startswith("application/json")
        return reply.status_code, reply.json() if is_told else {}

    def here(self) -> int:
        """How much of the video has come."""
        offset: int = self.client.get(f"{self.path}/video?key=a.mov").json()["offset"]
        return offset

    def report(self, person: dict[str, str] = PERSON, need: str = "repair:no_drain", **form: str) -> str:
        """All the steps, without pictures; the text of the confirmation."""
        self.begin(**form)
        self.to("need", {"need": need})
        self.to("details", {"text": "昨天开始的"})
        assert self.to("contact", person) == "done"
        return self.get("done").text

    def rows(self, table: Any) -> list[Any]:  # noqa: ANN401 - any table of an organisation
        org_id = self.on.world.org.id
        return self.on.calls.read(
            lambda session: list(session.exec(select(table).where(table.org_id == org_id).order_by(table.id)))
        )


@contextmanager
def calling(url: str, tmp_path: Path) -> Iterator[Caller]:
    people = cast(JobStatus.BOOKED)
    with stage(url, tmp_path, people) as on:
        on.calls.write(catalogue, people)
        yield Caller(on)
