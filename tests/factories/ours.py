"""One row of ours for every kind of id the API takes, and what could be sent about it."""

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from backend.auth import tokens
from backend.auth.actor import Actor
from backend.auth.models import Role
from backend.db.types import utc_now
from backend.evidence.models import Blob
from backend.imports.models import ImportRun
from backend.jobs.lifecycle import JobStatus
from backend.jobs.models import Job
from backend.live.models import Relaxation
from backend.messages.models import AgentTask, Message, MessageEvent, MessageState, TaskKind
from backend.offers import desk
from backend.offers.models import OfferMode
from backend.offers.schemas import OfferCreate, Whom
from backend.ratings.models import FollowUp, Rating
from backend.report.models import LetterHook, LetterState, ReportLetter
from backend.scheduling.models import Plan, PlanObjective, PlanRun
from backend.sync.models import FieldConflict
from backend.views.models import SavedView
from tests.factories.cast import Stage, command
from tests.factories.doorstep import Doorstep

SHA = "a" * 64
NOON = "2026-11-23T04:00:00Z"
PRICES = {
    "late_fen_per_minute": 1, "margin_fen_per_minute": 1, "moved_fen": 1, "swapped_fen": 1, "fairness_fen": 1,
    "vendor_extra_fen": 1, "unserved_percent": 100, "most_moved": None,
}  # fmt: skip
LIVE_RULES = {
    "book_within_h": 24, "warn_minutes": 60, "is_replanning": False, "freeze_minutes": 90,
    "promise_budget": 3, "most_fen": 10_000,
}  # fmt: skip
BY_JOB = frozenset({"listRemedies", "listMessages"})
BY_DAY = frozenset({"listOpenings"})
BY_REGION = frozenset(
    {
        "getBoard",
        "getBoardColumns",
        "getBoardRows",
        "getWeek",
        "listJobs",
        "listPlans",
        "listOffers",
        "listExceptions",
        "listRemedies",
        "listMessages",
        "listPresence",
        "listReplanned",
        "takeBackAbsence",
        "listShifts",
        "listWaiting",
    }
)


@dataclass
class Ours:
    """One row of ours for every kind of id."""

    ids: dict[str, uuid.UUID]
    org_id: uuid.UUID

    def bodies(self, operation: str) -> list[dict[str, Any]]:
        """What somebody who may could send; each goes past every check of its form."""
        said = _about_a_job(self) | _about_a_day(self) | _of_the_phone(self) | _of_the_office(self)
        return said.get(operation, [{}])

    def __getitem__(self, name: str) -> str:
        return str(self.ids[name])


Bodies = dict[str, list[dict[str, Any]]]


def _about_a_job(ours: Ours) -> Bodies:
    cancel = {"action": "cancel", "data": {"reason": "x"}}
    technician = {"technician_id": ours["technician_id"], "start": NOON}
    return {
        "actOnJob": [
            {"action": "assign", "version": 1, "data": technician},
            cancel | {"version": 1},
            {"action": "close", "version": 1},
        ],
        "actOnJobs": [{"jobs": [{"job_id": ours["job_id"], "version": 1, "steps": [cancel]}]}],
        "editJob": [{"version": 1, "note": "x"}],
        "lockJob": [{"technician": True, "time": False, "version": 1}],
        "offerJobs": [{"jobs": [{"job_id": ours["job_id"], "version": 1}], "mode": "open"}],
        "offerJob": [
            {"version": 1, "mode": "open"},
            {"version": 1, "mode": "open", "candidates": [technician]},
        ],
        "declineOffer": [{"reason": "ill"}],
        "giveBackOffer": [{"reason": "ill"}],
        "showContact": [{"reason": "book"}],
        "bookFreeSlot": [{"start": NOON, "end": "2026-11-23T06:00:00Z"}],
        "setExtraWork": [{"items": []}],
        "takeComplaint": [{"key": str(uuid.uuid4()), "text": "x"}],
        "settleConflict": [{"keep": "came", "version": 1}],
    }


def _about_a_day(ours: Ours) -> Bodies:
    of_day = {"region_id": ours["region_id"], "day": "2026-11-23"}
    change = {
        "job_id": ours["job_id"], "version": 1, "technician_id": ours["technician_id"],
        "arrive": NOON, "start": NOON, "end": "2026-11-23T05:00:00Z",
    }  # fmt: skip
    bent = {"bend": "later_end", "subject": ours["technician_id"], "amount": 20}
    return {
        "startPlanRun": [
            of_day | {"seconds": 1},
            of_day | {"seconds": 1, "objective": ours["objective_id"]},
        ],
        "createPlanObjective": [{"name": "theirs", "prices": PRICES}],
        "changePlanObjective": [{"name": "theirs", "prices": PRICES}],
        "moveVisit": [
            {"version": 1, "window_start": NOON, "window_end": "2026-11-23T06:00:00Z", "changes": [change]},
            {"version": 1, "window_start": NOON, "window_end": "2026-11-23T06:00:00Z", "changes": []},
        ],
        "letIn": [bent | {"changes": [change]}],
        "applyRemedy": [
            {"changes": [change], "take_back": []},
            {"changes": [], "take_back": [{"job_id": ours["job_id"], "version": 1}]},
        ],
        "noteAbsence": [{"day": "2026-11-23"}],
        "setShift": [{"hours": {"begins": "08:00", "until": "18:00"}, "was": None}],
        "changeLiveRules": [LIVE_RULES],
        "bePresent": [of_day | {"window": "w", "job_id": ours["job_id"]}],
        "saveView": [{"name": "theirs", "query": "list=late", "is_shared": True}],
        "beginWithView": [{"view_id": ours["view_id"]}],
        "changeView": [{"name": "theirs", "query": "list=late", "is_shared": True}],
    }


def _of_the_phone(ours: Ours) -> Bodies:
    job_id = ours.ids["job_id"]
    accept, position = command("accept", job_id), {"at": NOON, "lat": 39.9, "lng": 116.4, "accuracy_m": 5}
    return {
        "sendCommand": [accept, command("note", job_id, text="x")],
        "sendCommands": [{"commands": [accept]}],
        "sendPositions": [{"positions": [position | {"job_id": ours["job_id"]}]}],
        "takeUnsentWork": [
            {
                "format": "shangmen-unsent-work",
                "v": 1,
                "technician": {"id": ours["technician_id"]},
                "files": [],
                "operations": [command("accept", job_id)],
            }
        ],
    }


def _of_the_office(ours: Ours) -> Bodies:
    call = {"sku": "WH-60", "type": "repair", "customer_id": ours["customer_id"]}
    return {
        "checkDuplicate": [call],
        "takeCall": [call | {"key": str(uuid.uuid4()), "name": "x", "address": "望京西园"}],
        "locatePlace": [{"lat": 39.9, "lng": 116.4}],
        "dismissLetter": [{"reason": "x"}],
        "closeFollowUp": [{"outcome": "x"}],
        "closeTask": [{"outcome": "x"}],
        "sendMessageAgain": [{"id": str(uuid.uuid4())}],
        "setContact": [{"email": "a@example.com", "is_refused": True}],
        "erasePerson": [{"reason": "x"}],
        "changeRules": [{"offer_minutes": None, "relay_number": ""}],
        "createToken": [{"name": "theirs"}],
    }


def build_ours(stage: Stage) -> Ours:
    """Save them; the offer asks our technician and our vendor about a second job."""
    world = stage.world
    day = world.job.day or utc_now().date()
    rows = _rows_of_a_day(world, day) | _rows_of_a_job(world, day)

    def build(session: Session) -> dict[str, uuid.UUID]:
        session.add_all(rows.values())
        session.add(
            Blob(
                org_id=world.org.id, sha256=SHA, stored_sha256=SHA, media_type="image/jpeg", size=1,
                width=1, height=1,
            )
        )  # fmt: skip
        session.flush()
        follow_up, offer_id = _complaint(session, world), _offer(session, world)
        admin = Actor(role=Role.ADMIN, org_id=world.org.id, name="admin")
        token_id = tokens.create(session, admin, "ours").row.id
        return {"follow_up_id": follow_up.id, "offer_id": offer_id, "token_id": token_id}

    named = stage.calls.write(build)
    cast = {
        f"{name}_id": getattr(world, name).id
        for name in ("job", "place", "technician", "customer", "region", "vendor")
    }
    return Ours(cast | {name: row.id for name, row in rows.items()} | named, world.org.id)


def _rows_of_a_day(world: Doorstep, day: dt.date) -> dict[str, Any]:
    """What belongs to our region, our day or our office, by the name its id has in paths."""
    org_id, region_id = world.org.id, world.region.id
    return {
        "plan-runs": PlanRun(org_id=org_id, region_id=region_id, day=day),
        "plan_id": Plan(org_id=org_id, region_id=region_id, day=day),
        "imports": ImportRun(
            org_id=org_id, region_id=region_id, file_name="a.csv", file_sha256="0" * 64, format="csv",
            channel="own",
        ),
        "objective_id": PlanObjective(org_id=org_id, name="ours", prices={}),
        "letter_id": ReportLetter(
            org_id=org_id, key="ours", state=LetterState.WAITING, sender="a@example.org",
            expires_at=utc_now() + dt.timedelta(days=7),
        ),
        "hook_id": LetterHook(org_id=org_id, sealed="ours", changed_at=utc_now()),
        "view_id": SavedView(org_id=org_id, account_id=world.account.id, name="ours", query="list=late"),
    }  # fmt: skip


def _rows_of_a_job(world: Doorstep, day: dt.date) -> dict[str, Any]:
    """What belongs to our job, by the name its id has in paths."""
    org_id, job_id = world.org.id, world.job.id
    return {
        "message_id": Message(
            org_id=org_id, job_id=job_id, event=MessageEvent.CANCELLED, key="ours", not_before=utc_now(),
            state=MessageState.SENT,
        ),
        "task_id": AgentTask(
            org_id=org_id, job_id=job_id, kind=TaskKind.UNDELIVERED, key="ours", due_at=utc_now()
        ),
        "relaxation_id": Relaxation(
            org_id=org_id, job_id=job_id, region_id=world.region.id, day=day, bend="", amount=0,
            before={"places": []}, after={"versions": {}},
        ),
        "conflict_id": FieldConflict(
            org_id=org_id, job_id=job_id, field="note", command_id=uuid.uuid4(),
            account_id=world.account.id, standing={"value": "a"}, came={"value": "b"},
        ),
    }  # fmt: skip


def _complaint(session: Session, world: Doorstep) -> FollowUp:
    """About a rating; not due so soon that the timer tells the office of it in the middle of a test."""
    rating = Rating(
        org_id=world.org.id, job_id=world.job.id, visit_id=world.visit.id,
        technician_id=world.technician.id, stars=1,
    )  # fmt: skip
    session.add(rating)
    session.flush()
    next_week = utc_now() + dt.timedelta(days=7)
    row = FollowUp(
        org_id=world.org.id, job_id=world.job.id, rating_id=rating.id, due_at=next_week, resolve_by=next_week
    )
    session.add(row)
    session.flush()
    return row


def _offer(session: Session, world: Doorstep) -> uuid.UUID:
    values = world.job.model_dump() | {"id": uuid.uuid4(), "number": "J7", "version": 1}
    offered = Job(**values | {"status": JobStatus.BOOKED, "technician_id": None, "vendor_id": None})
    session.add(offered)
    session.flush()
    whom = [Whom(technician_id=world.technician.id, start=utc_now()), Whom(vendor_id=world.vendor.id)]
    wish = OfferCreate(version=1, mode=OfferMode.OPEN, candidates=whom)
    return desk.create(session, world.dispatcher, offered.id, wish).id


def operations(stage: Stage) -> list[tuple[str, str, str]]:
    """Method, path and name of every operation there is; words in paths are the first that are allowed."""
    document = stage.client.get("/api/openapi.json").json()
    return [
        (method.upper(), _worded(path, body, document), body["operationId"])
        for path, methods in document["paths"].items()
        for method, body in methods.items()
    ]


def _worded(path: str, operation: dict[str, Any], document: dict[str, Any]) -> str:
    for parameter in operation.get("parameters", []):
        schema = parameter["schema"]
        name = schema.get("$ref", "").rpartition("/")[2]
        allowed = document["components"]["schemas"].get(name, schema).get("enum")
        if parameter["in"] == "path" and allowed:
            path = path.replace("{" + parameter["name"] + "}", str(allowed[0]))
    return path


def address(path: str, operation: str, ours: Ours) -> str:
    """The path with our ids in it, and in its query where it takes one."""
    for name, row_id in ours.ids.items():
        path = path.replace("{" + name + "}", str(row_id))
        if f"/{name}/" in path:
            path = path.replace("{run_id}", str(row_id))
    path = path.replace("{sha256}", SHA).replace("{window}", "w").replace("{code}", "gas")
    path = path.replace("{month}", "2026-11").replace("{day}", "2026-11-23")
    assert "{" not in path, f"no row of ours for {path}"
    asked = {
        "region_id": operation in BY_REGION,
        "day": operation in BY_REGION | BY_DAY,
        "job_id": operation in BY_JOB,
        "technician_id": operation in BY_DAY,
    }
    values = {"day": "2026-11-23", **{name: str(row_id) for name, row_id in ours.ids.items()}}
    query = "&".join(f"{name}={values[name]}" for name, is_taken in asked.items() if is_taken)
    return f"{path}?{query}" if query else path
