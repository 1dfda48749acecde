"""Reports from customers, and erasure"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "report_attempt",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_attempt")),
    )
    with op.batch_alter_table("report_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_attempt_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_attempt_key_hash"), ["key_hash"], unique=False)
    op.create_table(
        "report_draft",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("data", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_report_draft_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_draft")),
    )
    with op.batch_alter_table("report_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_draft_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_draft_org_id"), ["org_id"], unique=False)
    op.create_table(
        "report_rules",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("slug", sa.String(40), nullable=False),
        sa.Column("is_open", sa.Boolean(), nullable=False),
        sa.Column("answer_h", sa.Integer(), nullable=False),
        sa.Column("open_from_h", sa.Integer(), nullable=False),
        sa.Column("open_until_h", sa.Integer(), nullable=False),
        sa.CheckConstraint("answer_h BETWEEN 1 AND 72", name=op.f("ck_report_rules_answer")),
        sa.CheckConstraint("open_from_h < open_until_h", name=op.f("ck_report_rules_hours_order")),
        sa.CheckConstraint("open_from_h >= 0 AND open_until_h <= 24", name=op.f("ck_report_rules_hours")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_report_rules_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_report_rules")),
        sa.UniqueConstraint("slug", name=op.f("uq_report_rules_slug")),
    )
    op.create_table(
        "self_help_try",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("draft_id", sa.Uuid(), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("symptom", sa.String(60), nullable=False),
        sa.Column("is_solved", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_self_help_try_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_self_help_try")),
        sa.UniqueConstraint("draft_id", name=op.f("uq_self_help_try_draft_id")),
    )
    with op.batch_alter_table("self_help_try", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_self_help_try_org_id"), ["org_id"], unique=False)
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by", sa.String(120), nullable=False),
        sa.Column("summary", sa.JSON().with_variant(postgresql.JSONB(), "postgresql"), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name=op.f("fk_erasure_customer_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_erasure_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_erasure_customer_id"), ["customer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_erasure_org_id"), ["org_id"], unique=False)
    op.create_table(
        "case_attachment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("photo", "proof", "rating", name="attachmentkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"], name=op.f("fk_case_attachment_case_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_case_attachment_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_case_attachment_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_attachment")),
        sa.UniqueConstraint("case_id", "kind", "sha256", name=op.f("uq_case_attachment_case_id_kind_sha256")),
    )
    with op.batch_alter_table("case_attachment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_attachment_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_attachment_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_attachment_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_attachment_sha256"), ["sha256"], unique=False)
    op.create_table(
        "case_report",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("hotline", "web", "qr", "order", "api", name="channel", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("is_joined", sa.Boolean(), nullable=False),
        sa.Column("symptom", sa.String(60), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("phone", sa.String(20), nullable=False),
        sa.Column("address", sa.String(300), nullable=False),
        sa.Column("serial", sa.String(60), nullable=False),
        sa.Column("helped", sa.Boolean(), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer_by", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["service_case.id"], name=op.f("fk_case_report_case_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_case_report_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_case_report_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_report")),
        sa.UniqueConstraint("org_id", "key", name=op.f("uq_case_report_org_id_key")),
    )
    with op.batch_alter_table("case_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_report_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_report_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_report_org_id"), ["org_id"], unique=False)
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("customer", schema=None) as batch_op:
        batch_op.drop_column("erased_at")
    with op.batch_alter_table("case_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_report_org_id"))
        batch_op.drop_index(batch_op.f("ix_case_report_job_id"))
        batch_op.drop_index(batch_op.f("ix_case_report_case_id"))
    op.drop_table("case_report")
    with op.batch_alter_table("case_attachment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_case_attachment_sha256"))
        batch_op.drop_index(batch_op.f("ix_case_attachment_org_id"))
        batch_op.drop_index(batch_op.f("ix_case_attachment_job_id"))
        batch_op.drop_index(batch_op.f("ix_case_attachment_case_id"))
    op.drop_table("case_attachment")
    with op.batch_alter_table("erasure", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_erasure_org_id"))
        batch_op.drop_index(batch_op.f("ix_erasure_customer_id"))
    op.drop_table("erasure")
    with op.batch_alter_table("self_help_try", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_self_help_try_org_id"))
    op.drop_table("self_help_try")
    op.drop_table("report_rules")
    with op.batch_alter_table("report_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_draft_org_id"))
        batch_op.drop_index(batch_op.f("ix_report_draft_expires_at"))
    op.drop_table("report_draft")
    with op.batch_alter_table("report_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_report_attempt_key_hash"))
        batch_op.drop_index(batch_op.f("ix_report_attempt_at"))
    op.drop_table("report_attempt")
