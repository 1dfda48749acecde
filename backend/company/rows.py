"""Rows as a file wants them: made, changed or left, counted and on record."""

import uuid
from collections.abc import Collection, Mapping
from typing import Any, TypeVar

from sqlmodel import Session

from backend.audit import service as audit
from backend.auth.actor import Actor
from backend.company.report import Report
from backend.db.base import Row

R = TypeVar("R", bound=Row)


class Rows:
    """Writes an organisation's rows and tells the report and the audit log what became of each."""

    def __init__(self, session: Session, actor: Actor) -> None:
        self.session, self.actor, self.report = session, actor, Report()

    @property
    def org_id(self) -> uuid.UUID:
        return self.actor.org_id

    def put(
        self,
        kind: str,
        label: str,
        table: type[R],
        found: R | None,
        values: Mapping[str, Any],
        unsaid: Collection[str] = (),
    ) -> R:
        """The row with these values; of one that exists, those that the file left unsaid stay as they are."""
        if found is None:
            row = table(**values)
            self.session.add(row)
            self.note(kind, label, row.id, is_new=True)
            return row
        before = {name: getattr(found, name) for name in values if name not in unsaid}
        changed = [name for name in before if before[name] != values[name]]
        for name in changed:
            setattr(found, name, values[name])
        self.note(kind, label, found.id, changed, {name: before[name] for name in changed})
        return found

    def note(
        self,
        kind: str,
        label: str,
        row_id: uuid.UUID,
        changed: Collection[str] = (),
        before: Mapping[str, Any] | None = None,
        *,
        is_new: bool = False,
    ) -> None:
        """Count a row, and record it unless nothing about it is new; of numbers also what they were."""
        self.report.count(kind, label, changed, is_new=is_new)
        if not is_new and not changed:
            return
        was = {name: value for name, value in (before or {}).items() if isinstance(value, int)}
        done = "created" if is_new else "changed"
        data = {} if is_new else {"fields": sorted(changed), "was": was}
        audit.record(self.session, self.actor, f"{kind}.{done}", kind, row_id, **data)
