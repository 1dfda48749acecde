"""Carries push messages out of their queue; several servers share the work."""

import asyncio
import math
import time

import httpx
import structlog

from backend.background.chore import Chore
from backend.db.session import Database
from backend.push import claims
from backend.push.claims import Claimed
from backend.push.keys import VapidKeys, load_keys
from backend.push.models import QUEUED
from backend.push.outgoing import prepare
from backend.settings import Settings
from backend.web.trust import trusted_authorities

LOOK_EVERY_S = 2.0
TIMEOUT_S = 10.0
# A push service wants somebody to write to; an installation that is not public has nobody.
NOBODY = "mailto:nobody@localhost.localdomain"
GONE = frozenset({404, 410})
PASSING = frozenset({408, 425, 429})
log = structlog.get_logger("backend.push")


class PushSender:
    """Sends what is due, soon after it was queued and again until it is told or hopeless."""

    def __init__(self, db: Database, keys: VapidKeys, contact: str) -> None:
        self.keys = keys
        self._db, self._contact = db, contact
        # Woken by what this process queues; another one may have queued something, too.
        self._chore = Chore("push", self.send_due, LOOK_EVERY_S)

    async def start(self) -> None:
        self._db.on_marked[QUEUED] = self._chore.wake
        self._chore.start()

    async def close(self) -> None:
        self._db.on_marked.pop(QUEUED, None)
        await self._chore.close()

    async def send_due(self) -> int:
        """Send everything that is due now; returns how many push services took one."""
        count = 0
        while await self._db.read(claims.is_any_due) and (batch := await self._db.write(claims.claim_due)):
            trust = trusted_authorities()
            async with httpx.AsyncClient(timeout=TIMEOUT_S, verify=trust, follow_redirects=False) as client:
                count += sum(await asyncio.gather(*(self._carry(client, one) for one in batch)))
        return count

    async def _carry(self, client: httpx.AsyncClient, claimed: Claimed) -> bool:
        """One message, and whatever it may do."""
        try:
            return await self._push(client, claimed)
        except Exception as error:
            # Whatever it is: this one waits, the others go on.
            log.error("push", push_id=str(claimed.id), error=type(error).__name__, exc_info=error)
            await self._db.write(claims.put_off, claimed, f"error: {type(error).__name__}", is_final=False)
            return False

    async def _push(self, client: httpx.AsyncClient, claimed: Claimed) -> bool:
        if claimed.payload.get("until_s", math.inf) <= time.time():
            await self._db.write(claims.told, claimed)  # too late to be worth hearing
            return False
        try:
            sent = prepare(
                self.keys, self._contact, claimed.endpoint, claimed.p256dh, claimed.auth, claimed.payload
            )
            reply = await client.post(sent.url, content=sent.body, headers=sent.headers)
        except ValueError as error:
            await self._db.write(claims.put_off, claimed, str(error), is_final=True)
            return False
        except httpx.HTTPError as error:
            await self._db.write(claims.put_off, claimed, type(error).__name__, is_final=False)
            return False
        return await self._settle(claimed, reply)

    async def _settle(self, claimed: Claimed, reply: httpx.Response) -> bool:
        if reply.is_success:
            await self._db.write(claims.told, claimed)
            return True
        if reply.status_code in GONE:
            await self._db.write(claims.gone, claimed)
            return False
        is_passing = reply.status_code >= 500 or reply.status_code in PASSING
        await self._db.write(claims.put_off, claimed, f"HTTP {reply.status_code}", is_final=not is_passing)
        return False


def make_push_sender(settings: Settings, db: Database) -> PushSender:
    """The server's sender, with the keys of this installation."""
    is_reachable = settings.base_url.startswith("https://")
    contact = settings.push_contact or (settings.base_url if is_reachable else NOBODY)
    return PushSender(db, load_keys(settings.data_dir), contact)
