"""Takes e-mails in, whichever way they come: each once, with the pictures and the video worth keeping."""

import asyncio
import contextlib
import hashlib
from collections.abc import Iterable

from sqlmodel import Session

from backend.db.session import Database
from backend.errors import BadInputError
from backend.evidence.images import NotAnImageError
from backend.evidence.store import LocalBlobStore
from backend.evidence.uploads import MAX_BLOB_BYTES
from backend.organisations.models import Organisation
from backend.report import letters, repository, videos
from backend.report.letter import Letter, read
from backend.report.letters import Enclosed
from backend.report.models import AttachmentKind
from backend.report.policies import MOST_PHOTOS, MOST_VIDEOS
from backend.report.uploads import kept_picture, kept_video
from backend.report.videos import NotAVideoError, VideoTooLongError

# Smaller ones are the logos of signatures.
LEAST_SIDE_PX = 200


def receiver(session: Session, page: str) -> Organisation:
    """Whose e-mails they are: the one at a report page, or the only one of this server."""
    found = repository.organisation_at(session, page) if page else repository.only_organisation(session)
    if found is None:
        raise BadInputError("SHANGMEN_MAILBOX and SHANGMEN_LETTER_HOOK have to name the `page` of theirs.")
    return found


class LetterDesk:
    """Reads what came and keeps it; several may at once, as an e-mail is taken by its Message-ID."""

    def __init__(self, db: Database, store: LocalBlobStore) -> None:
        self._db, self._store = db, store

    async def take(self, org: Organisation, raw: bytes, our_addresses: Iterable[str]) -> bool:
        """Take an e-mail in; False for one that was here before. Raises UnreadableLetterError."""
        letter = await asyncio.to_thread(read, raw)
        if await self._db.read(letters.is_known, org.id, letter.key):
            return False
        enclosed = [] if letter.is_automatic else await asyncio.to_thread(self._enclosed, letter)
        ours = {one.lower() for one in our_addresses}
        return await self._db.write(letters.take, org, letter, enclosed, ours) is not None

    def _enclosed(self, letter: Letter) -> list[Enclosed]:
        """The pictures and the video of a letter, by the checks every report's go through."""
        found: list[Enclosed] = []
        room = {AttachmentKind.PHOTO: MOST_PHOTOS, AttachmentKind.VIDEO: MOST_VIDEOS}
        for data in letter.files:
            one = self._checked(data)
            if one is not None and room[one.kind] > 0 and one.sha256 not in {other.sha256 for other in found}:
                room[one.kind] -= 1
                found.append(one)
        return found

    def _checked(self, data: bytes) -> Enclosed | None:
        sha256 = hashlib.sha256(data).hexdigest()
        if len(data) <= MAX_BLOB_BYTES:
            with contextlib.suppress(NotAnImageError):
                image, shown = kept_picture(self._store, data)
                is_logo = max(image.width, image.height) < LEAST_SIDE_PX
                return None if is_logo else Enclosed(AttachmentKind.PHOTO, sha256, image, shown)
        if len(data) <= videos.MOST_BYTES:
            with contextlib.suppress(NotAVideoError, VideoTooLongError):
                return Enclosed(AttachmentKind.VIDEO, sha256, *kept_video(self._store, data))
        return None
