"""The fingerprint of a post: its text in canonical form, with what it replies to (design, section 2)."""

from __future__ import annotations

import hashlib

from bot.domain.post import Parent
from bot.domain.text.canonical import canonical


def fingerprint(text: str, parent: Parent | None) -> str:
    """Give the SHA-256 (hex) of a text of ours in canonical form and of the reference to what it replies to."""
    # A line feed cannot stand in the reference, so the two parts cannot run into each other.
    content = f"{parent or ''}\n{canonical(text, from_x=False)}"
    return hashlib.sha256(content.encode()).hexdigest()
