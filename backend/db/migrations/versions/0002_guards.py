"""A technician cannot be in two places at once: refused by the database itself."""

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels = None
depends_on = None

OVERLAP = """
CREATE TRIGGER visit_no_overlap_{when} BEFORE {event} ON visit WHEN NEW.outcome IS NULL
BEGIN
  SELECT RAISE(ABORT, 'visit_no_overlap') WHERE EXISTS (
    SELECT 1 FROM visit v WHERE v.technician_id = NEW.technician_id AND v.outcome IS NULL AND v.id <> NEW.id
    AND v.busy_from < NEW.busy_until AND v.busy_until > NEW.busy_from);
END
"""


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute(OVERLAP.format(when="insert", event="INSERT"))
        op.execute(
            OVERLAP.format(when="update", event="UPDATE OF technician_id, busy_from, busy_until, outcome")
        )
        return
    # A range over uuid lets a plain GiST index compare identity, so no extension has to be installed.
    op.execute("CREATE TYPE uuidrange AS RANGE (subtype = uuid)")
    op.execute(
        "ALTER TABLE visit ADD CONSTRAINT visit_no_overlap EXCLUDE USING gist ("
        "uuidrange(technician_id, technician_id, '[]') WITH &&, tstzrange(busy_from, busy_until) WITH &&"
        ") WHERE (outcome IS NULL)"
    )


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER visit_no_overlap_insert")
        op.execute("DROP TRIGGER visit_no_overlap_update")
        return
    op.execute("ALTER TABLE visit DROP CONSTRAINT visit_no_overlap")
    op.execute("DROP TYPE uuidrange")
