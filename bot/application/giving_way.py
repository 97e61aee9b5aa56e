"""A long transaction gives way: whoever waits to write comes first, above all a worker whose post is due (decision 0032)."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from bot.application.ports.clock import Clock
from bot.application.ports.store import Store, Transaction
from bot.domain.errors import Unreachable

TRIES = 10
"""How often it is taken back and begun anew before it insists."""

LONGEST = 7.0
"""Seconds for which it then keeps others waiting at the most; they have patience for ten."""

_LOOK_EVERY = 0.01
_LOOKS = 1000

T = TypeVar("T")
GiveWay = Callable[[], None]


class _GaveWay(Exception):
    """Takes the transaction back, so that others can write."""


def in_turn(store: Store, clock: Clock, deed: Callable[[Transaction, GiveWay], T]) -> T:
    """Do something in one transaction that may take long; it calls what it is given each time it can be interrupted.

    Where somebody waits, it is taken back and done again from its start when they are through. Raises Unreachable where others
    write so often that it comes to no end.
    """

    def give_way() -> None:
        if store.others_wait():
            raise _GaveWay

    for _ in range(TRIES):
        with suppress(_GaveWay), store.writing(gives_way=True) as tx:
            return deed(tx, give_way)
        _let_pass(store, clock)
    with store.writing() as tx:
        return deed(tx, _insisting(store, clock))


def _let_pass(store: Store, clock: Clock) -> None:
    for _ in range(_LOOKS):
        if not store.others_wait():
            return
        clock.wait(_LOOK_EVERY)


def _insisting(store: Store, clock: Clock) -> GiveWay:
    since: float | None = None

    def give_way() -> None:
        nonlocal since
        if not store.others_wait():
            since = None
            return
        since = clock.running() if since is None else since
        if clock.running() - since > LONGEST:
            raise Unreachable(
                "others write to the queue all the time, and this would make them wait too long: nothing was changed; "
                "try again when less goes out, or split the file"
            )

    return give_way
