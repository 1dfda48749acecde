"""The actor: who does something, as every service sees it."""

import datetime as dt
import uuid
from dataclasses import dataclass, field, replace

from backend.auth.models import Role
from backend.auth.permissions import ROLE_PERMISSIONS, Permission
from backend.errors import ForbiddenError


@dataclass(frozen=True)
class Actor:
    """Whoever asks, with the boundaries of what they can see.

    `technician_id`, `vendor_id` and `job_id` narrow a technician, a vendor's dispatcher and a customer with a
    link to their own rows. `device_at` is the clock of the phone that acted, when it differs from now.
    """

    role: Role
    org_id: uuid.UUID
    name: str = ""
    account_id: uuid.UUID | None = None
    technician_id: uuid.UUID | None = None
    vendor_id: uuid.UUID | None = None
    job_id: uuid.UUID | None = None
    request_id: str = field(default="", compare=False)
    device_at: dt.datetime | None = field(default=None, compare=False)

    def may(self, permission: Permission) -> bool:
        """Whether the actor's role carries the right."""
        return permission in ROLE_PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raise ForbiddenError unless the actor has the right."""
        if not self.may(permission):
            raise ForbiddenError(f"needs {permission}")

    def at_device_time(self, device_at: dt.datetime) -> "Actor":
        """The same actor, acting at an instant their device recorded."""
        return replace(self, device_at=device_at)


def system_actor(org_id: uuid.UUID, name: str = "system") -> Actor:
    """The software itself, acting for an organisation."""
    return Actor(role=Role.SYSTEM, org_id=org_id, name=name)
