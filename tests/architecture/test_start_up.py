"""What a command does not need is not loaded, because people wait for the command line."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
HEAVY = {
    "alembic",
    "apprise",
    "apscheduler",
    "babel",
    "feedparser",
    "jinja2",
    "requests",
    "rich",
    "sqlalchemy",
    "trafilatura",
    "tweepy",
    "yaml",
}


def loaded(*arguments: str) -> set[str]:
    """The packages that a command loads."""
    told = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "bot", *arguments],
        cwd=REPO,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.startswith("Usage: bot")
    lines = (line for line in told.stderr.splitlines() if line.startswith("import time:"))
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in lines}


@pytest.mark.parametrize("arguments", [["--help"], ["queue", "--help"], ["run", "--help"]])
def test_help_loads_no_heavy_library(arguments: list[str]) -> None:
    packages = loaded(*arguments)
    assert "bot" in packages
    assert packages & HEAVY == set()
