"""Looks into the mailbox: what customers write is kept, joins its case or is answered with a link."""

import asyncio
import contextlib
import datetime as dt
import uuid
from collections import Counter
from typing import Protocol

import structlog

from backend.background.chore import Chore, each
from backend.db.session import Database
from backend.db.types import utc_now
from backend.evidence.store import LocalBlobStore
from backend.messages.channels import ChannelError, Outgoing
from backend.organisations.models import Organisation
from backend.report import letters
from backend.report.answers import answer_to
from backend.report.letter import UnreadableLetterError, outline
from backend.report.letter_desk import LetterDesk, receiver
from backend.report.mailbox import Folder, Mailbox
from backend.report.models import Unreadable
from backend.settings import Settings

LOOK_EVERY_S = 60.0
TRIED_FOR = dt.timedelta(days=1)
AT_ONCE = 20
# As often taking one in may fail, a minute apart, before somebody has to read it instead.
MOST_TRIES = 10
log = structlog.get_logger("backend.postbox")


class Carrier(Protocol):
    """What takes an e-mail at once."""

    async def hand_over(self, org_id: uuid.UUID, channel: str, outgoing: Outgoing) -> str:
        """The receipt; raises ChannelError."""
        ...


class Postbox:
    """Looks into the mailbox every minute. Several servers may: an e-mail is taken once, by its Message-ID.

    It is marked as read once it is kept, so that a crash in between loses nothing. What cannot be read is
    kept too, as a line that says so; what failed is tried again after all the others.
    """

    def __init__(self, settings: Settings, db: Database, secret: bytes, sender: Carrier) -> None:
        self._settings, self._db, self._secret, self._sender = settings, db, secret, sender
        self._store = LocalBlobStore(settings.blob_dir)
        self._desk = LetterDesk(db, self._store)
        self._mailbox = Mailbox(settings.mailbox) if settings.mailbox else None
        self._tries: Counter[str] = Counter()
        # What is unread is still there at the next look.
        self._chore = Chore("postbox", self.look, LOOK_EVERY_S)

    async def start(self) -> None:
        """Begin to look; an organisation may let e-mails be handed over at any time."""
        self._chore.start()

    async def close(self) -> None:
        await self._chore.close()

    async def look(self) -> int:
        """Take in what is unread, then answer, whichever way it came; returns how many e-mails were new."""
        try:
            return await self._read(self._mailbox) if self._mailbox is not None else 0
        finally:
            # Also while the mailbox cannot be opened: nobody's answer, and nobody's words, wait for that.
            await asyncio.to_thread(self._store.drop_all, await self._db.write(letters.forget_expired))
            for org in await self._db.read(letters.debtors):
                await self._answer(org)

    async def _read(self, mailbox: Mailbox) -> int:
        org = await self._db.read(receiver, self._settings.mailbox.get("page", ""))
        with contextlib.ExitStack() as stack:
            folder = await asyncio.to_thread(stack.enter_context, mailbox.opened())

            async def take(uid: str) -> bool:
                is_new = await self._taken(org, folder, uid)
                await asyncio.to_thread(folder.mark_read, uid)
                del self._tries[uid]
                return is_new

            unread = await asyncio.to_thread(folder.unread)
            self._tries = Counter({uid: self._tries[uid] for uid in unread})
            in_turn = sorted(unread, key=self._tries.__getitem__)
            return await each("e-mail", in_turn[:AT_ONCE], take)

    async def _taken(self, org: Organisation, folder: Folder, uid: str) -> bool:
        """Whether it was new to us; one that was set aside is not."""
        why, seen = Unreadable.FAILED, b""
        if self._tries[uid] < MOST_TRIES:
            raw = await asyncio.to_thread(folder.fetch, uid)
            self._tries[uid] += 1  # not before: a line that is cut is no fault of an e-mail
            try:
                if raw is not None:
                    return await self._desk.take(org, raw, self._ours)
                why = Unreadable.TOO_LARGE
            except UnreadableLetterError:
                why, seen = Unreadable.BAD_FORM, raw or b""
        log.warning("e-mail not taken in", uid=uid, why=why.value)
        told = outline(seen or await asyncio.to_thread(folder.header, uid))
        await self._db.write(letters.set_aside, org.id, told, why)
        return False

    @property
    def _ours(self) -> set[str]:
        return {self._settings.mailbox["user"], self._settings.mailbox.get("address", "")}

    async def _answer(self, org: Organisation) -> None:
        """Write back to whoever waits for it; what did not leave is tried at the next look."""
        rows = {row.id: row for row in await self._db.read(letters.owed, org.id)}

        async def answer(letter_id: uuid.UUID) -> bool:
            mail = await self._db.read(answer_to, org, letter_id, self._secret, self._settings.base_url)
            try:
                await self._sender.hand_over(org.id, "email", mail)
            except ChannelError as error:
                is_over = error.is_final or utc_now() - rows[letter_id].created_at > TRIED_FOR
                await self._db.write(letters.answered, letter_id, is_over=is_over, why=error.detail)
                return False
            await self._db.write(letters.answered, letter_id, is_over=True)
            return True

        await each("answer to an e-mail", rows, answer)
