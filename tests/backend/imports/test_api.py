"""The upload page's interface: dry run, apply, refused lines, and who may."""

import uuid
from typing import Any

import httpx
import pytest
from sqlmodel import Session, func, select

from backend.assets.models import ServiceSpec
from backend.geocoding.datum import Datum
from backend.imports.tables import MAX_FILE_BYTES
from backend.jobs.lifecycle import JobType
from backend.jobs.models import Job
from tests.factories.cast import Person, Stage
from tests.factories.orders import OWN, csv_bytes, phone, xlsx_bytes

GOOD = ["A-1", "王女士", phone(1), "朝阳区红庙北里3号楼", "", "", "", "WH-60", "1", "", "", "", "", ""]
BAD = ["A-2", "李先生", "1.54E+10", "朝阳区红庙北里4号楼", "", "", "", "WH-60", "1", "", "", "", "", ""]
FILE = csv_bytes([OWN, GOOD, BAD], "gbk")


@pytest.fixture
def selling(on_stage: Stage) -> Stage:
    """The organisation installs what it sells."""

    def add(session: Session) -> None:
        world = on_stage.world
        session.add(
            ServiceSpec(
                org_id=world.org.id,
                category=world.product.category,
                job_type=JobType.INSTALL,
                duration_s=3600,
                skill="water",
            )
        )

    on_stage.calls.write(add)
    return on_stage


def upload(person: Person, data: bytes, name: str = "订单.csv", **fields: str) -> httpx.Response:
    return person.request("POST", "/api/imports", files={"file": (name, data)}, data=fields)


def jobs(stage: Stage) -> int:
    return stage.calls.read(lambda session: session.exec(select(func.count()).select_from(Job)).one())


def test_an_upload_is_a_dry_run_and_applying_is_a_second_step(
    selling: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("backend.imports.api.PATIENCE_S", 60.0)  # however busy this machine is
    dispatcher = selling.sign_in("dispatcher")
    before = jobs(selling)
    reply = upload(dispatcher, FILE)
    assert reply.status_code == 201, reply.text
    run: dict[str, Any] = reply.json()
    assert (run["state"], run["encoding"], run["channel"], run["file_name"]) == (
        "dry",
        "gbk",
        "file",
        "订单.csv",
    )
    assert [(row["lines"], row["outcome"], row["location"]) for row in run["rows"]] == [
        ([2], "create", "gazetteer"),
        ([3], "refuse", "missing"),
    ]
    (reason,) = run["rows"][1]["reasons"]
    assert (reason["code"], reason["field"]) == ("phone_digits_lost", "phone")
    assert set(reason["message"]) == {"zh", "en"}
    assert jobs(selling) == before

    applied = dispatcher.post(f"/api/imports/{run['id']}/apply")
    assert applied.status_code == 200
    assert (applied.json()["state"], applied.json()["summary"]["created"]) == ("applied", 1)
    assert jobs(selling) == before + 1
    assert dispatcher.get(f"/api/imports/{run['id']}").json() == applied.json()
    assert [each["id"] for each in dispatcher.get("/api/imports").json()["items"]] == [run["id"]]


def test_rows_of_one_outcome_are_listed_a_part_at_a_time_to_the_end_of_the_file(selling: Stage) -> None:
    dispatcher = selling.sign_in("dispatcher")
    orders = [[f"A-{number}", *row[1:]] for number in range(3) for row in (GOOD, BAD)]
    run = upload(dispatcher, csv_bytes([OWN, *orders], "gbk")).json()
    path, seen = f"/api/imports/{run['id']}/rows", list[Any]()
    after: Any = "-1"
    while after is not None:
        reply = dispatcher.get(f"{path}?outcome=refuse&limit=2&after={after}")
        assert reply.status_code == 200, reply.text
        seen += reply.json()["items"]
        after = reply.json()["next"]
    assert {row["outcome"] for row in seen} == {"refuse"}
    assert [row["lines"] for row in seen] == [
        row["lines"] for row in dispatcher.get(path).json()["items"] if row["outcome"] == "refuse"
    ]
    assert len(seen) == run["summary"]["refused"]
    assert len(seen) > 2


def test_refused_lines_are_a_download(selling: Stage) -> None:
    dispatcher = selling.sign_in("dispatcher")
    run = upload(dispatcher, FILE).json()
    reply = dispatcher.get(f"/api/imports/{run['id']}/refused.csv")
    assert reply.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in reply.headers["content-disposition"]
    assert reply.content.decode("utf-8-sig").splitlines()[1].startswith("A-2,李先生,1.54E+10")


def test_channel_and_datum_may_be_given(selling: Stage) -> None:
    row = [*GOOD[:4], "39.926845", "116.482304", "", *GOOD[7:]]
    data = xlsx_bytes([OWN, row])
    region = str(selling.world.region.id)
    reply = upload(
        selling.sign_in("dispatcher"), data, "a.xlsx", channel="shop-1", datum=Datum.GCJ02, region_id=region
    )
    assert reply.status_code == 201, reply.text
    assert (reply.json()["channel"], reply.json()["format"], reply.json()["datum"]) == (
        "shop-1",
        "xlsx",
        "gcj02",
    )


@pytest.mark.parametrize(
    ("data", "fields", "status", "code"),
    [
        (b"", {}, 422, "file_empty"),
        (b"no,orders\n1,2\n", {}, 422, "header_not_found"),
        (FILE, {"channel": "No Such Channel!"}, 400, "bad_input"),
        (FILE, {"datum": "mars"}, 400, "bad_input"),
        (FILE, {"region_id": "1"}, 400, "bad_input"),
        (FILE, {"region_id": str(uuid.uuid4())}, 404, "not_found"),
        (b"x" * (MAX_FILE_BYTES + 200_000), {}, 413, "too_large"),
    ],
    ids=["empty", "no header", "bad channel", "bad datum", "bad region", "unknown region", "too large"],
)
def test_what_cannot_be_imported_is_refused(
    selling: Stage, data: bytes, fields: dict[str, str], status: int, code: str
) -> None:
    reply = upload(selling.sign_in("dispatcher"), data, **fields)
    assert (reply.status_code, reply.json()["code"]) == (status, code)


def test_a_missing_file_is_bad_input(selling: Stage) -> None:
    reply = selling.sign_in("dispatcher").request("POST", "/api/imports", data={"channel": "jd"})
    assert reply.status_code == 400


@pytest.mark.parametrize("who", ["technician", "vendor", "clerk"])
def test_who_has_no_right_cannot_import(selling: Stage, who: str) -> None:
    run = upload(selling.sign_in("agent"), FILE).json()
    person = selling.sign_in(who)
    assert upload(person, FILE).status_code == 403
    assert person.get("/api/imports").status_code == 403
    assert person.post(f"/api/imports/{run['id']}/apply").status_code in (403, 404)


def test_another_organisations_imports_do_not_exist(selling: Stage) -> None:
    run = upload(selling.sign_in("dispatcher"), FILE).json()
    stranger = selling.sign_in("stranger")
    for path in ("", "/rows", "/refused.csv"):
        assert stranger.get(f"/api/imports/{run['id']}{path}").status_code == 404
    assert stranger.post(f"/api/imports/{run['id']}/apply").status_code == 404
    assert stranger.get("/api/imports").json() == {"items": [], "next": None}
