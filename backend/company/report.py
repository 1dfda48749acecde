"""What loading a company's file did, or would do, in a few lines."""

from collections.abc import Collection
from dataclasses import dataclass, field

SHOWN_CHANGES = 40


@dataclass
class Count:
    """Rows of one kind."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass
class Report:
    """Counts by kind in the order of writing, which rows changed, what was left as people made it,
    and what somebody should look at.
    """

    organisation: str = ""
    kinds: dict[str, Count] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_logins: list[str] = field(default_factory=list)

    def count(self, kind: str, label: str, changed: Collection[str] = (), *, is_new: bool = False) -> None:
        """Count a row as new, changed in these fields, or unchanged."""
        counted = self.kinds.setdefault(kind, Count())
        if is_new:
            counted.created += 1
        elif changed:
            counted.changed += 1
            self.changes.append(f"{kind} {label}: {', '.join(sorted(changed))}")
        else:
            counted.unchanged += 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing was created or changed."""
        return not any(each.created or each.changed for each in self.kinds.values())

    def lines(self, *, is_dry: bool) -> list[str]:
        """The report as people read it."""
        told = [f"{self.organisation}{': dry run, nothing was written' if is_dry else ''}"]
        width = max((len(kind) for kind in self.kinds), default=0)
        told += [
            f"  {kind:<{width}} {it.created:>6} created {it.changed:>6} changed {it.unchanged:>6} as before"
            for kind, it in self.kinds.items()
        ]
        told += [f"  changed: {each}" for each in self.changes[:SHOWN_CHANGES]]
        if len(self.changes) > SHOWN_CHANGES:
            told.append(f"  … and {len(self.changes) - SHOWN_CHANGES} more, all in the audit log")
        told += [f"  left as it is: {each}" for each in self.left]
        return [*told, *(f"  look at: {each}" for each in self.notes)]
