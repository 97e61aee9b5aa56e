"""What wakes the deeds up; the store alone decides what may be sent (design, section 6)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol


class Turns(Protocol):
    """What a dispatcher drives: one turn an account, of which any number may run side by side."""

    def accounts(self) -> Sequence[str]:
        """List the accounts that have anything to do, now or later."""
        ...

    def seconds_left(self, account: str) -> float | None:
        """Tell in how many seconds the account's next turn is due; None if it has nothing to do."""
        ...

    def turn(self, account: str) -> float | None:
        """Do everything that the account can do now; gives the seconds until its next turn (None: nothing). Never raises."""
        ...

    def changed(self) -> bool:
        """Tell whether another process has written to the store since this was last asked."""
        ...

    def sweep(self) -> None:
        """Do what comes up rarely, and for no account in particular. Never raises."""
        ...

    def beat(self) -> None:
        """Say that the worker is alive."""
        ...


class Dispatcher(Protocol):
    """A dispatcher that wakes twice, late or on two hosts does no harm."""

    def run(self, turns: Turns, *, done: Callable[[], bool] | None = None) -> None:
        """Drive the turns until the clock says that the program is stopping, or `done` (if given) says that nothing is left."""
        ...
