"""The fingerprint of a post: its text in canonical form, with what it replies to and quotes (design, section 2)."""

from __future__ import annotations

import hashlib

from bot.domain.post import Parent, Quoted
from bot.domain.text.canonical import canonical


def fingerprint(text: str, parent: Parent | None, quote: Quoted | None = None) -> str:
    """Give the SHA-256 (hex) of a text of ours in canonical form and of the references to what it replies to and quotes."""
    # A line feed or a space cannot stand in a reference, so the parts cannot run into each other.
    references = f"{parent or ''} {quote}" if quote else f"{parent or ''}"
    content = f"{references}\n{canonical(text, from_x=False)}"
    return hashlib.sha256(content.encode()).hexdigest()
