"""Checkpoints for everyday use: nothing happens at them."""

from __future__ import annotations

from bot.application.ports.checkpoint import Step


class NoCheckpoint:
    """Lets every step pass."""

    def before(self, step: Step) -> None:
        """The step is about to happen."""

    def after(self, step: Step) -> None:
        """The step has happened."""
