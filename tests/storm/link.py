"""The link between workers and the stand-in, which can be cut with bytes on their way.

Where namespaces can be made, workers live in a network of their own, joined by a virtual cable to the one in which the stand-in
listens: a cut link swallows packets in both directions and says nothing, as a pulled cable does. Elsewhere a relay stands
between them and drops what comes, in the middle of a stream, without closing.
"""

from __future__ import annotations

import os
import select
import socket
import subprocess
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Protocol


class Link(Protocol):
    """`enter` goes before the command line of whoever uses the link; `port` is where X is to be found at 127.0.0.1."""

    name: str
    enter: tuple[str, ...]
    port: int

    def cut(self) -> None:
        """Let nothing through."""

    def mend(self) -> None:
        """Let everything through."""

    def close(self) -> None:
        """Take it down."""


def open_link(x_port: int, *, plain: bool) -> Link:
    """Make the best link that this machine allows; a `plain` one needs no rights."""
    if plain:
        return Relay(x_port)
    try:
        return Cables(x_port)
    except (OSError, subprocess.CalledProcessError):
        return Relay(x_port)


class Cables:
    """A network namespace whose 127.0.0.1 is the one outside, at the other end of a pair of virtual cables."""

    name = "network namespace"

    def __init__(self, x_port: int) -> None:
        self.port = x_port
        mark = os.getpid() % 16384  # so that several storms on one machine do not meet
        self._space, self._outer, inner = f"storm{mark}", f"st{mark}o", f"st{mark}i"
        net, rest = divmod(mark * 4, 256)
        there, here = (f"10.231.{net}.{rest + end}" for end in (1, 2))
        self.enter: tuple[str, ...] = ("ip", "netns", "exec", self._space)
        try:
            _ip("netns", "add", self._space)
            _ip("link", "add", self._outer, "type", "veth", "peer", "name", inner)
            _ip("link", "set", inner, "netns", self._space)
            _ip("addr", "add", f"{there}/30", "dev", self._outer)
            _ip("link", "set", self._outer, "up")
            _let_loopback_travel(self._outer)
            self._inside("ip", "addr", "add", f"{here}/30", "dev", inner)
            self._inside("ip", "link", "set", inner, "up")
            _let_loopback_travel(inner, inside=self.enter)
            self._inside("ip", "route", "add", "127.0.0.1/32", "dev", inner, "src", here)
            self._inside("true")
        except BaseException:
            self.close()
            raise

    def cut(self) -> None:
        """Pull the cable."""
        _ip("link", "set", self._outer, "down")

    def mend(self) -> None:
        """Put it in again."""
        _ip("link", "set", self._outer, "up")

    def close(self) -> None:
        """Remove the namespace and with it the cables."""
        for command in (("netns", "del", self._space), ("link", "del", self._outer)):
            with suppress(OSError, subprocess.CalledProcessError):
                _ip(*command)

    def _inside(self, *command: str) -> None:
        subprocess.run([*self.enter, *command], check=True, capture_output=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


def _let_loopback_travel(device: str, inside: Sequence[str] = ()) -> None:
    setting = f"/proc/sys/net/ipv4/conf/{device}/route_localnet"
    subprocess.run([*inside, "sh", "-c", f"echo 1 > {setting}"], check=True, capture_output=True)


class Relay:
    """Passes bytes on in both directions; while it is cut they stay where they are, and new connections meet silence."""

    name = "relay"
    enter: tuple[str, ...] = ()

    def __init__(self, x_port: int) -> None:
        self._x_port = x_port
        self._through = threading.Event()
        self._through.set()
        self._ending = False
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self) -> None:
        """Pass nothing on."""
        self._through.clear()

    def mend(self) -> None:
        """Pass on again; what was on its way when it was cut is lost with its connection."""
        self._through.set()

    def close(self) -> None:
        """Accept nothing any more."""
        self._ending = True
        self._through.set()
        self._listener.close()

    def _accept(self) -> None:
        while not self._ending:
            with suppress(OSError):
                near, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=[near], daemon=True).start()

    def _serve(self, near: socket.socket) -> None:
        with near, suppress(OSError), socket.create_connection(("127.0.0.1", self._x_port), 5) as far:
            while self._pass_on(near, far):
                pass

    def _pass_on(self, near: socket.socket, far: socket.socket) -> bool:
        ready, _, _ = select.select([near, far], [], [], 0.2)
        for each in ready:
            data = each.recv(65536)
            if not self._through.is_set():
                self._through.wait()
                return False
            (far if each is near else near).sendall(data)
            if not data:
                return False
        return not self._ending
