"""Pictures and films on the disk."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from bot.domain.announcement import MediaItem
from bot.domain.media import MediaFacts


class MediaFiles(Protocol):
    """Files that records name, each by its path relative to the project folder."""

    def inspect(self, item: MediaItem) -> MediaFacts:
        """Read what a file is. Raises InputError: it is not there, lies outside the folder, or is nothing that X takes."""
        ...

    def pieces(self, item: MediaItem, facts: MediaFacts, *, size: int) -> Iterator[bytes]:
        """Give the bytes to send, in pieces of at most `size`.

        Raises InputError if the file is not the one any more that `facts` tell of.
        """
        ...
