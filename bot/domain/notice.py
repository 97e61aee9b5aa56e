"""A notice to people: what happened and the command that mends it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """`subject` is one line; `body` says what is known and names the next command."""

    subject: str
    body: str
