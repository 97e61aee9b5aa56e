"""`make test` is the whole check, `.ci/run` calls it, and no test can slip out of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
SLIPPERY = """
import pytest

def test_that_skips(): pytest.skip("no browser")

@pytest.mark.skipif(True, reason="not here")
def test_with_a_skip_mark(): pass

@pytest.mark.xfail(reason="known", strict=False)
def test_expected_to_fail(): assert False

@pytest.fixture
def absent(): pytest.skip("no database")
def test_whose_fixture_skips(absent): pass
"""


def run(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, ci: str) -> pytest.RunResult:
    monkeypatch.setenv("CI", ci)
    pytester.makeconftest((REPO / "tests" / "conftest.py").read_text(encoding="utf-8"))
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", "-p", "no:xdist")


def test_in_ci_whatever_is_skipped_or_expected_to_fail_is_a_failure(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(test_slippery=SLIPPERY)
    result = run(pytester, monkeypatch, "true")
    result.stdout.fnmatch_lines(["*in CI nothing may be skipped*no browser*"])
    outcomes = result.parseoutcomes()
    assert outcomes.get("failed", 0) + outcomes.get("errors", 0) == 4
    assert not {"skipped", "xfailed", "passed"} & set(outcomes)


def test_in_ci_a_whole_file_that_is_skipped_is_a_failure(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makepyfile(test_absent="import pytest; pytest.importorskip('no_such_library')")
    assert run(pytester, monkeypatch, "true").ret != 0


def test_a_developer_may_skip(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    pytester.makepyfile(test_slippery=SLIPPERY)
    assert run(pytester, monkeypatch, "").ret == 0


def test_a_test_that_turns_to_the_outside_is_refused(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 192.0.2.0/24 is kept for documentation (RFC 5737); the refusal comes before the first packet.
    pytester.makepyfile(
        test_outside="""
import socket, pytest

def test_outside():
    with socket.socket() as line, pytest.raises(PermissionError, match="this machine only"):
        line.connect(("192.0.2.1", 443))

def test_inside():
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()): pass
"""
    )
    run(pytester, monkeypatch, "true").assert_outcomes(passed=2)


def test_ci_decides_by_make_test_alone() -> None:
    steps = [
        line
        for line in (REPO / ".ci" / "run").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    assert steps == [
        "set -euo pipefail",
        'cd "$(dirname "$0")/.."',
        "export CI=true",
        "exec make --no-print-directory test",
    ]


def test_make_lists_every_command_that_it_has() -> None:
    text = (REPO / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)
    assert phony is not None
    assert set(phony[1].split()) == set(re.findall(r"^([a-z-]+):.* ## .+$", text, re.MULTILINE))
    assert set(phony[1].split()) == set(re.findall(r"^([a-z-]+):", text, re.MULTILINE))
