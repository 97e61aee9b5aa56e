"""What holds for every test: how far properties are searched, no skips where it counts, no way to the outside."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

pytest_plugins = ["pytester", "tests.model.printed"]

IN_CI = os.environ.get("CI") == "true"

# `pytest --hypothesis-profile=thorough` for a long search; CI repeats exactly, a developer's runs look elsewhere each time.
settings.register_profile(
    "ci", derandomize=True, database=None, deadline=None, max_examples=60, print_blob=True
)
settings.register_profile("dev", deadline=None, max_examples=60)
settings.register_profile("thorough", deadline=None, max_examples=5_000)
settings.load_profile("ci" if IN_CI else "dev")

# A developer's own settings and keys must reach no test, nor any program that a test starts.
for name in [name for name in os.environ if name.startswith(("BOT_", "X_"))]:
    del os.environ[name]


def _stay_on_this_machine(event: str, arguments: tuple[Any, ...]) -> None:
    """Refuse a connection to anywhere but the loopback addresses, so that no test can reach the real X."""
    if event != "socket.connect" or not isinstance(arguments[1], tuple):
        return
    host = str(arguments[1][0]).partition("%")[0]
    if host != "localhost" and not ipaddress.ip_address(host).is_loopback:
        raise PermissionError(f"a test tried to connect to {host}; tests talk to this machine only")


sys.addaudithook(_stay_on_this_machine)


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if not (IN_CI and report.skipped):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else getattr(report, "wasxfail", "")
    report.outcome = "failed"
    report.longrepr = f"in CI nothing may be skipped or expected to fail: {reason}"
    if hasattr(report, "wasxfail"):
        del report.wasxfail


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    _fail_if_skipped(report)
    return report
