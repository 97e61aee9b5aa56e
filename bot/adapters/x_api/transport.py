"""The session that tweepy sends by: one request to one host over one new connection, no retry, no redirect, nothing of the
environment."""

from __future__ import annotations

from functools import partial
from typing import Any, cast

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3.connectionpool import HTTPConnectionPool

from bot.adapters.x_api.connection import GuardedConnection, GuardedTLSConnection, socket_options
from bot.adapters.x_api.endpoint import Endpoint
from bot.adapters.x_api.flight import Answer, Flight

TWEEPYS_HOST = "https://api.twitter.com"
"""Written into tweepy 4.17 (X API notes, section 11)."""

_PIECE = 1 << 16


class TooLong(Exception):
    """The answer is longer than any that X gives."""


class _OneConnection(HTTPAdapter):
    """Sends over a connection of its own that knows of the flight."""

    def __init__(self, endpoint: Endpoint, flight: Flight) -> None:
        super().__init__(max_retries=0)
        self._pool = endpoint.pool(socket_options(flight.times))
        kind = GuardedTLSConnection if self._pool.scheme == "https" else GuardedConnection
        self._pool.ConnectionCls = cast("Any", partial(kind, flight=flight))  # called, never subclassed

    def get_connection_with_tls_context(self, *_: Any, **__: Any) -> HTTPConnectionPool:
        return self._pool

    def cert_verify(self, *_: Any) -> None:
        """Leave the checking of certificates to the TLS context, which always does."""

    def close(self) -> None:
        super().close()
        self._pool.close()


class Transport(requests.Session):
    """Carries one flight; what comes back is written into it, whole or not."""

    def __init__(self, endpoint: Endpoint, flight: Flight) -> None:
        super().__init__()
        self.trust_env = False
        self._base = endpoint.base_url
        self._flight = flight
        self.adapters.clear()
        self.mount(self._base, _OneConnection(endpoint, flight))

    def get_redirect_target(self, resp: requests.Response) -> None:
        """Say that there is none: a redirect is an answer like any other."""

    def request(self, method: Any, url: Any, *_: Any, **options: Any) -> requests.Response:
        """Send tweepy's request to the configured host; with the flight's own bytes as its body, if it has any."""
        flight = self._flight
        if not url.startswith(TWEEPYS_HOST + "/"):
            raise ValueError("tweepy asked for a host that is not X's")
        headers = {**options["headers"], "Connection": "close"}
        if flight.body is not None:
            headers["Content-Type"] = flight.kind
        response = super().request(
            method,
            self._base + url.removeprefix(TWEEPYS_HOST),
            params=options.get("params"),
            data=flight.body,
            headers=headers,
            auth=options["auth"],
            timeout=(flight.times.connect, flight.times.read),
            allow_redirects=False,
            stream=True,
        )
        flight.status, flight.headers = response.status_code, CaseInsensitiveDict(response.headers)
        with response:
            body = _read(response, flight.max_answer)
        response._content = body
        flight.answer = Answer(response.status_code, flight.headers, body)
        return response


def _read(response: requests.Response, limit: int) -> bytes:
    """Read the whole body, piece by piece. Raises TooLong; the connection sees to the deadline."""
    pieces, size = [], 0
    while piece := response.raw.read1(_PIECE, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise TooLong
    return b"".join(pieces)
