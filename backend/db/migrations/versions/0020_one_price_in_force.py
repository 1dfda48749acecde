"""A kind of extra work has one price in force; where two were set at once, the later stays."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

IN_FORCE = sa.text("valid_until IS NULL")
END_THE_EARLIER = """
UPDATE extra_work SET valid_until = valid_from WHERE valid_until IS NULL AND EXISTS (
  SELECT 1 FROM extra_work later
  WHERE later.org_id = extra_work.org_id AND later.code = extra_work.code AND later.valid_until IS NULL
  AND later.valid_from > extra_work.valid_from)
"""


def upgrade() -> None:
    op.execute(END_THE_EARLIER)
    op.create_index(
        "uq_extra_work_in_force",
        "extra_work",
        ["org_id", "code"],
        unique=True,
        sqlite_where=IN_FORCE,
        postgresql_where=IN_FORCE,
    )


def downgrade() -> None:
    op.drop_index("uq_extra_work_in_force", "extra_work")
