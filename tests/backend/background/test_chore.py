"""Work done again and again outlives its failures, can be woken, ends when told to; one holds up no other."""

import asyncio

from structlog.testing import capture_logs

from backend.background.chore import Chore, each

NEVER_S = 3600.0


def test_a_chore_that_fails_is_logged_and_done_again_when_woken() -> None:
    done: list[str] = []

    async def run() -> None:
        again = asyncio.Event()

        async def work() -> None:
            done.append("work")
            if len(done) < 3:
                chore.wake()  # what comes while it works is not missed, nor while it fails
            if len(done) == 1:
                raise ValueError("for once")
            if len(done) == 3:
                again.set()

        chore = Chore("sweeping", work, NEVER_S)
        chore.start()
        await asyncio.wait_for(again.wait(), 5)
        await chore.close()

    with capture_logs() as logs:
        asyncio.run(run())
    assert done == ["work"] * 3
    assert [(entry["chore"], entry["error"]) for entry in logs] == [("sweeping", "ValueError")]


def test_a_chore_that_waits_first_does_nothing_until_it_is_woken() -> None:
    done: list[str] = []

    async def run() -> None:
        ended = asyncio.Event()

        async def work() -> None:
            done.append("work")
            ended.set()

        chore = Chore("sweeping", work, NEVER_S, waits_first=True)
        chore.start()
        await asyncio.sleep(0)
        before = [*done]
        chore.wake()
        await asyncio.wait_for(ended.wait(), 5)
        await chore.close()
        assert before == []

    asyncio.run(run())
    assert done == ["work"]


def test_a_chore_ends_in_the_middle_of_its_work() -> None:
    async def run() -> asyncio.Task[None] | None:
        begun = asyncio.Event()

        async def work() -> None:
            begun.set()
            await asyncio.Event().wait()

        chore = Chore("sweeping", work, NEVER_S)
        chore.start()
        await begun.wait()
        await asyncio.wait_for(chore.close(), 5)
        return next((task for task in asyncio.all_tasks() if task is not asyncio.current_task()), None)

    assert asyncio.run(run()) is None


def test_what_fails_for_one_is_logged_and_done_for_the_others() -> None:
    async def work(name: str) -> int:
        if name == "second":
            raise ValueError("for this one")
        return len(name)

    with capture_logs() as logs:
        assert asyncio.run(each("counting", ["first", "second", "third"], work)) == 10
    assert [(entry["what"], entry["name"], entry["error"]) for entry in logs] == [
        ("counting", "second", "ValueError")
    ]
