"""Telling people (design, section 5: tell people)."""

from __future__ import annotations

from typing import Protocol


class Notifier(Protocol):
    """Sends a notice to wherever the team reads them; never raises: a lost notice stops nothing and is logged."""

    def tell(self, subject: str, body: str) -> None:
        """Send one notice."""
        ...
