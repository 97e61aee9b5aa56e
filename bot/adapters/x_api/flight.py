"""One request on its way: what it carries, how long it may take, and what is known of it so far."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.adapters.x_api.endpoint import RequestTimes
from bot.application.ports.channel import Look
from bot.application.ports.checkpoint import Checkpoint, Step
from bot.application.ports.clock import Clock


class Stopped(Exception):
    """The guard said no, or failed: the connection is closed with nothing sent."""


@dataclass(frozen=True, slots=True)
class Guard:
    """What stands between the connection and the first byte of a create (design, section 5, step 4)."""

    look: Look
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer: nothing of it is missing. `headers` by any case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Flight:
    """Times are those of the running clock, in seconds. `first_byte_at` is set just before the request is handed to the kernel:
    as long as it is None, nothing was sent, whatever went wrong. `kind`: the content type of the body."""

    clock: Clock
    times: RequestTimes
    body: bytes | None = None
    guard: Guard | None = None
    kind: str = "application/json"
    max_answer: int = 1 << 20
    standing_at: float | None = None
    first_byte_at: float | None = None
    no: str | None = None
    raised: Exception | None = None
    fault: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    answer: Answer | None = None
    _deadline: float = float("inf")

    def dials(self) -> None:
        """The connection is about to be made; what a proxy answers is bounded as well."""
        self._deadline = self.clock.running() + 2 * self.times.connect

    def stands(self) -> None:
        """The connection stands: TCP, and TLS if there is any."""
        self.standing_at = self.clock.running()

    def leaves(self) -> None:
        """Look, then let the request go. Raises Stopped if it may not."""
        if self.guard is not None:
            self._pass(self.guard)
        self.first_byte_at = self.clock.running()
        self._deadline = self.first_byte_at + self.times.total

    def patience(self) -> float:
        """Give the seconds that the next piece may take. Raises TimeoutError when none are left."""
        left = self._deadline - self.clock.running()
        if left <= 0:
            raise TimeoutError("the deadline of the whole answer has passed")
        return min(left, self.times.connect if self.first_byte_at is None else self.times.read)

    def _pass(self, guard: Guard) -> None:
        try:
            guard.checkpoint.before(Step.GUARD)
            self.no = guard.look()
            guard.checkpoint.after(Step.GUARD)
            if self.no is None:
                guard.checkpoint.before(Step.CREATE)
        except Exception as error:
            # Handed over by hand: the libraries on the way up would take some errors for the network's.
            self.raised = error
        if self.no is not None or self.raised is not None:
            raise Stopped
