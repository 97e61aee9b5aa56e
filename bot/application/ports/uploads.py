"""What of the media has been uploaded already."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.media import PostMedia


@dataclass(frozen=True, slots=True)
class KeptUpload:
    """An upload that the channel keeps until `expires_at`; while it is not `ready`, it is asked about at `check_at` (UTC)."""

    media_id: str
    expires_at: datetime
    ready: bool
    check_at: datetime | None = None


class Uploads(Protocol):
    """One upload for each file, alt text and account: used again as long as the channel keeps it."""

    def find(self, account: str, media: PostMedia) -> KeptUpload | None:
        """Give what was kept for these very bytes and this alt text."""
        ...

    def keep(self, account: str, media: PostMedia, upload: KeptUpload) -> None:
        """Remember an upload, in the place of one before."""
        ...

    def forget(self, account: str, media: PostMedia) -> None:
        """Forget an upload that the channel does not know any more."""
        ...
