"""A report being written, kept on the server so that a reload, a call or a lost page loses nothing."""

import base64
import datetime as dt
import io
import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from PIL import Image
from sqlmodel import Session

from backend.assets.models import Product
from backend.auth.actor import Actor, system_actor
from backend.cases.models import Channel
from backend.db.types import utc_now
from backend.errors import NotFoundError
from backend.evidence import blobs
from backend.evidence.blobs import Kept
from backend.jobs.lifecycle import JobType
from backend.organisations.models import Organisation
from backend.report import guide, limits, policies, repository
from backend.report.guide import OTHER
from backend.report.models import AttachmentKind, ReportDraft, SelfHelpTry
from backend.tracking import links

PURPOSE = b"report draft 1:"
THUMBNAIL_PX = 72
LEFT_WHEN_SENT = ("sku", "serial", "need", "locale", "channel", "dropped")
MOST = {
    AttachmentKind.PHOTO: policies.MOST_PHOTOS,
    AttachmentKind.PROOF: policies.MOST_PROOFS,
    AttachmentKind.VIDEO: policies.MOST_VIDEOS,
}
EXPIRED_AT_ONCE = 200


@dataclass(frozen=True)
class Opened:
    """A draft with whose it is and what it is about."""

    draft: ReportDraft
    org: Organisation
    product: Product

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.draft.data)

    @property
    def need(self) -> str:
        """What the customer wants, as the form says it: `repair:no_drain`, `repair:other`, `install`."""
        return str(self.draft.data.get("need", ""))

    @property
    def job_type(self) -> JobType:
        return JobType(self.need.partition(":")[0] or JobType.REPAIR)

    @property
    def symptom(self) -> guide.Symptom | None:
        return guide.symptom(self.product.category, self.need.partition(":")[2])


def reporter(org_id: uuid.UUID) -> Actor:
    """The page acting for somebody unknown."""
    return system_actor(org_id, "report page")


def start(
    session: Session,
    org: Organisation,
    client: str,
    *,
    sku: str,
    serial: str,
    channel: Channel,
    locale: str,
    said: Mapping[str, object] | None = None,
) -> ReportDraft:
    """Begin a report about a product, with what was `said` before.

    Raises NotFoundError for one the organisation does not serve.
    """
    now = utc_now()
    limits.count_start(session, client)
    product = repository.product(session, org.id, sku)
    if product is None or not repository.services(session, product):
        raise NotFoundError("No such product.")
    begun = {"sku": sku, "serial": serial, "channel": channel.value, "locale": locale}
    draft = ReportDraft(org_id=org.id, data={**begun, **(said or {})}, expires_at=now + policies.DRAFT_LIFE)
    session.add(draft)
    session.flush()
    return draft


def open_draft(session: Session, secret: bytes, token: str, *, for_update: bool = False) -> Opened:
    """The draft of a token; raises LinkClosedError for anything else."""
    draft = repository.draft(session, links.unseal(secret, token, PURPOSE), for_update=for_update)
    if draft is None or draft.expires_at <= utc_now():
        raise links.LinkClosedError
    product = repository.product(session, draft.org_id, str(draft.data.get("sku", "")))
    if product is None:
        raise links.LinkClosedError
    return Opened(draft, session.get_one(Organisation, draft.org_id), product)


def say(session: Session, /, secret: bytes, token: str, **said: Any) -> Opened:
    """Add to a draft; one that was sent stays as it is."""
    opened = open_draft(session, secret, token, for_update=True)
    if opened.draft.submitted_at is None:
        opened.draft.data = opened.draft.data | said
        session.flush()
    return opened


def needs(session: Session, product: Product) -> list[str]:
    """What can be asked for: each symptom, another fault, and every other service there is."""
    found: list[str] = []
    for kind in repository.services(session, product):
        if kind is JobType.REPAIR:
            found += [f"repair:{one.key}" for one in guide.symptoms(product.category)] + [f"repair:{OTHER}"]
        else:
            found.append(kind.value)
    return found


def choose_need(session: Session, secret: bytes, token: str, need: str) -> Opened:
    """Say what is wanted; a symptom with self-help steps is counted as shown.

    Raises NotFoundError for a need that is not offered.
    """
    opened = open_draft(session, secret, token)
    if need not in needs(session, opened.product):
        raise NotFoundError("No such service.")
    opened = say(session, secret, token, need=need)
    found = opened.symptom
    if found is not None and found.steps:
        _tried(session, opened, found)
    return opened


def _tried(session: Session, opened: Opened, found: guide.Symptom) -> None:
    row = repository.self_help_try(session, opened.draft.id)
    if row is None:
        row = SelfHelpTry(
            org_id=opened.org.id, draft_id=opened.draft.id, category=found.category, symptom=found.key
        )
        session.add(row)
    row.category, row.symptom = found.category, found.key
    session.flush()


def helped(session: Session, secret: bytes, token: str, *, is_solved: bool) -> Opened:
    """Say whether the self-help steps were enough; that they were is counted, and no case is opened."""
    opened = say(session, secret, token, helped=is_solved)
    row = repository.self_help_try(session, opened.draft.id)
    if row is not None and opened.draft.submitted_at is None:
        row.is_solved = is_solved
        session.flush()
    return opened


def has_room(opened: Opened, kind: AttachmentKind) -> bool:
    """Whether one more of a kind may be kept."""
    of_kind = [one for one in opened.data.get("pictures", []) if one["kind"] == kind]
    return opened.draft.submitted_at is None and len(of_kind) < MOST[kind]


def add_file(
    session: Session,
    secret: bytes,
    token: str,
    kind: AttachmentKind,
    sha256: str,
    kept: Kept,
    shown: dict[str, str],
) -> bool:
    """Keep a cleaned picture or video with the draft, and how pages show it; False when there are enough."""
    opened = open_draft(session, secret, token, for_update=True)
    if not has_room(opened, kind):
        return False
    pictures: list[dict[str, str]] = list(opened.data.get("pictures", []))
    blobs.register(session, reporter(opened.org.id), sha256, kept)
    if all((one["sha256"], one["kind"]) != (sha256, kind) for one in pictures):
        pictures.append({"kind": kind.value, "sha256": sha256, **shown})
    opened.draft.data = opened.draft.data | {"pictures": pictures}
    session.flush()
    return True


def drop_picture(session: Session, secret: bytes, token: str, sha256: str) -> None:
    """Take a picture or video out of the draft; its file goes with the draft, should nobody send it."""
    opened = open_draft(session, secret, token)
    kept = [one for one in opened.data.get("pictures", []) if one["sha256"] != sha256]
    if len(kept) < len(opened.data.get("pictures", [])):
        dropped = {*opened.data.get("dropped", []), sha256}
        say(session, secret, token, pictures=kept, dropped=sorted(dropped))


def forget_expired(session: Session, now: dt.datetime | None = None) -> list[str]:
    """Drop drafts whose time is over, and what they held that nobody sent; the files to remove afterwards."""
    expired = repository.drop_expired(session, now or utc_now(), EXPIRED_AT_ONCE)
    held: defaultdict[uuid.UUID, set[str]] = defaultdict(set)
    for one in expired:
        held[one.org_id] |= _files_of(one)
    return [file for org_id, hashes in held.items() for file in forget_files(session, org_id, hashes)]


def forget_files(session: Session, org_id: uuid.UUID, hashes: Collection[str]) -> list[str]:
    """Drop uploads that no draft, e-mail or work holds any more; the files to remove afterwards."""
    if not hashes:
        return []
    still = {one for draft in repository.drafts_of(session, org_id) for one in _files_of(draft)}
    for letter in repository.letters_with_files(session, org_id):
        still |= {one["sha256"] for one in letter.files}
    return blobs.forget_unshown(session, org_id, sorted(set(hashes) - still))


def _files_of(draft: ReportDraft) -> set[str]:
    return {*(one["sha256"] for one in draft.data.get("pictures", [])), *draft.data.get("dropped", [])}


def thumbnail(data: bytes) -> str:
    """A tiny copy as a data address: pages show pictures without asking anybody for them."""
    with Image.open(io.BytesIO(data)) as image:
        small = image.convert("RGB")
        small.thumbnail((THUMBNAIL_PX, THUMBNAIL_PX))
        buffer = io.BytesIO()
        small.save(buffer, "JPEG", quality=55)
    return "data:image/jpeg;base64," + base64.b64encode(buffer.getvalue()).decode()


def close(session: Session, draft: ReportDraft, job_id: uuid.UUID, report_id: uuid.UUID) -> None:
    """The draft was sent: what it held is with the case now, and only the confirmation is left of it."""
    now: dt.datetime = utc_now()
    kept = {key: draft.data[key] for key in LEFT_WHEN_SENT if key in draft.data}
    draft.data = kept | {"job_id": str(job_id), "report_id": str(report_id)}
    draft.submitted_at, draft.expires_at = now, now + policies.DONE_LIFE
    session.flush()
