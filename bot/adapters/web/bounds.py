"""How long an answer may take and how long it may be, held at every read of the socket."""

from __future__ import annotations

import http.client
import io
import socket
from dataclasses import dataclass
from typing import Any, cast

from urllib3.connection import HTTPSConnection

from bot.adapters.web.faults import LinkFault, TooSlow
from bot.application.ports.clock import Clock


@dataclass(frozen=True, slots=True)
class ProbeLimits:
    """Seconds: until a connection stands, for a link with all its redirects, for all links. Then: redirects that are followed,
    bytes of an answer's head, links asked side by side."""

    connect: float = 5.0
    link: float = 10.0
    altogether: float = 120.0
    redirects: int = 5
    head_bytes: int = 64 * 1024
    side_by_side: int = 4


@dataclass(frozen=True, slots=True)
class TimeLeft:
    """The time that one link has."""

    clock: Clock
    deadline: float
    granted: float

    def seconds(self) -> float:
        """Give what is left. Raises TooSlow when nothing is."""
        left = self.deadline - self.clock.running()
        if left <= 0:
            raise TooSlow(self.granted)
        return left


class _BoundedReader(io.RawIOBase):
    """Reads a socket: no read outlasts the link's time, and all of them give no more than the answer may have.

    The library's time-out begins anew with each byte, so that a server could go on for hours.
    """

    def __init__(self, sock: socket.socket, time: TimeLeft, room: int) -> None:
        self._sock = sock
        self._time = time
        self._room = room
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        if self._room <= 0:
            raise LinkFault("answers without an end")
        self._sock.settimeout(self._time.seconds())
        try:
            count = self._raw.readinto(buffer)
        except TimeoutError:
            raise TooSlow(self._time.granted) from None
        self._room -= count or 0
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _BoundedSocket:
    """What the standard library's response asks of a socket: a file to read from."""

    def __init__(self, reader: _BoundedReader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._reader)


class BoundedConnection(HTTPSConnection):
    """A connection whose answers are read with bounds: the link's, and that of a proxy to CONNECT."""

    def __init__(self, *args: Any, time: TimeLeft, most_bytes: int, **options: Any) -> None:
        super().__init__(*args, **options)
        self._time = time
        self._most_bytes = most_bytes
        self.response_class = cast("Any", self._bounded_response)

    def _bounded_response(self, sock: socket.socket, **options: Any) -> http.client.HTTPResponse:
        """Take the place of the class of the response, which the standard library calls."""
        reader = _BoundedReader(sock, self._time, self._most_bytes)
        return http.client.HTTPResponse(cast("Any", _BoundedSocket(reader)), **options)
