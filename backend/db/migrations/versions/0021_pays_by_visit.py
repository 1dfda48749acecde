"""A visit keeps what it was given for; those given before get the tariff that is in force now."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEEP_WHAT_IS_PAID = """
UPDATE visit SET pays_fen = (
  SELECT tariff.price_fen FROM tariff
  JOIN technician ON technician.vendor_id = tariff.vendor_id
  JOIN product ON product.category = tariff.category
  JOIN job ON job.product_id = product.id AND job.type = tariff.job_type
  WHERE technician.id = visit.technician_id AND job.id = visit.job_id)
"""


def upgrade() -> None:
    op.add_column("visit", sa.Column("pays_fen", sa.Integer(), nullable=True))
    op.execute(KEEP_WHAT_IS_PAID)


def downgrade() -> None:
    op.drop_column("visit", "pays_fen")
