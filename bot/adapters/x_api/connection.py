"""The connection itself: the guard sits between its standing and the first byte, where no library above can see."""

from __future__ import annotations

import http.client
import io
import socket
import struct
from typing import Any, cast

from urllib3.connection import HTTPConnection, HTTPSConnection

from bot.adapters.x_api.endpoint import RequestTimes
from bot.adapters.x_api.flight import Flight


def socket_options(times: RequestTimes) -> list[tuple[int, int, int | bytes]]:
    """Give the options of every socket: send at once, and nothing for the dead (design, section 5, step 5)."""
    options: list[tuple[int, int, int | bytes]] = [
        (socket.IPPROTO_TCP, socket.TCP_NODELAY, 1),
        (socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)),
    ]
    if hasattr(socket, "TCP_USER_TIMEOUT"):  # Linux
        milliseconds = max(1, round(times.user_timeout * 1000))
        options.append((socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds))
    return options


class _PatientReader(io.RawIOBase):
    """Reads a socket, with the time that is left as the time-out of each read, so that neither slow headers nor a slow body
    outlast the deadline."""

    def __init__(self, sock: socket.socket, flight: Flight) -> None:
        self._sock = sock
        self._flight = flight
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._flight.patience())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PatientSocket:
    """What the standard library's response asks of a socket: a file to read from."""

    def __init__(self, sock: socket.socket, flight: Flight) -> None:
        self._reader = _PatientReader(sock, flight)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(self._reader)


class GuardedConnection(HTTPConnection):
    """Makes a connection, looks, and sends head and body in one write.

    Over TLS one write holds up to 16 KiB, a record; longer bodies take several. A part of a request executes nothing.
    """

    def __init__(self, *args: Any, flight: Flight, **options: Any) -> None:
        super().__init__(*args, **options)
        self._flight = flight
        self._letter: list[bytes] | None = None
        self.response_class = cast("Any", self._patient_response)

    def _patient_response(self, sock: socket.socket, **options: Any) -> http.client.HTTPResponse:
        """Take the place of the class of the response: the standard library calls it, for a proxy's answer too."""
        return http.client.HTTPResponse(cast("Any", _PatientSocket(sock, self._flight)), **options)

    def connect(self) -> None:
        """Connect, by the proxy if there is one."""
        self._flight.dials()
        super().connect()
        self._flight.stands()

    def send(self, data: Any) -> None:
        """Keep what belongs to the request until it is whole; let the CONNECT for a proxy through."""
        if self._letter is None:
            super().send(data)
        else:
            self._letter.append(data)

    def request(self, *args: Any, **options: Any) -> None:
        """Send one request, if the guard lets it. Raises Stopped if not."""
        if self.is_closed:
            self.connect()
        self._letter = []
        try:
            super().request(*args, **options)
        finally:
            letter, self._letter = b"".join(self._letter), None
        self._flight.leaves()
        self.sock.settimeout(self._flight.patience())
        self.sock.sendall(letter)


class GuardedTLSConnection(GuardedConnection, HTTPSConnection):
    """The same over TLS."""
