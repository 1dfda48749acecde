"""A visit keeps whose technician made it; earlier ones are their job's where the same person has it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEP_WHOSE_IT_WAS = """
UPDATE visit SET vendor_id = (
  SELECT CASE WHEN job.technician_id = visit.technician_id THEN job.vendor_id ELSE technician.vendor_id END
  FROM job, technician WHERE job.id = visit.job_id AND technician.id = visit.technician_id)
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        # With its reference at once: to add it later the table is copied, and its triggers would be lost.
        op.execute("ALTER TABLE visit ADD COLUMN vendor_id CHAR(32) REFERENCES vendor (id)")
    else:
        op.add_column("visit", sa.Column("vendor_id", sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f("fk_visit_vendor_id_vendor"), "visit", "vendor", ["vendor_id"], ["id"])
    op.create_index(op.f("ix_visit_vendor_id"), "visit", ["vendor_id"])
    op.execute(KEEP_WHOSE_IT_WAS)


def downgrade() -> None:
    op.drop_index(op.f("ix_visit_vendor_id"), "visit")
    op.drop_column("visit", "vendor_id")
