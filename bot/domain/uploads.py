"""A picture or film on its way to the channel."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.domain.media import MediaFacts


@dataclass(frozen=True, slots=True)
class MediaUpload:
    """What is to be uploaded: `pieces` gives its bytes anew at each call, in pieces of at most so many bytes."""

    facts: MediaFacts
    alt: str
    pieces: Callable[[int], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What the channel keeps. All times are seconds.

    `expires_in`: how long it can be used from now on; `ready`: it can go with a post; if not, `check_after` says when to ask
    again, or `failed` why it never will be.
    """

    media_id: str
    expires_in: float
    ready: bool
    check_after: float = 0.0
    failed: str = ""
