"""The request to delete a post, and every way in which it goes wrong."""

from __future__ import annotations

import socket
from dataclasses import dataclass

from bot.sandbox import misbehaviour
from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.api import Answer, refuse
from bot.sandbox.faults import DELETE
from bot.sandbox.state import State

REFUSED = {
    "delete_503": refuse(503, "Service Unavailable", "Service Unavailable"),
    "delete_429": refuse(429, "Too Many Requests", "Too Many Requests"),
    "delete_401": refuse(401, "Unauthorized", "Unauthorized"),
    "delete_402": refuse(402, "CreditsDepleted", "Your account has no credits left."),
}


@dataclass(frozen=True, slots=True)
class Deleting:
    """One deletion on one connection. Gives the answer to send, or None when the connection is dealt with."""

    state: State
    connection: socket.socket

    def run(self, account: SandboxAccount, post_id: str) -> Answer | None:
        """Delete the post, or misbehave."""
        fault = self.state.faults.draw(DELETE)
        kind = fault.kind if fault else ""
        if kind in REFUSED:
            return REFUSED[kind]
        if kind == "delete_silence":
            misbehaviour.stay_silent(self.connection, self.state)
            return None
        answer = self.state.api.delete(account, post_id)
        if kind == "delete_break":
            misbehaviour.reset(self.connection)
            return None
        return answer
