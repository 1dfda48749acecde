"""What organisations learned about arrivals, and technicians' pictures"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "arrival_experience",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("learned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("learned", JSON, nullable=False),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_arrival_experience_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_arrival_experience")),
    )
    op.create_table(
        "technician_portrait",
        sa.Column("technician_id", sa.Uuid(), nullable=False),
        sa.Column("webp", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["technician_id"], ["technician.id"], name=op.f("fk_technician_portrait_technician_id")
        ),
        sa.PrimaryKeyConstraint("technician_id", name=op.f("pk_technician_portrait")),
    )


def downgrade() -> None:
    op.drop_table("technician_portrait")
    op.drop_table("arrival_experience")
