"""Every page behind a signed address, whichever there are: what does not open it gets one answer."""

import datetime as dt
import itertools
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa
from sqlmodel import Session, col

from backend.app import MAX_BODY_BYTES
from backend.db.types import utc_now
from backend.documents import signing
from backend.jobs.lifecycle import JobStatus
from backend.report import drafts
from backend.report.models import ReportDraft
from backend.tracking import links
from backend.tracking.models import CustomerLink
from tests.factories.cast import Stage, cast, stage

WAYS_IN = re.compile(r"(/c|/sign|/report/draft)/\{token:str\}(.*)")
MONTH = dt.timedelta(days=30)
Close = Callable[[Session], object]


@pytest.fixture
def done(lend_database: Callable[[str], str], tmp_path: Path) -> Iterator[Stage]:
    """Our work is done and waits to be signed; what opens a page is no matter of the database."""
    with stage(lend_database("sqlite"), tmp_path, cast(JobStatus.DONE)) as opened:
        yield opened


def pages(on: Stage) -> list[tuple[str, str, str]]:
    """(method, where it lies, what follows the token) of every page the application has."""
    found = []
    for route in on.client.app.routes:
        match = WAYS_IN.fullmatch(route.path)
        if match is not None:
            methods = {"GET", "POST", "PATCH"} & set(getattr(route, "methods", ()))
            found += [(method, match[1], match[2]) for method in sorted(methods)]
    return found


def answer(on: Stage, method: str, path: str) -> tuple[int, str]:
    sent: dict[str, Any] = {"data": {"text": "x"}} if method == "POST" else {}
    if method == "PATCH":
        sent = {"content": b"x", "headers": {"Upload-Offset": "0", "Upload-Length": "1"}}
    reply: httpx.Response = on.client.request(method, path, follow_redirects=False, **sent)
    return reply.status_code, re.sub(r'nonce="[\w-]+"', "", reply.text)


def tokens(on: Stage) -> dict[str, str]:
    """A live token for each kind of page: our link, the signature of our visit, a report somebody began."""
    world, secret = on.world, on.client.app.state.services.secret

    def made(session: Session) -> dict[str, str]:
        link = links.share(session, world.dispatcher, world.job.id, MONTH)
        data = {"sku": world.product.sku, "serial": "", "channel": "web", "locale": "zh-CN"}
        draft = ReportDraft(org_id=world.org.id, data=data, expires_at=utc_now() + MONTH)
        session.add(draft)
        session.flush()
        return {
            "/c": links.seal(secret, link.id),
            "/sign": signing.seal(secret, world.visit.id, utc_now() + MONTH),
            "/report/draft": links.seal(secret, draft.id, drafts.PURPOSE),
        }

    return on.calls.write(made)


def changed(token: str, place: int) -> str:
    return token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]


def test_what_opens_no_page_is_answered_alike_on_all_of_them(done: Stage) -> None:
    """Tampered with, of another kind, of nothing there is, expired, withdrawn; to read and to write."""
    live, secret = tokens(done), done.client.app.state.services.secret
    never = {
        "/c": links.seal(b"t" * 32, uuid.uuid4()),
        "/sign": signing.seal(b"t" * 32, uuid.uuid4(), utc_now() + MONTH),
        "/report/draft": links.seal(b"t" * 32, uuid.uuid4(), drafts.PURPOSE),
    }
    unknown = {
        "/c": links.seal(secret, uuid.uuid4()),
        "/sign": signing.seal(secret, done.world.visit.id, utc_now() - dt.timedelta(seconds=1)),
        "/report/draft": links.seal(secret, uuid.uuid4(), drafts.PURPOSE),
    }
    every = pages(done)
    assert {where for _, where, _ in every} == set(live)
    assert len(every) > 30

    def check(kind: str, where: str, wrong: str) -> None:
        for method, of, tail in every:
            if of == where:
                refused = answer(done, method, f"{where}/{wrong}{tail}")
                assert refused == expected[method, where, tail], (kind, method, where, tail)

    expected = {
        (method, of, tail): answer(done, method, f"{of}/{never[of]}{tail}") for method, of, tail in every
    }
    assert {status for status, _ in expected.values()} <= {400, 404}
    read = {text.split("<main")[1] for (method, _, _), (_, text) in expected.items() if method == "GET"}
    assert len(read) == 1
    assert "这个链接打不开了" in read.pop()
    for where, token in live.items():
        assert answer(done, "GET", f"{where}/{token}{'/need' if where == '/report/draft' else ''}")[0] == 200
        for place in (21, len(token) - 1):
            check("tampered", where, changed(token, place))
        for other in live.values():
            if other != token:
                check("of another kind", where, other)
        check("of nothing there is", where, unknown[where])
    closings: dict[str, Close] = {
        "expired": lambda session: session.execute(sa.update(CustomerLink).values(expires_at=utc_now())),
        "withdrawn": lambda session: session.execute(
            sa.update(CustomerLink).values(expires_at=utc_now() + MONTH, revoked_at=utc_now())
        ),
    }
    for kind, close in closings.items():
        done.calls.write(close)
        check(kind, "/c", live["/c"])
    done.calls.write(lambda session: session.execute(sa.update(ReportDraft).values(expires_at=utc_now())))
    check("expired", "/report/draft", live["/report/draft"])


def test_another_case_s_link_shows_nothing_of_ours_on_any_page(done: Stage) -> None:
    theirs, ours = done.cast.theirs, done.cast.ours

    def link(session: Session) -> CustomerLink:
        return links.share(session, theirs.dispatcher, theirs.job.id, MONTH)

    token = links.seal(done.client.app.state.services.secret, done.calls.write(link).id)
    private = (ours.customer.name, ours.place.address, str(ours.job.id), ours.customer.phone, "望京西园")
    seen = [
        answer(done, m, f"{of}/{token}{tail}")[1]
        for m, of, tail in pages(done)
        if of == "/c" and tail != "/live"
    ]
    assert any(theirs.place.address in text for text in seen)
    assert [word for word in private for text in seen if word in text] == []
    untouched = sa.select(col(CustomerLink.id)).where(col(CustomerLink.job_id) == ours.job.id)
    assert done.calls.read(lambda session: session.scalars(untouched).all()) == []


def said(reply: httpx.Response) -> tuple[int, str]:
    """The status, and what a page's large line says; "" where there is no page."""
    line = re.search(r"<h1>(.*?)</h1>", reply.text)
    return reply.status_code, line[1] if line else ""


# What a form sends that was cut off, made by a program, or meant ill.
FIELDS = (
    *("text", "stars", "nps", "charge", "part", "reason", "choice", "email", "consent", "need", "helped"),
    *("bought", "remove", "to", "name", "phone", "address", "lat", "lng", "pin.x", "pin.y", "move", "zoom"),
    *("view", "point", "q"),
    *("signer", "strokes", "typed", "sha256", "prepared_at", "language"),
)
ODD = ("\x00", "²", "-1", "9" * 40, "[[{}]]", "x" * 3_000)


def test_no_form_breaks_a_page_whatever_is_sent(done: Stage) -> None:
    """But for those that ask for free times, which others answer."""
    live, asks = tokens(done), {"/book", "/book/confirm"}
    forms = [(of, tail) for method, of, tail in pages(done) if method == "POST" and tail not in asks]
    for (of, tail), odd in itertools.product(forms, ODD):
        path = f"{of}/{live[of]}{tail}"
        reply = done.client.post(path, data=dict.fromkeys(FIELDS, odd), follow_redirects=False)
        assert reply.status_code in {200, 303, 400, 404, 409, 422}, (path, odd)


def test_what_is_no_page_or_does_not_arrive_is_said_as_a_page_and_leads_back(done: Stage) -> None:
    link = f"/c/{tokens(done)['/c']}"
    form = {"Content-Type": "multipart/form-data; boundary=x"}
    lost = done.client.get(f"{link}/nothing?lang=en")
    assert said(lost) == (404, "This link does not open")
    cut_off = done.client.post(f"{link}/note?lang=en", content=b"--x\r\ncut", headers=form)
    assert said(cut_off) == (400, "That did not reach us")
    large = done.client.post(f"{link}/note?lang=en", data={"text": "x" * MAX_BODY_BYTES})
    assert said(large) == (413, "That did not reach us")
    for tail, page in (("/book/confirm", "/book"), ("/rate/nps", "/rate"), ("/messages/email", "/messages")):
        opened = done.client.get(f"{link}{tail}?lang=en", follow_redirects=False)
        assert (opened.status_code, opened.headers["location"]) == (303, f"{link}{page}?lang=en")
    assert done.client.get("/nothing").headers["content-type"] == "application/problem+json"


BROWSER = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@pytest.mark.parametrize(
    "path", ["/foo", "/c", "/console/foo", "/technician/foo.html", "/assets/foo", "/api"]
)
@pytest.mark.parametrize(
    ("language", "words"),
    [("zh-CN", "没有这个页面"), ("", "没有这个页面"), ("de-DE,de;q=0.9", "There is no page here")],
)
def test_a_browser_at_an_address_that_is_none_is_told_so_in_words(
    done: Stage, path: str, language: str, words: str
) -> None:
    reply = done.client.get(path, headers=BROWSER | {"accept-language": language})
    assert (reply.status_code, words in reply.text) == (404, True)
    assert reply.headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    ("path", "accept"), [("/foo", "*/*"), ("/console/foo", "*/*"), ("/api/foo", BROWSER["accept"])]
)
def test_a_program_at_an_address_that_is_none_gets_a_problem_document(
    done: Stage, path: str, accept: str
) -> None:
    reply = done.client.get(path, headers={"accept": accept})
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")
