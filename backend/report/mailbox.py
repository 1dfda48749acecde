"""A mailbox as IMAP shows it (RFC 3501): what is unread, fetched whole, marked as read."""

import contextlib
import imaplib
import re
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from backend.errors import BadInputError

TIMEOUT_S = 30.0
MOST_BYTES = 60_000_000
MOST_HEADER_BYTES = 65_536
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")


class Mailbox:
    """One folder of a mailbox. Options `host`, `user`, `password`; `port`, `security` ("tls", "starttls" or
    "none") and `folder` where they are not the usual ones.

    The standard library's client; every call waits, so it runs in a thread.
    """

    def __init__(self, options: Mapping[str, str]) -> None:
        missing = [name for name in ("host", "user", "password") if not options.get(name)]
        if missing:
            raise BadInputError(f"SHANGMEN_MAILBOX needs {', '.join(missing)}.")
        self._options = options
        self._security = options.get("security") or "tls"
        self._port = int(options.get("port") or (993 if self._security == "tls" else 143))

    @contextmanager
    def opened(self) -> Iterator["Folder"]:
        """The folder, signed in; raises OSError or imaplib's own errors."""
        client = self._connected()
        try:
            client.login(self._options["user"], self._options["password"])
            state, told = client.select(f'"{self._options.get("folder") or "INBOX"}"')
            if state != "OK":
                raise imaplib.IMAP4.error(f"no such folder: {told!r}")
            yield Folder(client)
        finally:
            with contextlib.suppress(OSError, imaplib.IMAP4.error):
                client.logout()

    def _connected(self) -> imaplib.IMAP4:
        host, context = self._options["host"], ssl.create_default_context()
        if self._security == "tls":
            return imaplib.IMAP4_SSL(host, self._port, ssl_context=context, timeout=TIMEOUT_S)
        client = imaplib.IMAP4(host, self._port, timeout=TIMEOUT_S)
        if self._security == "starttls":
            client.starttls(context)
        return client


class Folder:
    """The unread e-mails of a folder, by their UIDs."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._client = client

    def unread(self) -> list[str]:
        _, found = self._client.uid("SEARCH", "UNSEEN")
        return (found[0] or b"").decode().split()

    def fetch(self, uid: str) -> bytes | None:
        """An e-mail as it was sent; None for one that is larger than we take, of which nothing is read."""
        _, told = self._client.uid("FETCH", uid, "(RFC822.SIZE)")
        size = _SIZE.search(told[0] if told and isinstance(told[0], bytes) else b"")
        if size is None or int(size[1]) > MOST_BYTES:
            return None
        return self._part(uid, "(BODY.PEEK[])")

    def header(self, uid: str) -> bytes:
        """Who wrote an e-mail about what, of whatever size the rest is."""
        return self._part(uid, f"(BODY.PEEK[HEADER]<0.{MOST_HEADER_BYTES}>)") or b""

    def _part(self, uid: str, which: str) -> bytes | None:
        _, found = self._client.uid("FETCH", uid, which)
        return next((bytes(one[1]) for one in found or () if isinstance(one, tuple)), None)

    def mark_read(self, uid: str) -> None:
        self._client.uid("STORE", uid, "+FLAGS", r"(\Seen)")
