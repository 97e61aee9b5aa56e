"""Templates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class RenderJob:
    """What one post is rendered from.

    `body` is the part's own text (the whole body without a thread); `number` and `count` place it in the thread (1 of 1
    without one); `due` and `embargo` are in the campaign's zone, or None; `limit` is the weighted length that the account may
    use; without `keeps_hashtag` the campaign's hashtag stands in another post of the thread, and not in this one;
    `variables` are the campaign's, overridden by the record's; `handles` short name → handle.
    """

    template: str
    campaign: str
    title: str
    body: str
    link: str | None
    hashtag: str
    language: str
    handle: str
    due: datetime | None = None
    embargo: datetime | None = None
    number: int = 1
    count: int = 1
    limit: int = 280
    keeps_hashtag: bool = True
    variables: Mapping[str, str] = field(default_factory=dict)
    handles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rendered:
    """The post's text, NFC, and whether `fit` had to cut the body."""

    text: str
    was_cut: bool = False


class Renderer(Protocol):
    """Renders a template with a record."""

    def render(self, job: RenderJob) -> Rendered:
        """Render one post.

        Raises RenderError in one line (template:line, what, what to do), also when the template loops, needs too much
        memory or reaches for what it may not (design, sections 7 and 11).
        """
        ...

    def close(self) -> None:
        """End the process that renders."""
        ...
