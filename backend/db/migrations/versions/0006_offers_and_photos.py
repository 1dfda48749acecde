"""Offers and masked numbers as an organisation sets them; imports in the background; a picture per step.

A job that was never left out by a plan has no reason, not the JSON word null.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("offer_minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("relay_number", sa.String(20), nullable=False, server_default=""))
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        batch_op.add_column(sa.Column("attempt", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("asked_by", JSON, nullable=False, server_default="{}"))
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.drop_constraint("uq_photo_visit_id_sha256", type_="unique")
        batch_op.create_unique_constraint("uq_photo_visit_id_step_sha256", ["visit_id", "step", "sha256"])
    # To a database one missing step differs from another; here they are the same: the visit as a whole.
    no_step = sa.text("step IS NULL")
    op.create_index(
        "uq_photo_of_visit",
        "photo",
        ["visit_id", "sha256"],
        unique=True,
        sqlite_where=no_step,
        postgresql_where=no_step,
    )
    op.create_index("ix_visit_offer_expires_at", "visit", ["offer_expires_at"])
    is_null = "'null'" if op.get_bind().dialect.name == "sqlite" else "'null'::jsonb"
    op.execute(f"UPDATE job SET unserved_reason = NULL WHERE unserved_reason = {is_null}")  # noqa: S608 - no input


def downgrade() -> None:
    op.drop_index("ix_visit_offer_expires_at", table_name="visit")
    op.drop_index("uq_photo_of_visit", table_name="photo")
    with op.batch_alter_table("photo", schema=None) as batch_op:
        batch_op.drop_constraint("uq_photo_visit_id_step_sha256", type_="unique")
        batch_op.create_unique_constraint("uq_photo_visit_id_sha256", ["visit_id", "sha256"])
    with op.batch_alter_table("import_run", schema=None) as batch_op:
        for name in ("asked_by", "heartbeat_at", "attempt"):
            batch_op.drop_column(name)
    with op.batch_alter_table("organisation", schema=None) as batch_op:
        batch_op.drop_column("relay_number")
        batch_op.drop_column("offer_minutes")
