"""What the rules look at: all posts of one announcement, and what the team said about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.announcement import MediaItem
from bot.domain.family import Sibling
from bot.domain.lint.house import HouseRules
from bot.domain.lint.post_text import PostText


@dataclass(frozen=True, slots=True)
class Subject:
    """One announcement. `due` is what the campaign's clock shows then; `hashtag` and `handle` are without their signs;
    `languages` are those in which the campaign wants it, `family` all that it is in, itself included."""

    posts: tuple[PostText, ...]
    language: str = "en"
    house: HouseRules = field(default_factory=HouseRules)
    hashtag: str = ""
    handle: str = ""
    handles: frozenset[str] = frozenset()
    due: datetime | None = None
    media: tuple[MediaItem, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""
    name: str = ""
    languages: tuple[str, ...] = ()
    family: Sequence[Sibling] = ()
    translation_of: str | None = None
