"""Messages by more channels, receipts and consent; tasks for agents; late changes that cost something.

Words that named `{x}` name `{{ x }}` from now on.
"""

import re

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
RULES = (
    ("invite_on", sa.String(12), "order"),
    ("remind_after_h", sa.Integer(), "24"),
    ("task_after_h", sa.Integer(), "24"),
    ("delay_min", sa.Integer(), "15"),
    ("delay_gap_min", sa.Integer(), "30"),
    ("silent", JSON, "[]"),
    ("alerts", JSON, "[]"),
)


def upgrade() -> None:
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("subject", sa.String(200), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tries", JSON, nullable=False, server_default="[]"))
        batch_op.alter_column("address", existing_type=sa.String(120), type_=sa.String(254))
        batch_op.alter_column("text", existing_type=sa.String(1000), type_=sa.String(2000))
        batch_op.create_index("ix_message_channel_receipt", ["channel", "receipt"])
    with op.batch_alter_table("message_rules", schema=None) as batch_op:
        for name, kind, default in RULES:
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=default))
    with op.batch_alter_table("booking_rules", schema=None) as batch_op:
        batch_op.add_column(sa.Column("late_change_fen", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("late_cancel_fen", sa.Integer(), nullable=True))
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.add_column(sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True))
    _words()
    _channels()
    _contact()
    _tasks()


def _words() -> None:
    op.create_table(
        "message_words",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(24), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_message_words_org_id")),
        sa.PrimaryKeyConstraint("org_id", "event", "channel", "language", name=op.f("pk_message_words")),
    )
    connection = op.get_bind()
    old = sa.Table("message_template", sa.MetaData(), autoload_with=connection)
    new = sa.Table("message_words", sa.MetaData(), autoload_with=connection)
    for row in connection.execute(sa.select(old)).mappings().all():
        text = re.sub(r"\{(\w+)\}", r"{{ \1 }}", row["text"])
        connection.execute(sa.insert(new).values({**row, "channel": "", "subject": "", "text": text}))
    op.drop_table("message_template")


def _channels() -> None:
    op.create_table(
        "message_channel",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(20), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("sealed", sa.String(8000), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_message_channel_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_channel")),
        sa.UniqueConstraint("org_id", "name", name=op.f("uq_message_channel_org_id_name")),
    )
    op.create_index("ix_message_channel_org_id", "message_channel", ["org_id"])


def _contact() -> None:
    op.create_table(
        "contact_address",
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("address", sa.String(254), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"], ["customer.id"], name=op.f("fk_contact_address_customer_id")
        ),
        sa.PrimaryKeyConstraint("customer_id", "channel", name=op.f("pk_contact_address")),
    )
    op.create_table(
        "contact_choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("customer_id", sa.Uuid(), nullable=False),
        sa.Column("is_refused", sa.Boolean(), nullable=False),
        sa.Column("how", sa.String(12), nullable=False),
        sa.Column("said", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["customer_id"], ["customer.id"], name="fk_contact_choice_customer_id"),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_contact_choice_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_choice")),
    )
    op.create_index("ix_contact_choice_customer_id", "contact_choice", ["customer_id"])
    op.create_index("ix_contact_choice_org_id", "contact_choice", ["org_id"])


def _tasks() -> None:
    op.create_table(
        "agent_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(24), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("detail", sa.String(300), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(120), nullable=False),
        sa.Column("outcome", sa.String(1000), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_agent_task_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_agent_task_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_agent_task")),
        sa.UniqueConstraint("org_id", "key", name=op.f("uq_agent_task_org_id_key")),
    )
    op.create_index("ix_agent_task_job_id", "agent_task", ["job_id"])
    op.create_index("ix_agent_task_org_id", "agent_task", ["org_id"])
    op.create_index("ix_agent_task_org_id_closed_at", "agent_task", ["org_id", "closed_at"])
    op.create_table(
        "booking_charge",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("what", sa.String(12), nullable=False),
        sa.Column("amount_fen", sa.Integer(), nullable=False),
        sa.Column("window_start", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("amount_fen > 0", name=op.f("ck_booking_charge_amount")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_booking_charge_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_booking_charge_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_charge")),
    )
    op.create_index("ix_booking_charge_job_id", "booking_charge", ["job_id"])
    op.create_index("ix_booking_charge_org_id", "booking_charge", ["org_id"])


def downgrade() -> None:
    for table in ("booking_charge", "agent_task", "contact_choice", "contact_address", "message_channel"):
        op.drop_table(table)
    _old_words()
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.drop_column("last_used_at")
    with op.batch_alter_table("booking_rules", schema=None) as batch_op:
        batch_op.drop_column("late_cancel_fen")
        batch_op.drop_column("late_change_fen")
    with op.batch_alter_table("message_rules", schema=None) as batch_op:
        for name, _, _ in reversed(RULES):
            batch_op.drop_column(name)
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_channel_receipt")
        for name in ("tries", "delivered_at", "subject"):
            batch_op.drop_column(name)


def _old_words() -> None:
    op.create_table(
        "message_template",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("event", sa.String(24), nullable=False),
        sa.Column("language", sa.String(10), nullable=False),
        sa.Column("text", sa.String(600), nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_message_template_org_id")),
        sa.PrimaryKeyConstraint("org_id", "event", "language", name=op.f("pk_message_template")),
    )
    op.drop_table("message_words")
