"""As much of IMAP4rev1 (RFC 3501) as a client needs that reads a mailbox; for tests alone."""

import socketserver
from typing import ClassVar


class ImapServer(socketserver.StreamRequestHandler):
    """One mailbox of `us`: `mails` by UID, `seen` are those marked as read, `log` what was asked."""

    mails: ClassVar[dict[int, bytes]] = {}
    sizes: ClassVar[dict[int, int]] = {}
    seen: ClassVar[set[int]] = set()
    log: ClassVar[list[str]] = []

    timeout = 5

    @classmethod
    def reset(cls, *mails: bytes) -> None:
        cls.mails = dict(enumerate(mails, 1))
        cls.sizes, cls.seen, cls.log = {}, set(), []

    def handle(self) -> None:
        self._say("* OK [CAPABILITY IMAP4rev1] ready")
        is_known = False
        while line := self.rfile.readline().decode().strip():
            tag, verb, rest = [*line.split(" ", 2), ""][:3]
            self.log.append(f"{verb} {rest}")
            if verb == "CAPABILITY":
                self._say("* CAPABILITY IMAP4rev1")
            elif verb == "LOGIN":
                is_known = rest == 'us@example.com "hush"'
                if not is_known:
                    self._say(f"{tag} NO [AUTHENTICATIONFAILED] no")
                    continue
            elif verb == "LOGOUT":
                self._say("* BYE")
                self._say(f"{tag} OK bye")
                return
            elif not is_known:
                self._say(f"{tag} BAD sign in first")
                continue
            elif verb == "SELECT":
                self._say(f"* {len(self.mails)} EXISTS")
            elif verb == "UID":
                self._uid(*rest.split(" ", 2))
            self._say(f"{tag} OK done")

    def _uid(self, verb: str, which: str, what: str = "") -> None:
        if verb == "SEARCH":
            self._say("* SEARCH " + " ".join(str(uid) for uid in self.mails if uid not in self.seen))
            return
        uid = int(which)
        if verb == "STORE":
            self.seen.add(uid)
        elif what == "(RFC822.SIZE)":
            size = self.sizes.get(uid, len(self.mails[uid]))
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {size})")
        else:
            mail = self.mails[uid]
            if "HEADER" in what:
                mail = mail.partition(b"\n\n")[0] + b"\n\n"
            self.wfile.write(
                f"* {uid} FETCH (UID {uid} BODY[] {{{len(mail)}}}\r\n".encode() + mail + b")\r\n"
            )

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
