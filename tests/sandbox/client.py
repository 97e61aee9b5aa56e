"""A client of X's API of its own, so that the sandbox is judged by something that shares no code with the program."""

from __future__ import annotations

import http.client
import json
import socket
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from oauthlib.oauth1 import Client

from bot.sandbox.accounts import SandboxAccount
from bot.sandbox.server import Sandbox

PATIENCE = 30.0


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Caller:
    """Calls the sandbox at `url` with the keys of an account."""

    url: str
    account: SandboxAccount

    def headers(self, method: str, path: str, **changes: Any) -> dict[str, str]:
        """Sign a request; `changes` go to the signer (`timestamp`, `nonce`, another secret)."""
        keys: dict[str, Any] = {
            "client_key": self.account.api_key,
            "client_secret": self.account.api_secret,
            "resource_owner_key": self.account.access_token,
            "resource_owner_secret": self.account.access_token_secret,
        }
        verb = cast("Any", method)
        _, headers, _ = Client(**(keys | changes)).sign(self.url + path, http_method=verb)
        return dict(headers)

    def call(
        self,
        method: str,
        path: str,
        document: Any = None,
        *,
        headers: dict[str, str] | None = None,
        **changes: Any,
    ) -> Answer:
        """Make one request and read its whole answer. Raises what http.client and sockets raise."""
        signed = self.headers(method, path, **changes) if headers is None else headers
        body = (
            None
            if document is None
            else document
            if isinstance(document, bytes)
            else json.dumps(document).encode()
        )
        if body is not None:
            signed = {**signed, "Content-Type": "application/json"}
        where = urlsplit(self.url)
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body=body, headers=signed)
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def create(self, text: str, *, reply_to: str | None = None, **fields: Any) -> Answer:
        """Ask for a post."""
        document: dict[str, Any] = {"text": text, **fields}
        if reply_to:
            document["reply"] = {"in_reply_to_tweet_id": reply_to}
        return self.call("POST", "/2/tweets", document)

    def posted(self, text: str, *, reply_to: str | None = None) -> str:
        """Make a post and give its id."""
        answer = self.create(text, reply_to=reply_to)
        assert answer.status == 201, answer.body
        return str(answer.json["data"]["id"])

    def timeline(self, query: str = "max_results=100") -> Answer:
        """Read the account's own posts."""
        return self.call("GET", f"/2/users/{self.account.user_id}/tweets?{query}")

    def texts(self, query: str = "max_results=100") -> list[str]:
        """The texts that the timeline shows, newest first."""
        return [post["text"] for post in self.timeline(query).json.get("data", [])]

    def socket(self) -> socket.socket:
        """Connect and say nothing."""
        where = urlsplit(self.url)
        return socket.create_connection((where.hostname, where.port), timeout=PATIENCE)


def caller(sandbox: Sandbox, account: SandboxAccount | None = None) -> Caller:
    """Make a caller with the keys of an account, the first one unless another is given."""
    return Caller(sandbox.url, account or sandbox.credentials())
