"""The live day's rules and log, absences, who looks at a day, saved views, search by what a caller knows"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import SchemaItem

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
NUMBERS = (
    ("ix_find_order_no", "sales_order", "order_no"),
    ("ix_find_asset_serial", "asset", "serial"),
    ("ix_find_job_number", "job", "number"),
)
# Pairs of letters: the shortest thing people search Chinese names and addresses by.
PAIRS = """CREATE FUNCTION shangmen_pairs(said text) RETURNS text[]
    IMMUTABLE STRICT PARALLEL SAFE LANGUAGE sql AS
    $$ SELECT coalesce(array_agg(DISTINCT substr(lower(said), at, 2)), ARRAY[]::text[])
       FROM generate_series(1, length(said) - 1) AS at $$"""


def upgrade() -> None:
    _absences()
    _rules()
    _log()
    _presence()
    _views()
    op.add_column("plan_run", sa.Column("scope", JSON, nullable=True))
    op.add_column("plan", sa.Column("scope", JSON, nullable=True))
    _search()


def _row(*columns: SchemaItem) -> list[SchemaItem]:
    return [
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        *columns,
    ]


def _keys(table: str, **targets: str) -> list[SchemaItem]:
    keys = {"org_id": "organisation", **targets}
    return [
        *(
            sa.ForeignKeyConstraint([name], [f"{target}.id"], name=op.f(f"fk_{table}_{name}"))
            for name, target in keys.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]


def _absences() -> None:
    op.create_table(
        "absence",
        *_row(
            sa.Column("technician_id", sa.Uuid(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("since", sa.DateTime(timezone=True), nullable=True),
            sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("break_from", sa.DateTime(timezone=True), nullable=True),
            sa.Column("break_until", sa.DateTime(timezone=True), nullable=True),
            sa.Column("break_s", sa.Integer(), nullable=False),
            sa.Column("noted_by", sa.String(120), nullable=False),
            sa.Column("taken_back_at", sa.DateTime(timezone=True), nullable=True),
        ),
        *_keys("absence", technician_id="technician"),
    )
    op.create_index(op.f("ix_absence_org_id"), "absence", ["org_id"])
    op.create_index(op.f("ix_absence_technician_id_day"), "absence", ["technician_id", "day"])


def _rules() -> None:
    op.create_table(
        "live_rules",
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.Column("book_within_h", sa.Integer(), nullable=True),
        sa.Column("warn_minutes", sa.Integer(), nullable=False),
        sa.Column("is_replanning", sa.Boolean(), nullable=False),
        sa.Column("freeze_minutes", sa.Integer(), nullable=False),
        sa.Column("promise_budget", sa.Integer(), nullable=False),
        sa.Column("most_fen", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "book_within_h IS NULL OR book_within_h BETWEEN 1 AND 720", name=op.f("ck_live_rules_book_within")
        ),
        sa.CheckConstraint("warn_minutes BETWEEN 5 AND 1440", name=op.f("ck_live_rules_warn")),
        sa.CheckConstraint("freeze_minutes BETWEEN 0 AND 1440", name=op.f("ck_live_rules_freeze")),
        sa.CheckConstraint("promise_budget BETWEEN 0 AND 1000", name=op.f("ck_live_rules_promises")),
        sa.CheckConstraint("most_fen BETWEEN 0 AND 100000000", name=op.f("ck_live_rules_most")),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_live_rules_org_id")),
        sa.PrimaryKeyConstraint("org_id", name=op.f("pk_live_rules")),
    )


def _log() -> None:
    op.create_table(
        "replanned",
        *_row(
            sa.Column("region_id", sa.Uuid(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("job_id", sa.Uuid(), nullable=False),
            sa.Column("job_version", sa.Integer(), nullable=False),
            sa.Column("trouble", sa.String(20), nullable=False),
            sa.Column("outcome", sa.String(20), nullable=False),
            sa.Column("price_fen", sa.Integer(), nullable=False),
            sa.Column("promises_moved", sa.Integer(), nullable=False),
            sa.Column("changes", JSON, nullable=False),
        ),
        *_keys("replanned", region_id="region", job_id="job"),
    )
    op.create_index(op.f("ix_replanned_org_id"), "replanned", ["org_id"])
    op.create_index(op.f("ix_replanned_region_id_day"), "replanned", ["region_id", "day"])
    op.create_index(op.f("ix_replanned_job_id"), "replanned", ["job_id"])


def _presence() -> None:
    op.create_table(
        "presence",
        *_row(
            sa.Column("account_id", sa.Uuid(), nullable=False),
            sa.Column("window", sa.String(40), nullable=False),
            sa.Column("region_id", sa.Uuid(), nullable=False),
            sa.Column("day", sa.Date(), nullable=False),
            sa.Column("job_id", sa.Uuid(), nullable=True),
            sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        ),
        *_keys("presence", account_id="account", region_id="region", job_id="job"),
        sa.UniqueConstraint("account_id", "window", name=op.f("uq_presence_account_id_window")),
    )
    op.create_index(op.f("ix_presence_org_id"), "presence", ["org_id"])
    op.create_index(op.f("ix_presence_region_id_day_seen_at"), "presence", ["region_id", "day", "seen_at"])


def _views() -> None:
    op.create_table(
        "saved_view",
        *_row(
            sa.Column("account_id", sa.Uuid(), nullable=False),
            sa.Column("vendor_id", sa.Uuid(), nullable=True),
            sa.Column("name", sa.String(80), nullable=False),
            sa.Column("query", sa.String(600), nullable=False),
            sa.Column("is_shared", sa.Boolean(), nullable=False),
        ),
        *_keys("saved_view", account_id="account", vendor_id="vendor"),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_view_account_id_name")),
    )
    op.create_index(op.f("ix_saved_view_org_id"), "saved_view", ["org_id"])


def _search() -> None:
    for name, table, column in NUMBERS:
        # In byte order whatever the database's collation, for what begins with a few letters.
        op.create_index(name, table, ["org_id", column], postgresql_ops={column: "varchar_pattern_ops"})
    op.create_index("ix_find_job_asset", "job", ["asset_id"])
    if op.get_bind().dialect.name == "sqlite":
        return
    op.execute("CREATE INDEX ix_find_phone_tail ON customer (org_id, right(phone, 4))")
    op.execute(PAIRS)
    op.execute("CREATE INDEX ix_find_customer_name ON customer USING gin (shangmen_pairs(name))")
    op.execute("CREATE INDEX ix_find_place_address ON place USING gin (shangmen_pairs(address))")


def downgrade() -> None:
    if op.get_bind().dialect.name != "sqlite":
        op.drop_index("ix_find_place_address", "place")
        op.drop_index("ix_find_customer_name", "customer")
        op.drop_index("ix_find_phone_tail", "customer")
        op.execute("DROP FUNCTION shangmen_pairs")
    op.drop_index("ix_find_job_asset", "job")
    for name, table, _ in NUMBERS:
        op.drop_index(name, table)
    op.drop_column("plan", "scope")
    op.drop_column("plan_run", "scope")
    for table in ("saved_view", "presence", "replanned", "live_rules", "absence"):
        op.drop_table(table)
