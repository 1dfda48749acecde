"""Extra work with its quotes, push subscriptions, and which version changed which field of a job"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0012"
down_revision: str | None = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "extra_work",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_en", sa.String(120), nullable=False),
        sa.Column("category", sa.String(40), nullable=False),
        sa.Column("price_fen", sa.Integer(), nullable=False),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_until", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("price_fen >= 0", name=op.f("ck_extra_work_price")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_extra_work_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_work")),
        sa.UniqueConstraint(
            "org_id", "code", "valid_from", name=op.f("uq_extra_work_org_id_code_valid_from")
        ),
    )
    with op.batch_alter_table("extra_work", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extra_work_org_id"), ["org_id"], unique=False)

    op.create_table(
        "push_subscription",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column(
            "person_kind",
            sa.Enum("account", "customer", name="personkind", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("endpoint", sa.String(1000), nullable=False),
        sa.Column("p256dh", sa.String(120), nullable=False),
        sa.Column("auth", sa.String(60), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_push_subscription_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_subscription")),
        sa.UniqueConstraint("endpoint", name=op.f("uq_push_subscription_endpoint")),
    )
    with op.batch_alter_table("push_subscription", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_subscription_org_id"), ["org_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_push_subscription_person_kind_person_id"),
            ["person_kind", "person_id"],
            unique=False,
        )

    op.create_table(
        "push_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("subscription_id", sa.Uuid(), nullable=False),
        sa.Column("topic", sa.String(32), nullable=False),
        sa.Column("payload", JSON, nullable=False),
        sa.Column(
            "state",
            sa.Enum("queued", "sent", "failed", name="pushstate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", sa.String(300), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_push_message_org_id")),
        sa.ForeignKeyConstraint(
            ["subscription_id"],
            ["push_subscription.id"],
            name=op.f("fk_push_message_subscription_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_push_message")),
    )
    with op.batch_alter_table("push_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_push_message_org_id"), ["org_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_push_message_state_not_before"), ["state", "not_before"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_push_message_subscription_id"), ["subscription_id"], unique=False
        )

    op.create_table(
        "field_conflict",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("field", sa.String(40), nullable=False),
        sa.Column("command_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("standing", JSON, nullable=False),
        sa.Column("came", JSON, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_field_conflict_account_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_field_conflict_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_field_conflict_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_conflict")),
        sa.UniqueConstraint("command_id", "account_id", name=op.f("uq_field_conflict_command_id_account_id")),
    )
    with op.batch_alter_table("field_conflict", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_field_conflict_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_field_conflict_org_id"), ["org_id"], unique=False)

    op.create_table(
        "extra_quote",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("agreed", "declined", "withdrawn", name="quotestate", native_enum=False, length=24),
            nullable=False,
        ),
        sa.Column("snapshot", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("lines", JSON, nullable=False),
        sa.Column("total_fen", sa.Integer(), nullable=False),
        sa.Column("signer", sa.String(120), nullable=False),
        sa.Column("strokes", JSON, nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.String(2000), nullable=False),
        sa.CheckConstraint("total_fen >= 0", name=op.f("ck_extra_quote_total")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_extra_quote_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_extra_quote_org_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_extra_quote_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_extra_quote")),
    )
    with op.batch_alter_table("extra_quote", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_extra_quote_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_extra_quote_org_id"), ["org_id"], unique=False)

    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.add_column(sa.Column("field_versions", JSON, server_default="{}", nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("job", schema=None) as batch_op:
        batch_op.drop_column("field_versions")
    for table in ("extra_quote", "field_conflict", "push_message", "push_subscription", "extra_work"):
        op.drop_table(table)
