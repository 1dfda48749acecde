"""A process that reads a number, adds one and writes it back, many times at once."""

import asyncio
import sys
import uuid

from sqlmodel import Session, select

from backend.db.session import Database
from backend.jobs.models import NumberSeries
from backend.settings import Settings

AT_ONCE = 16


def add_one(session: Session, org_id: uuid.UUID) -> None:
    query = select(NumberSeries).where(NumberSeries.org_id == org_id).with_for_update()
    series = session.exec(query).one()
    series.value = series.value + 1


async def main(url: str, org_id: uuid.UUID, times: int) -> None:
    database = Database(Settings(database_url=url).resolved_database_url)
    gate = asyncio.Semaphore(AT_ONCE)

    async def once() -> None:
        async with gate:
            await database.write(add_one, org_id)

    await asyncio.gather(*(once() for _ in range(times)))
    await database.close()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], uuid.UUID(sys.argv[2]), int(sys.argv[3])))
