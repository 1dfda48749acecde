"""Customers on their way to WeChat and back"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "address_request",
        sa.Column("link_id", sa.Uuid(), nullable=False),
        sa.Column("state_sha256", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["link_id"], ["customer_link.id"], name=op.f("fk_address_request_link_id")),
        sa.PrimaryKeyConstraint("link_id", name=op.f("pk_address_request")),
        sa.UniqueConstraint("state_sha256", name=op.f("uq_address_request_state_sha256")),
    )
    op.create_index(op.f("ix_address_request_expires_at"), "address_request", ["expires_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_address_request_expires_at"), table_name="address_request")
    op.drop_table("address_request")
