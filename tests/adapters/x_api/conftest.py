from __future__ import annotations

import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.adapters.x_api.client import XChannel
from bot.adapters.x_api.endpoint import RequestTimes
from bot.application.ports.clock import Clock
from tests.adapters.x_api.given import CREDENTIALS, Recorder, RunningClock

MakeChannel = Callable[..., XChannel]


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


@pytest.fixture
def make_channel(recorder: Recorder) -> MakeChannel:
    """Make the channel for a base URL; times are long, so that a busy machine fails no test."""

    def make(
        base_url: str,
        *,
        times: RequestTimes | None = None,
        clock: Clock | None = None,
        **settings: str | None,
    ) -> XChannel:
        return XChannel(
            CREDENTIALS,
            base_url=base_url,
            times=times or RequestTimes(connect=10, read=20, total=40),
            clock=clock or RunningClock(),
            checkpoint=recorder,
            **settings,
        )

    return make


@dataclass(frozen=True)
class Certificate:
    """A file for the client to trust, and what the server shows."""

    pem: str
    server: ssl.SSLContext


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for 127.0.0.1 that nobody signed but itself."""
    folder = tmp_path_factory.mktemp("tls")
    key, pem = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(_openssl(key, pem), check=True, capture_output=True)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem, key)
    return Certificate(str(pem), server)


def _openssl(key: Path, pem: Path) -> list[str]:
    kind = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    return ["openssl", "req", "-x509", *kind, *names, "-keyout", str(key), "-out", str(pem)]
