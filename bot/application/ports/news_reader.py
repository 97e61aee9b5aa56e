"""News pages and feeds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain.news import NewsItem, NewsPicture


@dataclass(frozen=True, slots=True)
class Document:
    """A page or a feed, as it came. `name` is for people; `address` where it lay on the network, `path` where on the disk."""

    name: str
    data: bytes
    media_type: str = ""
    address: str = ""
    path: Path | None = None


class NewsReader(Protocol):
    """Finds the news in a page, or in an RSS or Atom feed. Nothing that is read can do harm (design, section 11)."""

    def open(self, path: Path) -> Document:
        """Read a file. Raises InputError if it cannot be read or is too large."""
        ...

    def read(self, document: Document) -> Sequence[NewsItem]:
        """Find the news, in texts that are clean and bounded.

        Raises InputError if it is neither a page nor a feed, or overruns its limits.
        """
        ...

    def beside(self, document: Document, picture: NewsPicture) -> bytes | None:
        """Give a picture that was saved with a page; None if it was not.

        Raises InputError for a way out of the page's folder.
        """
        ...
