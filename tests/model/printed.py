"""Prints at the end of a test run what the model's tests have found: a plug-in of pytest that `tests/conftest.py` asks for."""

from __future__ import annotations

import json

import pytest

from tests.model.told import REGIME_HEAD, TOOTH_HEAD, in_columns

REGIME, TOOTH = "model: regime", "model: tooth"
"""The properties of a test's report by which the rows travel, from other processes too."""


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the rows of every test that ran, whatever became of it."""
    found: dict[str, list[tuple[str, ...]]] = {REGIME: [], TOOTH: []}
    for reports in terminalreporter.stats.values():
        for report in reports:
            for name, row in (
                getattr(report, "user_properties", ()) if getattr(report, "when", "") == "call" else ()
            ):
                if name in found:
                    found[name].append(tuple(json.loads(row)))
    for name, head in ((REGIME, REGIME_HEAD), (TOOTH, TOOTH_HEAD)):
        if found[name]:
            terminalreporter.section(
                f"the model of the protocol: {'regimes' if name == REGIME else 'guards taken out'}"
            )
            for line in in_columns([head, *sorted(set(found[name]))]):
                terminalreporter.write_line(line)
