"""Limits of complaints in working hours, and pictures of certificates"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0016"
down_revision: str | None = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "complaint_rules",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("answer_h", sa.Integer(), nullable=False),
        sa.Column("resolve_h", sa.Integer(), nullable=False),
        sa.Column("warn_minutes", sa.Integer(), nullable=False),
        sa.Column("weekdays", JSON, nullable=False),
        sa.Column("open_from_h", sa.Integer(), nullable=False),
        sa.Column("open_until_h", sa.Integer(), nullable=False),
        sa.Column("calendar", sa.String(length=3), nullable=False),
        sa.Column("ask_after_days", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer_h BETWEEN 1 AND 80", name=op.f("ck_complaint_rules_answer")),
        sa.CheckConstraint("resolve_h BETWEEN answer_h AND 400", name=op.f("ck_complaint_rules_resolve")),
        sa.CheckConstraint(
            "open_from_h >= 0 AND open_from_h < open_until_h AND open_until_h <= 24",
            name=op.f("ck_complaint_rules_hours"),
        ),
        sa.CheckConstraint("ask_after_days BETWEEN 1 AND 3", name=op.f("ck_complaint_rules_ask_after")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_complaint_rules_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_complaint_rules")),
    )
    op.create_table(
        "certificate_picture",
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("webp", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_certificate_picture_technician_id")
        ),
        sa.PrimaryKeyConstraint("technician_id", "code", name=op.f("pk_certificate_picture")),
    )
    with op.batch_alter_table("follow_up") as batch_op:
        batch_op.alter_column("rating_id", existing_type=sa.Uuid(), nullable=True)
        batch_op.add_column(sa.Column("text", sa.String(length=1000), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("resolve_by", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(
            sa.Column("answered_by", sa.String(length=120), nullable=False, server_default="")
        )
        batch_op.add_column(sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    # What was promised before there were two limits was promised for both.
    op.execute("UPDATE follow_up SET resolve_by = due_at")
    with op.batch_alter_table("follow_up") as batch_op:
        batch_op.alter_column("resolve_by", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch_op.alter_column("text", existing_type=sa.String(length=1000), server_default=None)
        batch_op.alter_column("answered_by", existing_type=sa.String(length=120), server_default=None)


def downgrade() -> None:
    op.execute("DELETE FROM follow_up WHERE rating_id IS NULL")
    with op.batch_alter_table("follow_up") as batch_op:
        for column in ("escalated_at", "answered_by", "answered_at", "resolve_by", "text"):
            batch_op.drop_column(column)
        batch_op.alter_column("rating_id", existing_type=sa.Uuid(), nullable=False)
    op.drop_table("certificate_picture")
    op.drop_table("complaint_rules")
