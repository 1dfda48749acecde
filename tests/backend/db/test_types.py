"""What columns hold, as the database itself sees it."""

import sqlalchemy as sa
from sqlmodel import Session

from backend.jobs.models import Job
from tests.factories.calls import calls_to
from tests.factories.scheduling import small_day


def test_no_reason_is_null_to_the_database(database_url: str) -> None:
    day = small_day(jobs=1)
    [job] = day.jobs

    def empty(session: Session) -> int:
        return session.execute(sa.text("SELECT count(*) FROM job WHERE unserved_reason IS NULL")).scalar_one()

    def tell(session: Session, reason: dict | None) -> None:
        session.get_one(Job, job.id).unserved_reason = reason

    with calls_to(database_url) as calls:
        calls.write(day.save)
        assert calls.read(empty) == 1
        calls.write(tell, {"code": "no_room", "data": {}})
        assert calls.read(empty) == 0
        calls.write(tell, None)
        assert calls.read(empty) == 1
