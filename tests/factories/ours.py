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
from backend.scheduling.models import Plan, PlanObjective, PlanRun
from backend.sync.models import FieldConflict
from backend.views.models import SavedView
from tests.factories.cast import Stage, command

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
BY_REGION = frozenset(
    {
        "getBoard",
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
    }
)


@dataclass
class Ours:
    """One row of ours for every kind of id."""

    ids: dict[str, uuid.UUID]
    org_id: uuid.UUID

    def bodies(self, operation: str) -> list[dict[str, Any]]:
        """What somebody who may could send; each goes past every check of its form."""
        job, technician, region = (str(self.ids[name]) for name in ("job_id", "technician_id", "region_id"))
        body: dict[str, list[dict[str, Any]]] = {
            "actOnJob": [
                {"action": "assign", "version": 1, "data": {"technician_id": technician, "start": NOON}},
                {"action": "cancel", "version": 1, "data": {"reason": "x"}},
                {"action": "close", "version": 1},
            ],
            "actOnJobs": [
                {
                    "jobs": [
                        {
                            "job_id": job,
                            "version": 1,
                            "steps": [{"action": "cancel", "data": {"reason": "x"}}],
                        }
                    ]
                }
            ],
            "editJob": [{"version": 1, "note": "x"}],
            "lockJob": [{"technician": True, "time": False, "version": 1}],
            "locatePlace": [{"lat": 39.9, "lng": 116.4}],
            "offerJob": [
                {"version": 1, "mode": "open"},
                {"version": 1, "mode": "open", "candidates": [{"technician_id": technician, "start": NOON}]},
            ],
            "declineOffer": [{"reason": "ill"}],
            "erasePerson": [{"reason": "x"}],
            "showContact": [{"reason": "book"}],
            "bookFreeSlot": [{"start": NOON, "end": "2026-11-23T06:00:00Z"}],
            "checkDuplicate": [
                {"sku": "WH-60", "type": "repair", "customer_id": str(self.ids["customer_id"])}
            ],
            "takeCall": [
                {
                    "key": str(uuid.uuid4()),
                    "sku": "WH-60",
                    "type": "repair",
                    "name": "x",
                    "address": "望京西园",
                    "customer_id": str(self.ids["customer_id"]),
                }
            ],
            "giveBackOffer": [{"reason": "ill"}],
            "startPlanRun": [
                {"region_id": region, "day": "2026-11-23", "seconds": 1},
                {
                    "region_id": region,
                    "day": "2026-11-23",
                    "seconds": 1,
                    "objective": str(self.ids["objective_id"]),
                },
            ],
            "createPlanObjective": [{"name": "theirs", "prices": PRICES}],
            "changePlanObjective": [{"name": "theirs", "prices": PRICES}],
            "settleConflict": [{"keep": "came", "version": 1}],
            "letIn": [
                {
                    "bend": "later_end",
                    "subject": technician,
                    "amount": 20,
                    "changes": [
                        {
                            "job_id": job,
                            "version": 1,
                            "technician_id": technician,
                            "arrive": NOON,
                            "start": NOON,
                            "end": "2026-11-23T05:00:00Z",
                        },
                    ],
                },
            ],
            "sendCommand": [command("accept", uuid.UUID(job)), command("note", uuid.UUID(job), text="x")],
            "sendCommands": [{"commands": [command("accept", uuid.UUID(job))]}],
            "sendPositions": [
                {"positions": [{"at": NOON, "lat": 39.9, "lng": 116.4, "accuracy_m": 5, "job_id": job}]}
            ],
            "takeUnsentWork": [
                {
                    "format": "shangmen-unsent-work",
                    "v": 1,
                    "technician": {"id": technician},
                    "files": [],
                    "operations": [command("accept", uuid.UUID(job))],
                }
            ],
            "applyRemedy": [
                {
                    "changes": [
                        {
                            "job_id": job,
                            "version": 1,
                            "technician_id": technician,
                            "arrive": NOON,
                            "start": NOON,
                            "end": "2026-11-23T05:00:00Z",
                        },
                    ],
                    "take_back": [],
                },
                {"changes": [], "take_back": [{"job_id": job, "version": 1}]},
            ],
            "setExtraWork": [{"items": []}],
            "closeFollowUp": [{"outcome": "x"}],
            "takeComplaint": [{"text": "x"}],
            "closeTask": [{"outcome": "x"}],
            "sendMessageAgain": [{"id": str(uuid.uuid4())}],
            "setContact": [{"email": "a@example.com", "is_refused": True}],
            "noteAbsence": [{"day": "2026-11-23"}],
            "changeLiveRules": [LIVE_RULES],
            "bePresent": [{"window": "w", "region_id": region, "day": "2026-11-23", "job_id": job}],
            "saveView": [{"name": "theirs", "query": "list=late", "is_shared": True}],
            "changeView": [{"name": "theirs", "query": "list=late", "is_shared": True}],
            "changeRules": [{"offer_minutes": None, "relay_number": ""}],
            "createToken": [{"name": "theirs"}],
        }
        return body.get(operation, [{}])


def build_ours(stage: Stage) -> Ours:
    """Save them; the offer asks our technician and our vendor about a second job."""
    world = stage.world
    day = world.job.day or utc_now().date()
    run = PlanRun(org_id=world.org.id, region_id=world.region.id, day=day)
    plan = Plan(org_id=world.org.id, region_id=world.region.id, day=day)
    imported = ImportRun(
        org_id=world.org.id, region_id=world.region.id, file_name="a.csv", file_sha256="0" * 64,
        format="csv", channel="own",
    )  # fmt: skip
    blob = Blob(
        org_id=world.org.id, sha256=SHA, stored_sha256=SHA, media_type="image/jpeg", size=1, width=1, height=1
    )

    # Not so soon that the timer tells the office of it in the middle of a test.
    next_week = utc_now() + dt.timedelta(days=7)
    follow_up = FollowUp(
        org_id=world.org.id, job_id=world.job.id, due_at=next_week, resolve_by=next_week
    )  # fmt: skip

    message = Message(
        org_id=world.org.id, job_id=world.job.id, event=MessageEvent.CANCELLED, key="ours",
        not_before=utc_now(), state=MessageState.SENT,
    )  # fmt: skip
    task = AgentTask(
        org_id=world.org.id, job_id=world.job.id, kind=TaskKind.UNDELIVERED, key="ours", due_at=utc_now()
    )

    objective = PlanObjective(org_id=world.org.id, name="ours", prices={})
    relaxation = Relaxation(
        org_id=world.org.id, job_id=world.job.id, region_id=world.region.id, day=day, bend="", amount=0,
        before={"places": []}, after={"versions": {}},
    )  # fmt: skip
    conflict = FieldConflict(
        org_id=world.org.id, job_id=world.job.id, field="note", command_id=uuid.uuid4(),
        account_id=world.account.id, standing={"value": "a"}, came={"value": "b"},
    )  # fmt: skip
    view = SavedView(org_id=world.org.id, account_id=world.account.id, name="ours", query="list=late")

    def build(session: Session) -> tuple[uuid.UUID, uuid.UUID]:
        rating = Rating(
            org_id=world.org.id, job_id=world.job.id, visit_id=world.visit.id,
            technician_id=world.technician.id, stars=1,
        )  # fmt: skip
        session.add_all([run, plan, imported, blob, rating, message, task, view])
        session.add_all([objective, relaxation, conflict])
        session.flush()
        follow_up.rating_id = rating.id
        session.add(follow_up)
        values = world.job.model_dump() | {"id": uuid.uuid4(), "number": "J7", "version": 1}
        offered = Job(**values | {"status": JobStatus.BOOKED, "technician_id": None, "vendor_id": None})
        session.add(offered)
        session.flush()
        whom = [Whom(technician_id=world.technician.id, start=utc_now()), Whom(vendor_id=world.vendor.id)]
        wish = OfferCreate(version=1, mode=OfferMode.OPEN, candidates=whom)
        offer = desk.create(session, world.dispatcher, offered.id, wish)
        admin = Actor(role=Role.ADMIN, org_id=world.org.id, name="admin")
        return offer.id, tokens.create(session, admin, "ours").row.id

    offer_id, token_id = stage.calls.write(build)
    ids = {
        "job_id": world.job.id, "place_id": world.place.id, "technician_id": world.technician.id,
        "customer_id": world.customer.id,
        "region_id": world.region.id, "plan_id": plan.id, "plan-runs": run.id, "imports": imported.id,
        "offer_id": offer_id, "token_id": token_id, "follow_up_id": follow_up.id,
        "message_id": message.id, "task_id": task.id, "view_id": view.id, "objective_id": objective.id,
        "relaxation_id": relaxation.id, "conflict_id": conflict.id,
    }  # fmt: skip
    return Ours(ids, world.org.id)


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
    assert "{" not in path, f"no row of ours for {path}"
    asked = f"&job_id={ours.ids['job_id']}" if operation in BY_JOB else ""
    return (
        f"{path}?region_id={ours.ids['region_id']}&day=2026-11-23{asked}" if operation in BY_REGION else path
    )
