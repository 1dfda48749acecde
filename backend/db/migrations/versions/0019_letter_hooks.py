"""Where each organisation's mail service hands its e-mails over"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "letter_hook",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("sealed", sa.String(1000), nullable=False),
        sa.Column("address", sa.String(320), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_letter_hook_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_hook")),
        sa.UniqueConstraint("org_id", name=op.f("uq_letter_hook_org_id")),
    )
    op.create_index(op.f("ix_letter_hook_org_id"), "letter_hook", ["org_id"])


def downgrade() -> None:
    op.drop_index(op.f("ix_letter_hook_org_id"), "letter_hook")
    op.drop_table("letter_hook")
