"""Messages to customers, their ratings, and calls owed"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "message_rules",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("fallback", sa.String(20), nullable=False),
        sa.Column("quiet_from_h", sa.Integer(), nullable=False),
        sa.Column("quiet_until_h", sa.Integer(), nullable=False),
        sa.Column("most_per_day", sa.Integer(), nullable=False),
        sa.CheckConstraint("most_per_day BETWEEN 1 AND 100", name=op.f("ck_message_rules_most_per_day")),
        sa.CheckConstraint("quiet_from_h BETWEEN 0 AND 24", name=op.f("ck_message_rules_quiet_from")),
        sa.CheckConstraint("quiet_until_h BETWEEN 0 AND 24", name=op.f("ck_message_rules_quiet_until")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_message_rules_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_message_rules")),
    )
    op.create_table(
        "message_template",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "invited",
                "booked",
                "on_the_way",
                "done",
                "rate",
                "cancelled",
                name="messageevent",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("text", sa.String(600), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_message_template_org_id")),
        sa.PrimaryKeyConstraint("org_id", "event", "language", name=op.f("pk_message_template")),
    )
    op.create_table(
        "contact_refusal",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("refused_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_refusal_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", name=op.f("pk_contact_refusal")),
    )
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column(
            "event",
            sa.Enum(
                "invited",
                "booked",
                "on_the_way",
                "done",
                "rate",
                "cancelled",
                name="messageevent",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column(
            "data",
            JSON,
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "queued",
                "sending",
                "sent",
                "failed",
                "dropped",
                name="messagestate",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(120), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.Column("receipt", sa.String(120), nullable=False),
        sa.Column("why", sa.String(300), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_message_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_message_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("org_id", "key", name=op.f("uq_message_org_id_key")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_org_id"), ["org_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_message_org_id_address_sent_at"), ["org_id", "address", "sent_at"], unique=False
        )
        batch_op.create_index(
            batch_op.f("ix_message_state_not_before"), ["state", "not_before"], unique=False
        )

    op.create_table(
        "rating",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("visit_id", sa.Uuid(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("stars", sa.Integer(), nullable=False),
        sa.Column("nps", sa.Integer(), nullable=True),
        sa.Column(
            "tags",
            JSON,
            nullable=False,
        ),
        sa.Column("text", sa.String(1000), nullable=False),
        sa.CheckConstraint("nps IS NULL OR nps BETWEEN 0 AND 10", name=op.f("ck_rating_nps")),
        sa.CheckConstraint("stars BETWEEN 1 AND 5", name=op.f("ck_rating_stars")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_rating_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_rating_org_id")),
        sa.ForeignKeyConstraint(["technician_id"], ["technician.id"], name=op.f("fk_rating_technician_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_rating_vendor_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_rating_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rating")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_rating_visit_id")),
    )
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rating_job_id"), ["job_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_org_id"), ["org_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_technician_id"), ["technician_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_rating_vendor_id"), ["vendor_id"], unique=False)

    op.create_table(
        "follow_up",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("rating_id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(120), nullable=False),
        sa.Column("outcome", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_follow_up_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_follow_up_org_id")),
        sa.ForeignKeyConstraint(["rating_id"], ["rating.id"], name=op.f("fk_follow_up_rating_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up")),
        sa.UniqueConstraint("rating_id", name=op.f("uq_follow_up_rating_id")),
    )
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_follow_up_org_id"), ["org_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_follow_up_org_id_closed_at"), ["org_id", "closed_at"], unique=False
        )


def downgrade() -> None:
    with op.batch_alter_table("follow_up", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_follow_up_org_id_closed_at"))
        batch_op.drop_index(batch_op.f("ix_follow_up_org_id"))

    op.drop_table("follow_up")
    with op.batch_alter_table("rating", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rating_vendor_id"))
        batch_op.drop_index(batch_op.f("ix_rating_technician_id"))
        batch_op.drop_index(batch_op.f("ix_rating_org_id"))
        batch_op.drop_index(batch_op.f("ix_rating_job_id"))

    op.drop_table("rating")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_state_not_before"))
        batch_op.drop_index(batch_op.f("ix_message_org_id_address_sent_at"))
        batch_op.drop_index(batch_op.f("ix_message_org_id"))
        batch_op.drop_index(batch_op.f("ix_message_job_id"))

    op.drop_table("message")
    op.drop_table("contact_refusal")
    op.drop_table("message_template")
    op.drop_table("message_rules")
