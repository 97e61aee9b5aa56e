"""Where pictures lie that come from elsewhere."""

from __future__ import annotations

from typing import Protocol

from bot.domain.announcement import MediaItem


class PictureShelf(Protocol):
    """Puts pictures into the project folder."""

    def keep(self, data: bytes, name: str, alt: str) -> MediaItem:
        """Keep a picture under a safe name made of `name`, an address or a path; the same one again is kept once.

        What lies there already is never replaced. Raises InputError if it is no picture that X takes, or cannot be written.
        """
        ...
