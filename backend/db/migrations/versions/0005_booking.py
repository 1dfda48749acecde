"""Booking: the organisation's rules, slots held for a moment, customers who wait."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
INSTANT = sa.DateTime(timezone=True)
# Holds of one technician never overlap; expired ones are deleted before a slot is given away.
OVERLAP = """
CREATE TRIGGER slot_hold_no_overlap_{when} BEFORE {event} ON slot_hold
BEGIN
  SELECT RAISE(ABORT, 'slot_hold_no_overlap') WHERE EXISTS (
    SELECT 1 FROM slot_hold h WHERE h.technician_id = NEW.technician_id AND h.id <> NEW.id
    AND h.busy_from < NEW.busy_until AND h.busy_until > NEW.busy_from);
END
"""


def upgrade() -> None:
    op.create_table(
        "booking_rules",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("windows", JSON, nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("notice_h", sa.Integer(), nullable=False),
        sa.Column("change_until_h", sa.Integer(), nullable=False),
        sa.Column("reserve_percent", sa.Integer(), nullable=False),
        sa.Column("hotline", sa.String(30), nullable=False),
        sa.CheckConstraint("reserve_percent BETWEEN 0 AND 90", name=op.f("ck_booking_rules_reserve")),
        sa.CheckConstraint("days BETWEEN 1 AND 28", name=op.f("ck_booking_rules_days")),
        sa.CheckConstraint("notice_h BETWEEN 0 AND 168", name=op.f("ck_booking_rules_notice")),
        sa.CheckConstraint("change_until_h BETWEEN 0 AND 168", name=op.f("ck_booking_rules_change_until")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_booking_rules_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_booking_rules")),
    )
    op.create_table(
        "booking_day",
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_booking_day_region_id")),
        sa.PrimaryKeyConstraint("region_id", "day", name=op.f("pk_booking_day")),
    )
    _holds()
    _waiting()


def _holds() -> None:
    op.create_table(
        "slot_hold",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("window_start", INSTANT, nullable=False),
        sa.Column("window_end", INSTANT, nullable=False),
        sa.Column("busy_from", INSTANT, nullable=False),
        sa.Column("busy_until", INSTANT, nullable=False),
        sa.Column("travel_s", sa.Integer(), nullable=False),
        sa.Column("travel_m", sa.Integer(), nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.CheckConstraint("busy_until > busy_from", name=op.f("ck_slot_hold_busy_order")),
        sa.CheckConstraint("window_end > window_start", name=op.f("ck_slot_hold_window_order")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_slot_hold_org_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_slot_hold_job_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_slot_hold_region_id")),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_slot_hold_technician_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slot_hold")),
        sa.UniqueConstraint("job_id", name=op.f("uq_slot_hold_job_id")),
    )
    op.create_index(op.f("ix_slot_hold_org_id"), "slot_hold", ["org_id"])
    op.create_index(op.f("ix_slot_hold_region_id_day"), "slot_hold", ["region_id", "day"])
    op.create_index(op.f("ix_slot_hold_technician_id_busy_from"), "slot_hold", ["technician_id", "busy_from"])
    if op.get_bind().dialect.name == "sqlite":
        op.execute(OVERLAP.format(when="insert", event="INSERT"))
        op.execute(OVERLAP.format(when="update", event="UPDATE OF technician_id, busy_from, busy_until"))
        return
    op.execute(
        "ALTER TABLE slot_hold ADD CONSTRAINT slot_hold_no_overlap EXCLUDE USING gist ("
        "uuidrange(technician_id, technician_id, '[]') WITH &&, tstzrange(busy_from, busy_until) WITH &&)"
    )


def _waiting() -> None:
    op.create_table(
        "waiting_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("region_id", sa.Uuid(), nullable=False),
        sa.Column("part", sa.String(12), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum("booked", "left", name="waitoutcome", native_enum=False, length=24),
            nullable=True,
        ),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_waiting_entry_org_id")),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"], name=op.f("fk_waiting_entry_job_id")),
        sa.ForeignKeyConstraint(["region_id"], ["region.id"], name=op.f("fk_waiting_entry_region_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_entry")),
    )
    op.create_index(op.f("ix_waiting_entry_org_id"), "waiting_entry", ["org_id"])
    op.create_index(op.f("ix_waiting_entry_region_id_outcome"), "waiting_entry", ["region_id", "outcome"])
    op.create_index(
        "uq_waiting_open",
        "waiting_entry",
        ["job_id"],
        unique=True,
        sqlite_where=sa.text("outcome IS NULL"),
        postgresql_where=sa.text("outcome IS NULL"),
    )


def downgrade() -> None:
    for table in ("waiting_entry", "slot_hold", "booking_day", "booking_rules"):
        op.drop_table(table)
