"""The sandbox as a server: in a thread for tests, or as a process of its own."""

from __future__ import annotations

import json
import signal
import ssl
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Iterable, Sequence
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bot.sandbox.accounts import DEFAULT, SandboxAccount
from bot.sandbox.api import Api
from bot.sandbox.faults import Faults
from bot.sandbox.handler import Handler
from bot.sandbox.ledger import Ledger
from bot.sandbox.limits import Limits
from bot.sandbox.oauth import Signatures
from bot.sandbox.posts import Posts
from bot.sandbox.state import State
from bot.sandbox.uploads import Uploads


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A broken line is what the sandbox is for; anything else is its own fault and is shown."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Sandbox:
    """A sandbox in a thread; use it as a context manager.

    `state`: the ledger's file (a throw-away one if None); `faults`: see `faults.py`; `limits` and `duplicates` switch
    X's rate limits and its refusal of repeated texts; `mercy`: how often a fault may keep one post out;
    `certificate`: files of certificate and key, for TLS.
    """

    def __init__(  # noqa: PLR0913 - each is a switch of its own
        self,
        *,
        state: Path | None = None,
        accounts: Sequence[SandboxAccount] = (DEFAULT,),
        faults: Iterable[str] = (),
        limits: bool = True,
        duplicates: bool = True,
        seed: int | None = 1,
        port: int = 0,
        fsync: bool = True,
        mercy: int | None = None,
        certificate: tuple[Path, Path] | None = None,
    ) -> None:
        self._folder = tempfile.TemporaryDirectory() if state is None else None
        path = state or Path(self._folder.name if self._folder else "") / "ledger.jsonl"
        self._ledger = Ledger(path, fsync=fsync)
        posts = Posts(self._ledger)
        posts.rebuild()
        drawn, uploads = Faults(faults, seed), Uploads()
        self.state = State(
            accounts=list(accounts),
            posts=posts,
            faults=drawn,
            limits=Limits(limits),
            signatures=Signatures(accounts),
            api=Api(posts, drawn, uploads, refuse_duplicates=duplicates),
            uploads=uploads,
            mercy=mercy,
        )
        self._server = _Server(("127.0.0.1", port), type("Bound", (Handler,), {"state": self.state}))
        self._scheme = "http"
        if certificate:
            self._use_tls(*certificate)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True
        )

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self._scheme}://127.0.0.1:{self._server.server_address[1]}"

    def credentials(self, handle: str = DEFAULT.handle) -> SandboxAccount:
        """Give an account with its keys."""
        return next(account for account in self.state.accounts if account.handle == handle)

    def stats(self) -> dict[str, Any]:
        """Give the judge's count."""
        return self.state.stats()

    def posts(self) -> list[dict[str, Any]]:
        """List what was accepted, in order."""
        return self.state.listed()

    def set_faults(self, *faults: str) -> None:
        """Put other faults in place of those that there are."""
        self.state.faults.set(faults)

    def __enter__(self) -> Sandbox:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.state.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self._ledger.close()
        if self._folder:
            self._folder.cleanup()

    def _use_tls(self, certificate: Path, key: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        # The handshake is the connection's own thread's: who does not go on with it must not stop the others.
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._scheme = "https"


def run(  # noqa: PLR0913 - each is an option of the command
    *,
    port: int = 0,
    state: Path | None = None,
    faults: Sequence[str] = (),
    limits: bool = True,
    duplicates: bool = True,
    seed: int | None = 1,
    accounts: Sequence[SandboxAccount] = (DEFAULT,),
) -> None:
    """Serve until SIGTERM or SIGINT; prints one line with the address when it listens."""
    # Blocked and waited for, in every thread: a handler that sets an event can meet the lock that the waiting thread holds.
    ends = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, ends)
    with Sandbox(
        state=state,
        port=port,
        faults=faults,
        limits=limits,
        duplicates=duplicates,
        seed=seed,
        accounts=accounts,
    ) as sandbox:
        print(f"the sandbox listens at {sandbox.url}", flush=True)  # noqa: T201 - the command's one line
        signal.sigwait(ends)


def ask(url: str, path: str, wish: dict[str, Any] | None = None) -> dict[str, Any]:
    """Ask a sandbox in another process: its pages under `/_sandbox/`."""
    data = None if wish is None else json.dumps(wish).encode()
    request = urllib.request.Request(f"{url}/_sandbox/{path}", data=data)  # noqa: S310 - a loopback address
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
        return found
