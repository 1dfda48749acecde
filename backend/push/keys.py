"""The server's VAPID key pair: made the first time, kept in the data folder, readable by this user alone."""

import base64
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from py_vapid import Vapid02

FILE_NAME = "vapid.pem"


@dataclass(frozen=True)
class VapidKeys:
    """`public` is what browsers subscribe with (uncompressed point, base64url)."""

    vapid: Vapid02
    public: str

    def authorization(self, audience: str, contact: str, expires_at_s: int) -> str:
        """The Authorization header for a push service (RFC 8292), valid until a moment."""
        claims = {"aud": audience, "sub": contact, "exp": expires_at_s}
        return str(self.vapid.sign(claims)["Authorization"])


def load_keys(data_dir: Path) -> VapidKeys:
    """The keys of this installation: browsers have subscribed with them, so they must not change."""
    path = data_dir / FILE_NAME
    if not path.exists():
        _create(path)
    vapid = Vapid02.from_pem(path.read_bytes())
    point = vapid.public_key.public_bytes(
        serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint
    )
    return VapidKeys(vapid, base64.urlsafe_b64encode(point).rstrip(b"=").decode())


def _create(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pem = ec.generate_private_key(ec.SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    scratch = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(scratch, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(pem)
    try:
        os.link(scratch, path)  # fails when another process was first, and its keys stand
    except FileExistsError:
        pass
    finally:
        scratch.unlink()
