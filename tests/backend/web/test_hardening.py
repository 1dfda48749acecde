"""Bad input gets a clear 4xx, secrets stay out of logs, headers keep browsers strict."""

import io
import sys

import pytest

from backend.ops.logs import configure_logs, redact
from backend.settings import Settings
from tests.factories.cast import PASSWORD, Stage, command

DEEP = '{"id":' + "[" * 100_000


@pytest.mark.parametrize(
    "query",
    [
        "limit=-1",
        "limit=0",
        "limit=99999999999999999999",
        "limit=x",
        "after=x",
        "day=2026-13-01",
        "status=flying",
        "q=%00",
        "region_id=1",
    ],
)
def test_a_bad_query_is_a_400(on_stage: Stage, query: str) -> None:
    reply = on_stage.sign_in("dispatcher").get(f"/api/jobs?{query}")
    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json")
    assert reply.json()["code"] == "bad_input"


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", b"{", DEEP.encode(), b"[]", b"null", b'{"login":"a\\u0000","password":"x","more":1}'],
)
def test_a_body_that_is_no_request_is_a_400(on_stage: Stage, content: bytes) -> None:
    reply = on_stage.client.post(
        "/api/session", content=content, headers={"content-type": "application/json"}
    )
    assert reply.status_code == 400
    assert reply.json()["code"] == "bad_input"


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_the_ends_of_time_are_no_500(on_stage: Stage, moment: str) -> None:
    phone = on_stage.sign_in("technician")
    body = {**command("diagnose", on_stage.world.job.id, fault_code="E", text=""), "device_at": moment}
    reply = phone.send_body(body)
    assert 400 <= reply.status_code < 500


@pytest.mark.parametrize(
    "path", ["/api/jobs/x", "/api/nothing", "/technician/../pyproject.toml", "/assets/../../etc/passwd"]
)
def test_what_is_not_there_is_a_404(on_stage: Stage, path: str) -> None:
    assert on_stage.sign_in("dispatcher").get(path).status_code == 404


def test_everything_needs_a_session_but_signing_in_and_health(on_stage: Stage) -> None:
    paths = on_stage.client.get("/api/openapi.json").json()["paths"]
    open_to_all = {"/health", "/ready", "/api/session", "/api/session/pair"}
    ours = "00000000-0000-7000-8000-000000000000"
    for path, operations in paths.items():
        # The hooks of e-mails have keys of their own, and are not there without one.
        if path in open_to_all or path.startswith(("/c/", "/api/letters/incoming")):
            continue
        for method in operations:
            url = path
            for parameter in operations[method].get("parameters", []):
                name, is_day = parameter["name"], parameter["schema"].get("format") == "date"
                value = "a" * 64 if name == "sha256" else "2026-11-23" if is_day else ours
                url = url.replace("{" + name + "}", value)
            reply = on_stage.client.request(method.upper(), url, json={}, headers={"Idempotency-Key": ours})
            assert reply.status_code in (400, 401), f"{method} {path} answered {reply.status_code}"
            assert "items" not in reply.text


def test_headers_keep_browsers_strict(on_stage: Stage) -> None:
    headers = on_stage.client.get("/health").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert (headers["x-content-type-options"], headers["referrer-policy"]) == ("nosniff", "no-referrer")


def test_a_given_request_id_is_kept_when_it_is_harmless(on_stage: Stage) -> None:
    kept = on_stage.client.get("/health", headers={"x-request-id": "abc-1"}).headers["x-request-id"]
    replaced = on_stage.client.get("/health", headers={"x-request-id": "a b\tc"}).headers["x-request-id"]
    assert kept == "abc-1"
    assert replaced != "a b\tc"


def test_no_secret_and_nothing_personal_gets_into_the_logs(
    on_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    configure_logs(Settings(log_format="json", log_level="DEBUG"))
    try:
        on_stage.client.post("/api/session", json={"login": "dispatcher", "password": PASSWORD})
        token = on_stage.client.cookies["shangmen_session"]
        on_stage.sign_in("dispatcher").get("/api/jobs?q=赵女士")
        on_stage.sign_in("technician").get("/api/sync/pull")
    finally:
        monkeypatch.undo()
        configure_logs(Settings(log_level="WARNING"))
    text = stream.getvalue()
    assert '"route": "/api/jobs"' in text
    for secret in (PASSWORD, token, "赵女士", "15400000000", "望京"):
        assert secret not in text


def test_a_careless_log_line_is_redacted() -> None:
    event = redact(None, "info", {"event": "x", "phone": "15400000000", "password": "p", "route": "/r"})
    assert event == {"event": "x", "phone": "…", "password": "…", "route": "/r"}


def test_metrics_count_requests_by_route_not_by_address(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    dispatcher.get(f"/api/jobs/{on_stage.world.job.id}")
    text = on_stage.client.get("/metrics").text
    assert 'shangmen_requests_total{method="GET",route="/api/jobs/{job_id}",status="200"}' in text
    assert str(on_stage.world.job.id) not in text


def test_ready_says_what_is_missing(on_stage: Stage) -> None:
    from sqlalchemy import text

    assert on_stage.client.get("/ready").json() == {"ready": True, "reason": ""}
    on_stage.calls.write(
        lambda session: session.execute(text("update alembic_version set version_num = '0000'"))
    )
    reply = on_stage.client.get("/ready")
    assert (reply.status_code, reply.json()["ready"]) == (503, False)
    assert "shangmen migrate" in reply.json()["reason"]
