"""The places at which a process may die (design, section 5, last paragraph)."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol


class Step(StrEnum):
    """Every commit and every network call of publishing and withdrawing; a checkpoint stands before and after each.

    The crash tests kill at each of them; the model's actions carry the same names, but for those of a withdrawal.
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
    WITHDRAW = "withdraw"
    DELETE = "delete"
    WITHDRAWN = "withdrawn"


WITHDRAWAL = (Step.WITHDRAW, Step.DELETE, Step.WITHDRAWN)
"""The steps of a command, that no worker takes: the wish, the request to delete, and what came of it (decision 0023)."""


class Checkpoint(Protocol):
    """Called before and after each step."""

    def before(self, step: Step) -> None:
        """The step is about to happen."""
        ...

    def after(self, step: Step) -> None:
        """The step has happened; its answer is not used yet."""
        ...
