"""A server that answers as X does, or as no server should: raw sockets, one behaviour for each connection."""

from __future__ import annotations

import json
import select
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self


@dataclass(frozen=True)
class Request:
    """A request as it arrived. Names of headers are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


@dataclass
class Visit:
    """One connection, from the server's side."""

    sock: socket.socket
    stop: threading.Event
    requests: list[Request] = field(default_factory=list)
    bytes_read: int = 0

    def read_request(self) -> Request:
        raw = b""
        while b"\r\n\r\n" not in raw:
            raw += self._more()
        head, _, body = raw.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        method, target, _version = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", "0")):
            body += self._more()
        request = Request(method, target, headers, body)
        self.requests.append(request)
        return request

    def _more(self) -> bytes:
        piece = self.sock.recv(1 << 16)
        self.bytes_read += len(piece)
        if not piece:
            raise ConnectionError("hung up in the middle of a request")
        return piece

    def answer(self, status: int, body: bytes = b"", headers: Mapping[str, str] | None = None) -> None:
        given = {"Content-Length": str(len(body)), "Content-Type": "application/json"} | dict(headers or {})
        lines = [f"HTTP/1.1 {status} Whatever", *(f"{name}: {value}" for name, value in given.items())]
        self.sock.sendall("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)

    def answer_json(self, status: int, document: object, headers: Mapping[str, str] | None = None) -> None:
        self.answer(status, json.dumps(document).encode(), headers)

    def hung_up(self, within: float) -> bool:
        readable, _, _ = select.select([self.sock], [], [], within)
        if not readable:
            return False
        try:
            piece = self.sock.recv(1 << 16)
        except ConnectionError:
            return True
        self.bytes_read += len(piece)
        return not piece

    def wait_until_hung_up(self) -> None:
        while not self.stop.is_set() and not self.hung_up(0.05):
            pass

    def reset(self) -> None:
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Behaviour = Callable[[Visit], None]


class FaultServer:
    """Listens on 127.0.0.1. The first connection gets the first behaviour, and so on; the last one serves all that follow."""

    def __init__(self, *behaviours: Behaviour, tls: ssl.SSLContext | None = None) -> None:
        self._behaviours = behaviours
        self._tls = tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._failures: list[Exception] = []
        self.visits: list[Visit] = []
        self.port: int = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    @property
    def requests(self) -> list[Request]:
        return [request for visit in self.visits for request in visit.requests]

    @property
    def bytes_read(self) -> int:
        return sum(visit.bytes_read for visit in self.visits)

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()
        self._listener.close()
        if self._failures:
            raise self._failures[0]

    def wait_for_visits_to_end(self) -> None:
        """Wait until every behaviour has come to its end by itself, 20 s at most."""
        for thread in self._threads[1:]:
            thread.join(20)

    def _start(self, work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._stop.is_set():
            if select.select([self._listener], [], [], 0.02)[0]:
                sock, _ = self._listener.accept()
                behaviour = self._behaviours[min(len(self.visits), len(self._behaviours) - 1)]
                visit = Visit(sock, self._stop)
                self.visits.append(visit)
                self._start(lambda visit=visit, behaviour=behaviour: self._serve(visit, behaviour))  # type: ignore[misc]

    def _serve(self, visit: Visit, behaviour: Behaviour) -> None:
        try:
            if self._tls:
                visit.sock = self._tls.wrap_socket(visit.sock, server_side=True)
            behaviour(visit)
        except OSError:
            pass  # the client hung up, which is its right
        except Exception as error:
            self._failures.append(error)
        finally:
            visit.sock.close()


def answering(status: int, document: object, headers: Mapping[str, str] | None = None) -> Behaviour:
    """A server that reads one request and gives this JSON."""

    def behave(visit: Visit) -> None:
        visit.read_request()
        visit.answer_json(status, document, headers)
        visit.wait_until_hung_up()

    return behave


def answering_bytes(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Behaviour:
    """A server that reads one request and gives these bytes."""

    def behave(visit: Visit) -> None:
        visit.read_request()
        visit.answer(status, body, headers)
        visit.wait_until_hung_up()

    return behave
