"""Wire types of sign-in."""

import uuid
from typing import Annotated

import msgspec

from backend.auth.models import Role
from backend.auth.service import SignedIn
from backend.web.schemas import Body, Reply

Login = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Password = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]


class SignIn(Body):
    login: Login
    password: Password


class Pair(Body):
    code: Annotated[str, msgspec.Meta(min_length=8, max_length=64)]


class UserRead(Reply):
    id: uuid.UUID
    name: str
    role: Role
    locale: str
    org_name: str
    zone: str
    currency: str
    technician_id: uuid.UUID | None
    vendor_id: uuid.UUID | None


class SessionRead(Reply):
    """Who is signed in; `csrf_token` goes into the X-CSRF-Token header of every unsafe request."""

    user: UserRead
    csrf_token: str


class PairingCodeRead(Reply):
    """What signs a phone in, once: a link, also as a picture, or a code to type; good for so many seconds."""

    url: str
    qr_svg: str
    typed_code: str
    good_for_s: int


def session_read(signed_in: SignedIn) -> SessionRead:
    account = signed_in.account
    user = UserRead(
        id=account.id,
        name=account.name,
        role=account.role,
        locale=account.locale,
        org_name=signed_in.org_name,
        zone=signed_in.zone,
        currency=signed_in.currency,
        technician_id=account.technician_id,
        vendor_id=account.vendor_id,
    )
    return SessionRead(user, signed_in.csrf_token)
