"""One family of errors the domain raises; one handler turns them into problem documents."""

from typing import Any


class DomainError(Exception):
    """Something a caller did that the rules refuse, with a machine-readable code and an HTTP status."""

    status = 400
    code = "bad_input"

    def __init__(self, detail: str = "", *, code: str | None = None, **extra: Any) -> None:
        super().__init__(detail or type(self).__name__)
        self.detail = detail
        self.code = code or type(self).code
        self.extra = extra


class BadInputError(DomainError):
    """The input is wrong; saying it again will not help."""


class SignInRequiredError(DomainError):
    status, code = 401, "sign_in_required"


class ForbiddenError(DomainError):
    """Visible, but not allowed."""

    status, code = 403, "forbidden"


class NotFoundError(DomainError):
    """Not there, or not visible to whoever asks: the two must look the same."""

    status, code = 404, "not_found"


class ConflictError(DomainError):
    """True when it was asked, no longer true now."""

    status, code = 409, "conflict"


class StaleError(ConflictError):
    code = "stale"


class RejectedError(DomainError):
    """Understood, and refused by a rule."""

    status, code = 422, "rejected"


class TooManyAttemptsError(DomainError):
    status, code = 429, "too_many_attempts"
