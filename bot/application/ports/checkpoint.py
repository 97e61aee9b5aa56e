"""The places at which a process may die (design, section 5, last paragraph)."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Step(StrEnum):
    """Every commit and every network call of publishing; a checkpoint stands before and after each.

    The crash tests kill at each of them; the model's actions carry the same names.
    """

    CLAIM = "claim"
    INTENT = "intent"
    WITNESS = "witness"
    UPLOAD = "upload"
    CREATE = "create"
    GUARD = "guard"
    OUTCOME = "outcome"
    ORPHAN = "orphan"
    READING = "reading"
    SETTLE = "settle"
    AFTERMATH = "aftermath"
    IDENTITY = "identity"


class Checkpoint(Protocol):
    """Called before and after each step."""

    def before(self, step: Step) -> None:
        """The step is about to happen."""
        ...

    def after(self, step: Step) -> None:
        """The step has happened; its answer is not used yet."""
        ...
