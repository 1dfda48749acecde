"""E-mails that become reports, and when a customer gave an address themselves"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INDEXES = (("org_id",), ("job_id",), ("expires_at",), ("org_id", "state"))


def upgrade() -> None:
    op.create_table(
        "report_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("state", sa.String(24), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("sender", sa.String(320), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("is_owed", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(200), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_report_letter_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_report_letter_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_letter")),
        sa.UniqueConstraint("org_id", "key", name=op.f("uq_report_letter_org_id_key")),
    )
    for columns in INDEXES:
        op.create_index(op.f("ix_report_letter_" + "_".join(columns)), "report_letter", list(columns))
    op.add_column("contact_address", sa.Column("consented_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("contact_address", "consented_at")
    for columns in INDEXES:
        op.drop_index(op.f("ix_report_letter_" + "_".join(columns)), "report_letter")
    op.drop_table("report_letter")
