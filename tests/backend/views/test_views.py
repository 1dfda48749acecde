"""A view is one's own until it is shared, and then one's colleagues'."""

import asyncio
import uuid
from typing import Any

from sqlmodel import col, select

from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.views import service
from backend.views.models import DefaultView, SavedView
from tests.factories.cast import Person, Stage


def names(person: Person) -> list[tuple[str, bool]]:
    found: list[dict[str, Any]] = person.get("/api/views").json()
    return [(view["name"], view["is_own"]) for view in found]


def test_views_are_saved_shared_replaced_and_forgotten(on_stage: Stage) -> None:
    dispatcher, admin, vendor = (on_stage.sign_in(name) for name in ("dispatcher", "admin", "vendor"))
    saved = dispatcher.post("/api/views", {"name": "朝阳 空调", "query": "list=exceptions&skill=hvac"})
    assert (saved.status_code, saved.json()["is_shared"]) == (201, False)
    assert (names(dispatcher), names(admin)) == ([("朝阳 空调", True)], [])

    body = {"name": "朝阳 空调", "query": "list=unassigned", "is_shared": True}
    again = dispatcher.post("/api/views", body).json()
    assert (again["id"], again["query"]) == (saved.json()["id"], "list=unassigned")
    assert names(admin) == [("朝阳 空调", False)]
    for outsider in (vendor, on_stage.sign_in("stranger")):
        assert names(outsider) == []
    assert admin.request("DELETE", f"/api/views/{again['id']}").status_code == 404
    assert admin.request("PUT", f"/api/views/{again['id']}", json=body).status_code == 404

    dispatcher.post("/api/views", {"name": "晚单", "query": ""})
    clash = dispatcher.request("PUT", f"/api/views/{again['id']}", json=body | {"name": "晚单"})
    assert (clash.status_code, clash.json()["code"]) == (409, "name_taken")
    renamed = dispatcher.request(
        "PUT", f"/api/views/{again['id']}", json=body | {"name": "未派", "query": "risk=unassigned"}
    )
    assert (renamed.json()["id"], renamed.json()["query"]) == (again["id"], "risk=unassigned")
    assert names(admin) == [("未派", False)]
    assert dispatcher.request("DELETE", f"/api/views/{again['id']}").status_code == 204
    assert names(admin) == []


def test_a_view_holds_filters_and_nothing_a_browser_would_run(on_stage: Stage) -> None:
    dispatcher = on_stage.sign_in("dispatcher")
    for query in ("x" * 601, "list=\nx", "list=迟"):
        assert dispatcher.post("/api/views", {"name": "a", "query": query}).status_code == 400
    assert on_stage.sign_in("technician").get("/api/views").status_code == 403


def test_the_view_one_begins_with_follows_the_person_and_ends_with_the_view(on_stage: Stage) -> None:
    dispatcher, admin, vendor = (on_stage.sign_in(name) for name in ("dispatcher", "admin", "vendor"))
    nothing = {"view_id": None, "query": ""}
    own = dispatcher.post("/api/views", {"name": "晚单", "query": "part=late"}).json()["id"]
    shared = {"name": "空调", "query": "skill=hvac", "is_shared": True}
    theirs = dispatcher.post("/api/views", shared).json()["id"]

    def begins(person: Person, view_id: str | None) -> int:
        return person.request("PUT", "/api/views/first", json={"view_id": view_id}).status_code

    def first(person: Person) -> dict[str, Any]:
        found: dict[str, Any] = person.get("/api/views/first").json()
        return found

    assert first(dispatcher) == nothing
    assert (begins(dispatcher, own), begins(admin, theirs)) == (204, 204)
    assert first(dispatcher) == {"view_id": own, "query": "part=late"}
    assert first(on_stage.sign_in("dispatcher")) == first(dispatcher)
    assert first(admin) == {"view_id": theirs, "query": "skill=hvac"}
    assert [begins(person, own) for person in (admin, vendor, on_stage.sign_in("stranger"))] == [404] * 3
    assert begins(dispatcher, theirs) == 204
    dispatcher.request("PUT", f"/api/views/{theirs}", json=shared | {"is_shared": False})
    assert (first(admin), first(dispatcher)["view_id"]) == (nothing, theirs)
    assert dispatcher.request("DELETE", f"/api/views/{theirs}").status_code == 204
    assert first(dispatcher) == nothing
    assert begins(dispatcher, own) == 204
    assert begins(dispatcher, None) == 204
    assert first(dispatcher) == nothing


def test_a_name_saved_in_two_windows_at_once_is_one_view(on_stage: Stage) -> None:
    account, db = on_stage.cast.accounts["dispatcher"], on_stage.calls.database
    actor = Actor(Role.DISPATCHER, account.org_id, account_id=account.id)

    async def both() -> list[SavedView]:
        saves = (db.write(service.save, actor, "晚单", query, is_shared=False) for query in ("a=1", "b=2"))
        return await asyncio.gather(*saves)

    first, second = on_stage.calls.run(both)
    assert first.id == second.id
    [kept] = on_stage.sign_in("dispatcher").get("/api/views").json()
    assert (kept["name"], kept["query"]) in {("晚单", "a=1"), ("晚单", "b=2")}


def test_a_first_view_chosen_in_two_windows_at_once_is_one_of_both(on_stage: Stage) -> None:
    person, account = on_stage.sign_in("dispatcher"), on_stage.cast.accounts["dispatcher"]
    views = [uuid.UUID(person.post("/api/views", {"name": name, "query": ""}).json()["id"]) for name in "ab"]
    actor, db = Actor(Role.DISPATCHER, account.org_id, account_id=account.id), on_stage.calls.database

    async def both() -> None:
        await asyncio.gather(*(db.write(service.begin_with, actor, view_id) for view_id in views))

    on_stage.calls.run(both)
    chosen = select(DefaultView.view_id).where(col(DefaultView.account_id) == account.id)
    assert on_stage.calls.read(lambda session: session.exec(chosen).one()) in views
