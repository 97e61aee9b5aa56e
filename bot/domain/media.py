"""What a picture or film is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MediaKind(StrEnum):
    """How X treats it: up to four images go with a post, or one animated GIF, or one film."""

    IMAGE = "image"
    GIF = "gif"
    VIDEO = "video"


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What a file holds, read from its content, never from its name.

    `sha256` is of the file as it lies on the disk; `size` in bytes, and width and height in pixels, are of what will be
    sent: without the place that a camera wrote into it (`place_removed`), and made smaller if that was asked for (`scaled`).
    """

    sha256: str
    kind: MediaKind
    mime: str
    size: int
    width: int
    height: int
    frames: int = 1
    seconds: float | None = None
    fps: float | None = None
    codecs: tuple[str, ...] = ()
    chroma: str = ""
    place_removed: bool = False
    scaled: bool = False


@dataclass(frozen=True, slots=True)
class PostMedia:
    """A picture or film of a post: which file, with which alt text, and what it was when it was approved."""

    path: str
    alt: str
    facts: MediaFacts

    @property
    def logged(self) -> dict[str, str]:
        """What the log keeps of it: which bytes, under which alt text."""
        return {"path": self.path, "sha256": self.facts.sha256, "alt": self.alt}
