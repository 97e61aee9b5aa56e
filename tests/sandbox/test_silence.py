"""What is read on a connection that says nothing, or not all: the judge of a worker that was frozen before its first byte."""

from __future__ import annotations

import socket
import ssl
import subprocess
from pathlib import Path

import pytest

from bot.sandbox.server import Sandbox
from tests.sandbox.client import caller
from tests.sandbox.test_faults import wait_for


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody signed but itself, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    pem, key = folder / "certificate.pem", folder / "key.pem"
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run(
        ["openssl", "req", "-x509", *kind, *names, "-keyout", str(key), "-out", str(pem)],
        check=True,
        capture_output=True,
    )
    return pem, key


def over_tls(line: socket.socket, pem: Path) -> ssl.SSLSocket:
    return ssl.create_default_context(cafile=str(pem)).wrap_socket(line, server_hostname="127.0.0.1")


def silences(sandbox: Sandbox) -> list[int]:
    found: list[int] = sandbox.stats()["silent_connections"]
    return found


def test_a_connection_on_which_nothing_came_counts_zero_bytes(sandbox: Sandbox) -> None:
    caller(sandbox).socket().close()
    assert wait_for(lambda: silences(sandbox)) == [0]
    assert sandbox.stats()["connections"] == 1


def test_half_a_request_counts_its_bytes_and_is_not_carried_out(sandbox: Sandbox) -> None:
    head = b"POST /2/tweets HTTP/1.1\r\nContent-Length: 100\r\n\r\n"
    with caller(sandbox).socket() as line:
        line.sendall(head + b'{"text": "half')
    assert wait_for(lambda: silences(sandbox)) == [len(head) + 14]
    assert sandbox.stats()["creates_received"] == 0


def test_a_connection_that_served_a_request_is_not_silent(sandbox: Sandbox) -> None:
    x = caller(sandbox)
    x.posted("Not silent.")
    x.socket().close()
    assert wait_for(lambda: silences(sandbox)) == [0]


def test_x_closes_a_silent_connection_where_it_is_asked_to(sandbox: Sandbox) -> None:
    sandbox.set_faults("silent_close:1:0.2")
    with caller(sandbox).socket() as line:
        assert line.recv(1) == b""
    assert silences(sandbox) == [0]


def test_over_tls_a_silent_connection_counts_zero_bytes_of_a_request_and_stops_nobody(
    tmp_path: Path, certificate: tuple[Path, Path]
) -> None:
    with Sandbox(state=tmp_path / "x.jsonl", certificate=certificate, fsync=False) as sandbox:
        x = caller(sandbox)
        assert sandbox.url.startswith("https://")
        with x.socket() as without_handshake, over_tls(x.socket(), certificate[0]) as silent:
            with over_tls(x.socket(), certificate[0]) as line:
                signed = x.headers("GET", "/2/users/me")["Authorization"]
                host = sandbox.url.removeprefix("https://")
                line.sendall(
                    f"GET /2/users/me HTTP/1.1\r\nHost: {host}\r\nAuthorization: {signed}\r\n\r\n".encode()
                )
                assert line.recv(12) == b"HTTP/1.1 200"
            assert silences(sandbox) == []
            del silent
            without_handshake.close()
        assert set(wait_for(lambda: len(silences(sandbox)) == 2 and silences(sandbox))) == {0}
