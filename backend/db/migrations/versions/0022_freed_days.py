"""Days made free by hand are known; those freed before are what the audit log says of days without one."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEP_WHAT_IS_FREE = """
INSERT INTO freed_day (technician_id, day)
SELECT DISTINCT entry.entity_id, {day} FROM audit_entry AS entry
JOIN technician ON technician.id = entry.entity_id
WHERE entry.action = 'shift.changed'
AND NOT EXISTS (SELECT 1 FROM shift WHERE shift.technician_id = entry.entity_id AND shift.day = {day})
AND NOT EXISTS (
  SELECT 1 FROM absence
  WHERE absence.technician_id = entry.entity_id AND absence.day = {day} AND absence.taken_back_at IS NULL)
"""
FREED = {
    "sqlite": KEEP_WHAT_IS_FREE.format(day="json_extract(entry.data, '$.day')"),
    "postgresql": KEEP_WHAT_IS_FREE.format(day="CAST(entry.data ->> 'day' AS date)"),
}


def upgrade() -> None:
    op.create_table(
        "freed_day",
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_freed_day_technician_id_technician")
        ),
        sa.PrimaryKeyConstraint("technician_id", "day", name=op.f("pk_freed_day")),
    )
    op.execute(FREED[op.get_bind().dialect.name])


def downgrade() -> None:
    op.drop_table("freed_day")
