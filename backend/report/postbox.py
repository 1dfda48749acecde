"""Looks into the mailbox: what customers write is kept, joins its case or is answered with a link."""

import asyncio
import contextlib
import datetime as dt
import hashlib
import uuid
from typing import Protocol

import structlog
from sqlmodel import Session

from backend.background.chore import Chore
from backend.db.session import Database
from backend.db.types import utc_now
from backend.errors import BadInputError
from backend.evidence.images import NotAnImageError
from backend.evidence.store import LocalBlobStore
from backend.evidence.uploads import MAX_BLOB_BYTES
from backend.messages.channels import ChannelError, Outgoing
from backend.organisations.models import Organisation
from backend.report import letters, repository, videos
from backend.report.answers import answer_to
from backend.report.letter import Letter, UnreadableLetterError, read
from backend.report.letters import Enclosed
from backend.report.mailbox import Mailbox
from backend.report.models import AttachmentKind
from backend.report.policies import MOST_PHOTOS, MOST_VIDEOS
from backend.report.uploads import kept_picture, kept_video
from backend.report.videos import NotAVideoError, VideoTooLongError
from backend.settings import Settings

LOOK_EVERY_S = 60.0
TRIED_FOR = dt.timedelta(days=1)
# Smaller ones are the logos of signatures.
LEAST_SIDE_PX = 200
log = structlog.get_logger("backend.postbox")


class Carrier(Protocol):
    """What takes an e-mail at once."""

    async def hand_over(self, org_id: uuid.UUID, channel: str, outgoing: Outgoing) -> str:
        """The receipt; raises ChannelError."""
        ...


class Postbox:
    """Looks into the mailbox every minute. Several servers may: an e-mail is taken once, by its Message-ID.

    It is marked as read once it is kept, so that a crash in between loses nothing.
    """

    def __init__(self, settings: Settings, db: Database, secret: bytes, sender: Carrier) -> None:
        self._settings, self._db, self._secret, self._sender = settings, db, secret, sender
        self._store = LocalBlobStore(settings.blob_dir)
        self._mailbox = Mailbox(settings.mailbox) if settings.mailbox else None
        # What is unread is still there at the next look.
        self._chore = Chore("postbox", self.look, LOOK_EVERY_S)

    async def start(self) -> None:
        """Begin to look, where a mailbox is set."""
        if self._mailbox is not None:
            self._chore.start()

    async def close(self) -> None:
        await self._chore.close()

    async def look(self) -> int:
        """Take in what is unread, then answer; returns how many e-mails were new."""
        if self._mailbox is None:
            return 0
        org = await self._db.read(self._whose)
        count = 0
        with contextlib.ExitStack() as stack:
            folder = await asyncio.to_thread(stack.enter_context, self._mailbox.opened())
            for uid in await asyncio.to_thread(folder.unread):
                raw = await asyncio.to_thread(folder.fetch, uid)
                try:
                    count += await self._taken(org, uid, raw)
                except Exception as error:
                    # Whatever it is: this one stays unread, the others go on.
                    log.error("e-mail", uid=uid, error=type(error).__name__, exc_info=error)
                    continue
                await asyncio.to_thread(folder.mark_read, uid)
        await self._answer(org)
        for name in await self._db.write(letters.forget_expired):
            await asyncio.to_thread(self._store.drop, name)
        return count

    def _whose(self, session: Session) -> Organisation:
        """Whose mailbox it is: the one at `page`, or the only one of this server."""
        page = self._settings.mailbox.get("page", "")
        found = repository.organisation_at(session, page) if page else repository.only_organisation(session)
        if found is None:
            raise BadInputError("SHANGMEN_MAILBOX has to name the `page` of its organisation.")
        return found

    async def _taken(self, org: Organisation, uid: str, raw: bytes | None) -> bool:
        if raw is None:
            log.warning("e-mail too large", uid=uid)
            return False
        try:
            letter = await asyncio.to_thread(read, raw)
        except UnreadableLetterError as error:
            log.warning("e-mail unreadable", uid=uid, error=str(error))
            return False
        if await self._db.read(letters.is_known, org.id, letter.key):
            return False
        enclosed = [] if letter.is_automatic else await asyncio.to_thread(self._enclosed, letter)
        ours = {self._settings.mailbox["user"].lower(), self._settings.mailbox.get("address", "").lower()}
        return await self._db.write(letters.take, org, letter, enclosed, ours) is not None

    def _enclosed(self, letter: Letter) -> list[Enclosed]:
        """The pictures and the video of a letter, by the checks every report's go through."""
        found: list[Enclosed] = []
        room = {AttachmentKind.PHOTO: MOST_PHOTOS, AttachmentKind.VIDEO: MOST_VIDEOS}
        for data in letter.files:
            one = self._checked(data)
            if one is not None and room[one.kind] > 0 and one.sha256 not in {other.sha256 for other in found}:
                room[one.kind] -= 1
                found.append(one)
        return found

    def _checked(self, data: bytes) -> Enclosed | None:
        sha256 = hashlib.sha256(data).hexdigest()
        if len(data) <= MAX_BLOB_BYTES:
            with contextlib.suppress(NotAnImageError):
                image, shown = kept_picture(self._store, data)
                is_logo = max(image.width, image.height) < LEAST_SIDE_PX
                return None if is_logo else Enclosed(AttachmentKind.PHOTO, sha256, image, shown)
        if len(data) <= videos.MOST_BYTES:
            with contextlib.suppress(NotAVideoError, VideoTooLongError):
                return Enclosed(AttachmentKind.VIDEO, sha256, *kept_video(self._store, data))
        return None

    async def _answer(self, org: Organisation) -> None:
        """Write back to whoever waits for it; what did not leave is tried at the next look."""
        for row in await self._db.read(letters.owed, org.id):
            answer = await self._db.read(answer_to, org, row.id, self._secret, self._settings.base_url)
            try:
                await self._sender.hand_over(org.id, "email", answer)
            except ChannelError as error:
                is_over = error.is_final or utc_now() - row.created_at > TRIED_FOR
                await self._db.write(letters.answered, row.id, is_over=is_over, why=error.detail)
                continue
            await self._db.write(letters.answered, row.id, is_over=True)
