"""The create request, and every way in which it goes wrong."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.sandbox import misbehaviour
from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.api import DUPLICATE, Answer, refuse
from bot.sandbox.faults import CREATE, Fault
from bot.sandbox.state import State

Send = Callable[[int, bytes, dict[str, str]], bytes]
"""Makes a whole answer of a status, a body and headers."""

TAKING = frozenset(
    {
        "break_after", "status_after", "no_answer_after", "unreadable", "truncated", "no_id", "redirect", "trickle",
        "exec_delay",
    }
)  # fmt: skip
"""Faults that take the post all the same."""
UNAVAILABLE = refuse(503, "Service Unavailable", "Service Unavailable")


@dataclass(frozen=True, slots=True)
class Creating:
    """One create on one connection. Gives the answer to send, or None when the connection is dealt with."""

    state: State
    connection: socket.socket
    whole_answer: Send

    def run(self, account: SandboxAccount, raw: bytes) -> Answer | bytes | None:
        """Take the post, or misbehave."""
        self.state.counters.bodies.append(raw)
        fault = self._draw(account, raw)
        refused = self._refused_by_fault(fault)
        if refused:
            return refused
        try:
            body = json.loads(raw)
        except ValueError:
            return refuse(400, "Invalid Request", "the body is not JSON")
        if fault and fault.kind.endswith("_before"):
            return self._before(fault)
        refused = self.state.api.check_create(account, body)
        if refused:
            return refused
        if fault and fault.kind == "exec_delay":
            self._much_later(fault, account, body)
            return None
        answer = self.state.api.create(account, body)
        return self._after(fault, answer) if fault else answer

    def _draw(self, account: SandboxAccount, raw: bytes) -> Fault | None:
        """Draw a fault; a post that faults kept out as often as the sandbox's mercy allows is spared."""
        fault = self.state.faults.draw(CREATE)
        if fault is None or fault.kind in TAKING or self.state.mercy is None:
            return fault
        self.state.struck[account.user_id, raw] += 1
        return fault if self.state.struck[account.user_id, raw] <= self.state.mercy else None

    def _refused_by_fault(self, fault: Fault | None) -> Answer | None:
        """A 429 is answered where the headers are made."""
        answers = {
            "400": refuse(400, "Invalid Request", "the sandbox was asked to refuse this"),
            "401": refuse(401, "Unauthorized", "Unauthorized"),
            "402": refuse(402, "CreditsDepleted", "Your account has no credits left."),
            "403": refuse(403, "Forbidden", "You are not permitted to perform this action."),
            "429": refuse(429, "Too Many Requests", "Too Many Requests"),
            "dup_no_match": refuse(403, "Forbidden", DUPLICATE),
        }
        return answers.get(fault.kind) if fault else None

    def _before(self, fault: Fault) -> Answer | bytes | None:
        match fault.kind:
            case "status_before":
                return UNAVAILABLE
            case "unreadable_before":
                return self.whole_answer(201, b"<html>ok</html>", {"content-type": "text/html"})
            case "redirect_before":
                return self.whole_answer(307, b"", {"location": "/2/tweets"})
            case "no_answer_before":
                misbehaviour.stay_silent(self.connection, self.state)
        misbehaviour.reset(self.connection)
        return None

    def _after(self, fault: Fault, answer: Answer) -> Answer | bytes | None:
        raw = json.dumps(answer.body).encode()
        match fault.kind:
            case "status_after":
                return UNAVAILABLE
            case "unreadable":
                return self.whole_answer(201, b"<html>ok</html>", {"content-type": "text/html"})
            case "no_id":
                return Answer(201, {"data": {"text": answer.body["data"]["text"]}})
            case "redirect":
                return self.whole_answer(302, b"", {"location": "/2/users/me"})
            case "truncated":
                self.connection.sendall(self.whole_answer(201, raw, {})[: -len(raw) // 2])
            case "trickle":
                misbehaviour.trickle(self.connection, self.whole_answer(201, raw, {}), self.state)
            case "no_answer_after":
                misbehaviour.stay_silent(self.connection, self.state)
        misbehaviour.reset(self.connection)
        return None

    def _much_later(self, fault: Fault, account: SandboxAccount, body: dict[str, Any]) -> None:
        deed = threading.Thread(target=self.state.api.create, args=(account, body), daemon=True)
        misbehaviour.later(fault.seconds, deed, self.state)
        misbehaviour.stay_silent(self.connection, self.state)
        misbehaviour.reset(self.connection)
