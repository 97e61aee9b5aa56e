"""Which announcements are kept as files, in the database."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, bindparam, delete, insert, select

from bot.adapters.store.schema import announcements, kept_records
from bot.application.ports.kept_records import Kept, KeptAs

_k = kept_records.c
_OF = select(kept_records).where(_k.announcement_id == bindparam("id_"))
_OF_FOLDER = (
    select(kept_records, announcements.c.campaign, announcements.c.key)
    .join(announcements, announcements.c.id == _k.announcement_id)
    .where(_k.folder == bindparam("folder_"))
    .order_by(_k.announcement_id)
)
_FORGET = delete(kept_records).where(_k.announcement_id == bindparam("id_"))


class SqlKeptRecords:
    """Remembers from which file of which folder an announcement was taken."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, announcement_id: int) -> Kept | None:
        """Tell where an announcement is kept; None if in no folder."""
        row = self._connection.execute(_OF, {"id_": announcement_id}).one_or_none()
        return None if row is None else Kept(row.announcement_id, row.folder, row.file, row.revision)

    def of_folder(self, folder: str) -> Sequence[KeptAs]:
        """List what is kept in a folder, by number."""
        rows = self._connection.execute(_OF_FOLDER, {"folder_": folder})
        return [
            KeptAs(Kept(row.announcement_id, row.folder, row.file, row.revision), row.campaign, row.key)
            for row in rows
        ]

    def keep(self, kept: Kept) -> None:
        """Note where an announcement is kept, in the place of what was noted before."""
        self.forget(kept.announcement_id)
        self._connection.execute(insert(kept_records), asdict(kept))

    def forget(self, announcement_id: int) -> None:
        """Note that it is kept in no folder any more."""
        self._connection.execute(_FORGET, {"id_": announcement_id})
