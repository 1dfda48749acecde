"""Objectives of plans with their prices, people's changes merged into drafts, what gave way for a job"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "plan_objective",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("prices", JSON, nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_plan_objective_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_objective")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_plan_objective_org_id_name")),
    )
    with op.batch_alter_table("plan_objective", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_plan_objective_org_id"), ["org_id"], unique=False)

    op.create_table(
        "relaxation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("bend", sa.String(24), nullable=False),
        sa.Column("subject", sa.String(120), nullable=False),
        sa.Column("part", sa.String(64), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(300), nullable=False),
        sa.Column("before", JSON, nullable=False),
        sa.Column("after", JSON, nullable=False),
        sa.Column("made_by", sa.String(120), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("undone_by", sa.String(120), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_relaxation_org_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_relaxation_job_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_relaxation_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relaxation")),
    )
    with op.batch_alter_table("relaxation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_relaxation_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relaxation_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_relaxation_region_id_day"), ["region_id", "day"], unique=False)

    op.add_column("plan_run", sa.Column("objective", JSON, nullable=True))
    op.add_column("plan", sa.Column("objective", JSON, nullable=True))
    op.add_column("plan", sa.Column("merged", JSON, server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("plan", "merged")
    op.drop_column("plan", "objective")
    op.drop_column("plan_run", "objective")
    op.drop_table("relaxation")
    op.drop_table("plan_objective")
