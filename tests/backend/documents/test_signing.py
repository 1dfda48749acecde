"""Signing on the customer's own phone: exactly what was shown, once, and through a link to nothing else."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest
from sqlmodel import Session, select

from backend.db.types import utc_now
from backend.documents import signing
from backend.evidence.models import Acceptance
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.organisations.models import Organisation, Region
from backend.tracking import links
from backend.tracking.links import LinkClosedError
from backend.tracking.models import CustomerLink
from tests.databases import SqliteTemplates
from tests.factories.cast import Stage, cast, stage
from tests.factories.doorstep import Doorstep, doorstep

STROKES = json.dumps([[{"x": 0.1, "y": 0.1, "t": 0, "p": 0.5}, {"x": 0.6, "y": 0.3, "t": 90, "p": 0.5}]])
FIELD = re.compile(r'name="(language|prepared_at|sha256)" value="([^"]+)"')


@pytest.fixture
def done(sqlite_templates: SqliteTemplates, tmp_path: Path) -> Iterator[Stage]:
    people = cast(JobStatus.DONE)
    with stage(sqlite_templates.copy_to(tmp_path / "shangmen.db"), tmp_path, people) as opened:
        yield opened


def offer(on: Stage) -> str:
    reply = on.sign_in("technician").post(f"/api/jobs/{on.world.job.id}/signing")
    assert reply.status_code == 201, reply.text
    assert "<svg" in reply.json()["qr_svg"]
    return "/sign/" + str(reply.json()["url"]).rpartition("/")[2]


def shown(on: Stage, path: str) -> dict[str, str]:
    return dict(FIELD.findall(on.client.get(path).text))


def send(on: Stage, path: str, **form: str) -> httpx.Response:
    return on.client.post(path, data=form, follow_redirects=False)


def rows(on: Stage) -> list[Acceptance]:
    return on.calls.read(lambda session: list(session.exec(select(Acceptance)).all()))


def status(on: Stage) -> str:
    return on.calls.read(lambda session: session.get_one(Job, on.world.job.id).status)


def test_what_was_shown_is_signed_once_and_can_be_verified(done: Stage) -> None:
    path = offer(done)
    page = done.client.get(path)
    assert "电热水器 60L" in page.text
    assert "noindex" in page.headers["x-robots-tag"]
    form = shown(done, path) | {"signer": "赵女士", "strokes": STROKES}
    assert send(done, path, **form).status_code == 303
    (row,) = rows(done)
    assert (row.sha256, row.signer, status(done)) == (form["sha256"], "赵女士", "signed")
    assert send(done, path, **form).status_code == 303
    assert len(rows(done)) == 1
    assert row.sha256 in done.client.get(path).text
    assert done.client.get(f"/verify/{row.sha256}").status_code == 200
    assert done.sign_in("technician").post(f"/api/jobs/{done.world.job.id}/signing").status_code == 409


def test_without_a_script_a_typed_name_is_confirmed(done: Stage) -> None:
    path = offer(done)
    form = shown(done, path)
    refused = send(done, path, **form, signer="赵女士", strokes="")
    assert (refused.status_code, "请用手指" in refused.text) == (422, True)
    assert send(done, path, **form, signer=" ", typed="1").status_code == 422
    assert send(done, path, **form, signer="赵女士", typed="1").status_code == 303
    (row,) = rows(done)
    assert row.strokes == []


def test_what_changed_since_it_was_shown_is_not_signed(done: Stage) -> None:
    path = offer(done)
    form = shown(done, path) | {"signer": "赵女士", "strokes": STROKES}

    def dearer(session: Session) -> None:
        session.get_one(Job, done.world.job.id).price_fen += 5_000

    done.calls.write(dearer)
    told = send(done, path, **form)
    assert (told.status_code, "请重新核对" in told.text) == (409, True)
    for wrong in ({"sha256": "0" * 64}, {"prepared_at": "2001-01-01T00:00:00Z"}, {"language": "fr"}):
        assert send(done, path, **(shown(done, path) | wrong), signer="x", strokes=STROKES).status_code == 409
    assert rows(done) == []


def test_the_customer_s_link_leads_there_and_others_cannot_offer_it(done: Stage) -> None:
    job_id = done.world.job.id
    url = done.sign_in("agent").post(f"/api/jobs/{job_id}/customer-link").json()["url"]
    mine = "/c/" + url.rpartition("/c/")[2]
    assert f"{mine}/sign" in done.client.get(mine).text
    direct = done.client.get(f"{mine}/sign", follow_redirects=False)
    assert (direct.status_code, 'action="/sign/' in direct.text) == (200, True)
    theirs = done.cast.theirs
    other = links.seal(done.client.app.state.services.secret, done.calls.write(_link_of, theirs).id)
    form = dict(FIELD.findall(direct.text)) | {"signer": "赵女士", "strokes": STROKES}
    at, token = re.findall(r'action="(/sign/[^?"]+)|name="link" value="([^"]+)"', direct.text)
    assert mine == f"/c/{token[1]}"
    again = send(done, at[0], **(form | {"signer": ""}), link=token[1])
    assert (again.status_code, f'value="{token[1]}"' in again.text) == (422, True)
    for link, home in ((token[1], mine), (other, at[0]), ("x" * 200, at[0])):
        assert send(done, at[0], **form, link=link).headers["location"] == f"{home}?lang=zh-CN"
    assert done.sign_in("other_technician").post(f"/api/jobs/{job_id}/signing").status_code == 404
    assert done.sign_in("agent").post(f"/api/jobs/{job_id}/signing").status_code == 403


def _link_of(session: Session, world: Doorstep) -> CustomerLink:
    return links.share(session, world.dispatcher, world.job.id, dt.timedelta(days=1))


@pytest.mark.parametrize("spoil", ["other_secret", "flipped", "short", "late", "text"])
def test_only_a_live_untouched_token_opens_anything(spoil: str) -> None:
    visit_id, secret, expires_at = doorstep().visit.id, b"s" * 32, utc_now() + dt.timedelta(hours=1)
    token = signing.seal(secret, visit_id, expires_at)
    assert signing.unseal(secret, token) == visit_id
    tries: dict[str, Any] = {
        "other_secret": (b"t" * 32, token, utc_now()),
        "flipped": (secret, ("B" if token[0] != "B" else "C") + token[1:], utc_now()),
        "short": (secret, token[:-4], utc_now()),
        "late": (secret, token, expires_at + dt.timedelta(seconds=1)),
        "text": (secret, "链接", utc_now()),
    }
    with pytest.raises(LinkClosedError):
        signing.unseal(*tries[spoil])


def test_abroad_all_papers_are_in_the_currency_and_the_time_of_the_place(done: Stage) -> None:
    def move(session: Session) -> None:
        org = session.get_one(Organisation, done.world.org.id)
        org.currency, org.locale = "EUR", "en"
        for region in session.exec(select(Region).where(Region.org_id == org.id)):
            region.zone = "Europe/Berlin"

    done.calls.write(move)
    url = done.sign_in("agent").post(f"/api/jobs/{done.world.job.id}/customer-link").json()["url"]
    mine = "/c/" + str(url).rpartition("/")[2]
    path = offer(done) + "?lang=en"
    seen = [done.client.get(path).text]
    assert send(done, path, **shown(done, path), signer="Anna", strokes=STROKES).status_code == 303
    [row] = rows(done)
    at = row.signed_at.astimezone(ZoneInfo("Europe/Berlin"))
    seen += [done.client.get(f"{mine}{tail}?lang=en").text for tail in ("", "/copy")]
    assert ["EUR 120.00" in page for page in seen] == [True, False, True]
    assert not [page for page in seen if "¥" in page]
    assert f"{at:%H:%M}" in seen[2]
