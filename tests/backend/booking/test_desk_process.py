"""The desk's own process: replaced when it dies, gone when its owner says so, never in the way of a stop."""

import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backend.booking.asked import AskOffers, Offers, Unknown
from backend.booking.desk import WAIT_FOR_BEGIN_S, DeskBusyError, DeskProcess
from tests.backend.booking.test_desk import asked, wish
from tests.factories.region_days import region_day, technician

pytestmark = pytest.mark.anyio
# Begins once the file it is given can be read; then it answers with the question.
WAITS_AT_THE_GATE = """import sys
open(sys.argv[1]).read()
from backend.scheduling.frames import Pipe, Ready
pipe = Pipe(0, 1)
pipe.send(Ready(0))
pipe.send(pipe.receive())
"""
QUESTION = AskOffers(wish(), (asked(region_day(technician(1)), stamp="s"),))


@pytest.fixture
async def desk(anyio_backend: str) -> AsyncIterator[DeskProcess]:
    made = DeskProcess()
    yield made
    await made.close()


async def test_it_answers_as_the_desk_does(desk: DeskProcess) -> None:
    answer = await desk.ask(QUESTION)
    assert isinstance(answer, Offers)
    assert len(answer.offers) == 4


async def test_a_killed_one_is_replaced_by_the_next_question(desk: DeskProcess) -> None:
    await desk.ask(QUESTION)
    first = desk.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    try:
        answer = await desk.ask(QUESTION)
    except DeskBusyError:  # it died with the question in hand
        answer = await desk.ask(QUESTION)
    assert isinstance(answer, Offers | Unknown)
    assert desk.pid != first


async def test_one_that_is_still_compiling_does_not_hold_up_a_stop(desk: DeskProcess) -> None:
    await desk.start()
    pid = desk.pid
    assert pid is not None
    began = time.monotonic()
    await desk.close()
    assert time.monotonic() - began < 1.5
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_one_that_takes_long_to_start_goes_on_starting_for_whoever_asks_next(
    anyio_backend: str, tmp_path: Path
) -> None:
    gate = tmp_path / "gate"
    os.mkfifo(gate)
    slow = DeskProcess(str(gate), command=("-c", WAITS_AT_THE_GATE), wait_for_begin_s=0)
    with pytest.raises(DeskBusyError):
        await slow.ask(QUESTION)
    pid = slow.pid
    gate.write_text("open")
    slow.wait_for_begin_s = WAIT_FOR_BEGIN_S
    answer: object = await slow.ask(QUESTION)
    assert answer == QUESTION
    assert slow.pid == pid
    await slow.close()


async def test_a_program_that_does_not_start_is_said(anyio_backend: str) -> None:
    broken = DeskProcess(command=("-c", "raise SystemExit(3)"))
    with pytest.raises(DeskBusyError):
        await broken.ask(QUESTION)
    await broken.close()
