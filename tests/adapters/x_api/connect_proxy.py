"""A small proxy that knows CONNECT only."""

from __future__ import annotations

import select
import socket

from tests.adapters.x_api.fault_server import Behaviour, Visit


def tunnel(*, to: int) -> Behaviour:
    """A proxy's behaviour: open a connection to this port of 127.0.0.1, whatever was asked for, and carry bytes."""

    def behave(visit: Visit) -> None:
        visit.read_request()
        with socket.create_connection(("127.0.0.1", to)) as target:
            visit.sock.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
            _carry(visit, target)

    return behave


def _carry(visit: Visit, target: socket.socket) -> None:
    other = {visit.sock: target, target: visit.sock}
    while not visit.stop.is_set():
        for sock in select.select([*other], [], [], 0.02)[0]:
            piece = sock.recv(1 << 16)
            if not piece:
                return
            other[sock].sendall(piece)
