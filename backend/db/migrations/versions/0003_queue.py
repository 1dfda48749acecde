"""The task queue's tables, on PostgreSQL, where workers on other machines fetch work from them."""

from typing import Any

from alembic import op
from procrastinate.schema import SchemaManager

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    script = SchemaManager.get_schema()

    async def apply(driver: Any) -> None:  # noqa: ANN401 - asyncpg's connection has no public type for this
        await driver.execute(script)

    # Many statements at once need the driver's simple protocol; the transaction stays Alembic's.
    connection.connection.dbapi_connection.run_async(apply)  # type: ignore[union-attr]  # asyncpg's adapter has it


def downgrade() -> None:
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute("DROP TABLE procrastinate_periodic_defers, procrastinate_events, procrastinate_jobs CASCADE")
    op.execute("DROP TABLE procrastinate_workers CASCADE")
    op.execute("DROP TYPE procrastinate_job_to_defer_v1 CASCADE")
    for kind in ("procrastinate_job_status", "procrastinate_job_event_type"):
        op.execute(f"DROP TYPE {kind} CASCADE")
    op.execute(DROP_FUNCTIONS)


DROP_FUNCTIONS = """
DO $$
DECLARE routine record;
BEGIN
  FOR routine IN SELECT oid::regprocedure AS name FROM pg_proc WHERE proname LIKE 'procrastinate%' LOOP
    EXECUTE 'DROP FUNCTION ' || routine.name || ' CASCADE';
  END LOOP;
END $$
"""
