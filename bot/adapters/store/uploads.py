"""What of the media has been uploaded already, in the database."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, delete, insert, select

from bot.adapters.store.schema import uploads
from bot.application.ports.uploads import KeptUpload
from bot.domain.media import PostMedia

_u = uploads.c


class SqlUploads:
    """One upload for each file, alt text and account."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, account: str, media: PostMedia) -> KeptUpload | None:
        """Give what was kept for these very bytes and this alt text."""
        query = select(_u.media_id, _u.expires_at, _u.ready, _u.check_at).where(_same(account, media))
        row = self._connection.execute(query).one_or_none()
        return None if row is None else KeptUpload(**row._mapping)

    def keep(self, account: str, media: PostMedia, upload: KeptUpload) -> None:
        """Remember an upload, in the place of one before."""
        self.forget(account, media)
        values = {
            "account": account,
            "sha256": media.facts.sha256,
            "scaled": media.facts.scaled,
            "alt": media.alt,
            "media_id": upload.media_id,
            "expires_at": upload.expires_at,
            "ready": upload.ready,
            "check_at": upload.check_at,
        }
        self._connection.execute(insert(uploads), values)

    def forget(self, account: str, media: PostMedia) -> None:
        """Forget an upload that the channel does not know any more."""
        self._connection.execute(delete(uploads).where(_same(account, media)))


def _same(account: str, media: PostMedia) -> ColumnElement[bool]:
    return and_(
        _u.account == account,
        _u.sha256 == media.facts.sha256,
        _u.scaled == media.facts.scaled,
        _u.alt == media.alt,
    )
