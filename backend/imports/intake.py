"""From bytes to a dry run, and from a dry run to jobs; reading and geocoding stay off the event loop."""

import asyncio
import uuid
from collections.abc import Sequence
from functools import cache
from zoneinfo import ZoneInfo

from backend.auth.actor import Actor
from backend.db.session import Database
from backend.db.types import utc_now
from backend.errors import RejectedError
from backend.geocoding.datum import Point
from backend.geocoding.gazetteer import beijing
from backend.geocoding.geocoder import Geocoder, GeocoderError, configured_geocoder
from backend.geocoding.locate import Location, Locator
from backend.imports import applying, repository, runs, service
from backend.imports.lines import Context
from backend.imports.models import ImportRun, ImportState
from backend.imports.orders import Reading, read_orders
from backend.imports.outcomes import Verdict, judge
from backend.imports.readers import read_table
from backend.imports.reasons import OrderFileError
from backend.imports.service import APPLIED, Ground, Judged, Upload
from backend.settings import Settings

MAX_QUESTIONS = 500
MAX_FAILURES = 3
LOOK_AGAIN_S = 0.05


class UnreadableFileError(RejectedError):
    """The file as a whole is no order file; `code` and `message` say why."""


class PatientGeocoder:
    """Asks a service a bounded number of times a file, and stops when it keeps failing."""

    def __init__(self, service: Geocoder) -> None:
        self._service = service
        self._questions = self._failures = 0

    def locate(self, address: str) -> Point | None:
        if self._questions >= MAX_QUESTIONS or self._failures >= MAX_FAILURES:
            raise GeocoderError("asked enough")
        self._questions += 1
        try:
            found = self._service.locate(address)
        except GeocoderError:
            self._failures += 1
            raise
        self._failures = 0
        return found


def locator_for(settings: Settings) -> Locator:
    """The gazetteer and the configured geocoder, for one file."""
    geocoder = configured_geocoder(settings.geocoder, settings.geocoder_options)
    return Locator(beijing(), PatientGeocoder(geocoder))


async def dry_run(db: Database, actor: Actor, upload: Upload, locator: Locator) -> ImportRun:
    """Read a file and keep what it would do. Raises `UnreadableFileError`; changes nothing else."""
    ground = await db.read(service.ground, actor, upload.region_id)
    reading = await asyncio.to_thread(_read, upload, ground)
    numbers = [(order.channel, order.order_no) for order in reading.orders if order.order_no]
    known = await db.read(repository.known_lines, actor.org_id, numbers)
    verdicts = [
        verdict
        for order in reading.orders
        for verdict in judge(order, known.get((order.channel, order.order_no)))
    ]
    judged = await asyncio.to_thread(_located, verdicts, locator)
    return await db.write(service.keep_dry_run, actor, upload, ground.region, reading, judged)


def _read(upload: Upload, ground: Ground) -> Reading:
    now = utc_now()
    zone = ZoneInfo(ground.region.zone)
    context = Context(
        zone=zone,
        today=now.astimezone(zone).date(),
        now=now,
        phone_region=ground.phone_region,
        datum=upload.datum,
        products=ground.products,
    )
    try:
        return read_orders(read_table(upload.data), context, upload.channel)
    except OrderFileError as error:
        reason = error.reason
        raise UnreadableFileError(str(error), code=reason.code, message=reason.message()) from error


def _located(verdicts: Sequence[Verdict], locator: Locator) -> list[Judged]:
    @cache
    def locate(address: str, given: Point | None) -> Location:
        return locator.locate(address, given)

    return [
        Judged(each, locate(each.lines[0].address, each.lines[0].point) if each.outcome in APPLIED else None)
        for each in verdicts
    ]


async def apply(db: Database, actor: Actor, run_id: uuid.UUID) -> ImportRun:
    """Apply a dry run to its end, here and now. Said again after a crash, it goes on where it stopped."""
    await db.write(runs.ask, actor, run_id, lambda _session, _run_id: None)
    await carry_out(db, run_id, is_orphaned=True)
    return await db.read(service.get_run, actor, run_id)


async def carry_out(db: Database, run_id: uuid.UUID, *, is_orphaned: bool = False) -> None:
    """Apply an import that was asked for, a batch of orders at a time; nothing when others are at it."""
    claim = await db.write(runs.claim, run_id, is_orphaned=is_orphaned)
    if claim is None:
        return
    try:
        positions = await db.read(applying.positions_to_apply, claim.actor, run_id)
        while positions:
            done = await db.write(runs.apply_some, claim, positions)
            if done is None:
                return
            positions = positions[done:]
        await db.write(runs.end, claim)
    except asyncio.CancelledError:
        await db.write(runs.release, claim)
        raise
    except Exception:
        await db.write(runs.fail, claim)
        raise


async def settled(db: Database, actor: Actor, run_id: uuid.UUID, patience_s: float) -> ImportRun:
    """The import once it has ended, or as it is when patience has."""
    until = asyncio.get_running_loop().time() + patience_s
    while True:
        run = await db.read(service.get_run, actor, run_id)
        if run.state is not ImportState.APPLYING or asyncio.get_running_loop().time() >= until:
            return run
        await asyncio.sleep(LOOK_AGAIN_S)
