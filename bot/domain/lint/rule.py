"""A house rule: its name, how strict it is, why it is there and who says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """What a finding of a rule means: nothing, something to look at, or something that bars approval."""

    OFF = "off"
    WARNING = "warning"
    PROBLEM = "problem"


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; `topic` is the number that the field study gives to what it is about.

    `fixed`: no campaign may switch it, because X refuses the post, or because it guards the time at which others allowed it.
    """

    name: str
    topic: str
    level: Level
    why: str
    source: str
    fixed: bool = False
