"""How a connection goes wrong. Raw sockets are needed here: no library breaks a line on purpose."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading

from bot.sandbox.state import State

LONGEST_SILENCE = 300.0


def reset(connection: socket.socket) -> None:
    """Break the line: the other side sees a reset."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
    connection.close()


def stay_silent(connection: socket.socket, state: State) -> None:
    """Say nothing until the other side gives up or the sandbox ends."""
    connection.settimeout(0.2)
    waited = 0.0
    while waited < LONGEST_SILENCE and not state.stopping.is_set():
        try:
            if not connection.recv(1024):
                return
        except TimeoutError:
            waited += 0.2
        except OSError:
            return


def trickle(connection: socket.socket, answer: bytes, state: State) -> None:
    """Send an answer one byte a second."""
    for at in range(len(answer)):
        try:
            connection.sendall(answer[at : at + 1])
        except OSError:
            return
        if state.stopping.wait(1.0):
            return


def later(seconds: float, deed: threading.Thread, state: State) -> None:
    """Start a deed some seconds from now, unless the sandbox ends first."""

    def wait() -> None:
        if not state.stopping.wait(seconds):
            deed.start()

    threading.Thread(target=wait, daemon=True).start()
