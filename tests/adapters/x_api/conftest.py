from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.adapters.x_api.client import XChannel
from bot.adapters.x_api.endpoint import RequestTimes
from bot.application.ports.clock import Clock
from tests.adapters.x_api.given import CREDENTIALS, Recorder, RunningClock
from tests.certificates import Certificate, self_signed

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


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """A certificate for 127.0.0.1 that nobody signed but itself."""
    return self_signed(tmp_path_factory.mktemp("tls"), "IP:127.0.0.1")
