"""Rights, and the one table that says which role has which. Row rules live with their features."""

import enum

from backend.auth.models import Role


class Permission(enum.StrEnum):
    """A right. `JOB_*` are asked by the job lifecycle; the others by the feature they name."""

    JOB_READ = "job.read"
    JOB_INTAKE = "job.intake"
    JOB_PLAN = "job.plan"
    JOB_VISIT = "job.visit"
    JOB_SUPERVISE = "job.supervise"
    JOB_AUTOMATE = "job.automate"
    BOARD_READ = "board.read"
    PLAN_RUN = "plan.run"
    PLAN_PUBLISH = "plan.publish"
    PLACE_LOCATE = "place.locate"
    CONTACT_SHOW = "contact.show"
    IMPORT_ORDERS = "import.orders"
    LINK_SHARE = "link.share"
    PHONE_SYNC = "phone.sync"
    FEED_READ = "feed.read"
    AUDIT_READ = "audit.read"
    PAIR_PHONE = "pair.phone"
    RULES_MANAGE = "rules.manage"
    STATEMENT_READ = "statement.read"
    TOKEN_MANAGE = "token.manage"  # noqa: S105 - the name of a right


P = Permission
_OFFICE = frozenset(
    {P.JOB_READ, P.JOB_INTAKE, P.BOARD_READ, P.PLACE_LOCATE, P.LINK_SHARE, P.FEED_READ, P.CONTACT_SHOW}
)
_DISPATCH = _OFFICE | {
    P.JOB_PLAN, P.JOB_SUPERVISE, P.PLAN_RUN, P.PLAN_PUBLISH, P.IMPORT_ORDERS, P.PAIR_PHONE, P.STATEMENT_READ,
}  # fmt: skip

ROLE_PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: _DISPATCH | {P.AUDIT_READ, P.TOKEN_MANAGE, P.RULES_MANAGE},
    Role.DISPATCHER: _DISPATCH,
    Role.AGENT: _OFFICE | {P.IMPORT_ORDERS},
    Role.CLERK: frozenset({P.JOB_READ, P.FEED_READ}),
    Role.VENDOR_DISPATCHER: frozenset(
        {P.JOB_READ, P.JOB_PLAN, P.BOARD_READ, P.FEED_READ, P.PAIR_PHONE, P.STATEMENT_READ}
    ),
    Role.TECHNICIAN: frozenset({P.JOB_READ, P.JOB_VISIT, P.PHONE_SYNC, P.FEED_READ}),
    Role.INTEGRATION: frozenset({P.JOB_READ, P.JOB_INTAKE, P.IMPORT_ORDERS, P.FEED_READ, P.LINK_SHARE}),
    Role.CUSTOMER: frozenset({P.JOB_READ}),
    Role.SYSTEM: frozenset(Permission) - {P.PHONE_SYNC},
}
