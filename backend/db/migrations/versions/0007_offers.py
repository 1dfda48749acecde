"""Offers: to whom a job was proposed, in what order and why, and a log that nobody can change."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
KEPT_ON_SQLITE = """
CREATE TRIGGER offer_entry_is_kept_{when} BEFORE {event} ON offer_entry
BEGIN
  SELECT RAISE(ABORT, 'offer_entry is append-only');
END
"""
REFUSE = """
CREATE FUNCTION offer_entry_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'offer_entry is append-only' USING ERRCODE = 'integrity_constraint_violation';
END
$$
"""
KEPT_ON_POSTGRESQL = (
    "CREATE TRIGGER offer_entry_is_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON offer_entry "
    "FOR EACH STATEMENT EXECUTE FUNCTION offer_entry_is_kept()"
)


def upgrade() -> None:
    op.create_table(
        "offer",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column(
            "mode", sa.Enum("ranked", "open", name="offermode", native_enum=False, length=24), nullable=False
        ),
        sa.Column(
            "state",
            sa.Enum(
                "open", "accepted", "exhausted", "withdrawn", name="offerstate", native_enum=False, length=24
            ),
            nullable=False,
        ),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(120), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("minutes > 0", name=op.f("ck_offer_minutes")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_offer_job_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_offer_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer")),
    )
    op.create_index(op.f("ix_offer_job_id"), "offer", ["job_id"], unique=False)
    op.create_index(op.f("ix_offer_org_id"), "offer", ["org_id"], unique=False)
    op.create_index(op.f("ix_offer_state"), "offer", ["state"], unique=False)
    op.create_index(
        "uq_offer_open",
        "offer",
        ["job_id"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )
    op.create_table(
        "offer_candidate",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("start_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("why", JSON, nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "listed",
                "offered",
                "accepted",
                "declined",
                "expired",
                "withdrawn",
                name="answer",
                native_enum=False,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reason", sa.String(20), nullable=False),
        sa.Column("text", sa.String(2000), nullable=False),
        sa.CheckConstraint(
            "(technician_id IS NULL) <> (vendor_id IS NULL)", name=op.f("ck_offer_candidate_whom")
        ),
        sa.CheckConstraint(
            "technician_id IS NULL OR start_at IS NOT NULL", name=op.f("ck_offer_candidate_start")
        ),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_candidate_offer_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_offer_candidate_org_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_offer_candidate_technician_id")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_offer_candidate_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_candidate")),
        sa.UniqueConstraint("offer_id", "position", name=op.f("uq_offer_candidate_offer_id_position")),
    )
    op.create_index(
        op.f("ix_offer_candidate_answer_expires_at"),
        "offer_candidate",
        ["answer", "expires_at"],
        unique=False,
    )
    op.create_index(op.f("ix_offer_candidate_org_id"), "offer_candidate", ["org_id"], unique=False)
    op.create_index(
        op.f("ix_offer_candidate_technician_id"), "offer_candidate", ["technician_id"], unique=False
    )
    op.create_index(op.f("ix_offer_candidate_vendor_id"), "offer_candidate", ["vendor_id"], unique=False)
    op.create_index(
        "uq_offer_candidate_winner",
        "offer_candidate",
        ["offer_id"],
        unique=True,
        sqlite_where=sa.text("answer = 'accepted'"),
        postgresql_where=sa.text("answer = 'accepted'"),
    )
    op.create_table(
        "offer_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("offer_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=True),
        sa.Column("technician_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_kind", sa.String(24), nullable=False),
        sa.Column("actor_name", sa.String(120), nullable=False),
        sa.Column("data", JSON, nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_offer_entry_job_id")),
        sa.ForeignKeyConstraint(["offer_id"], ["offer.id"], name=op.f("fk_offer_entry_offer_id")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_offer_entry_org_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_offer_entry_technician_id")
        ),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendor.id"], name=op.f("fk_offer_entry_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_offer_entry")),
        sa.UniqueConstraint("offer_id", "seq", name=op.f("uq_offer_entry_offer_id_seq")),
    )
    op.create_index(op.f("ix_offer_entry_job_id"), "offer_entry", ["job_id"], unique=False)
    op.create_index(op.f("ix_offer_entry_org_id"), "offer_entry", ["org_id"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(KEPT_ON_SQLITE.format(when=event.lower(), event=event))
        return
    op.execute(REFUSE)
    op.execute(KEPT_ON_POSTGRESQL)


def downgrade() -> None:
    op.drop_table("offer_entry")
    op.drop_table("offer_candidate")
    op.drop_table("offer")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION offer_entry_is_kept()")
