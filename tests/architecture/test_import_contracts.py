"""The import contracts of pyproject.toml can break: each does when its rule is broken once."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

REPO = Path(__file__).parents[2]
PROJECT = tomllib.loads((REPO / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract["name"] for contract in PROJECT["tool"]["importlinter"]["contracts"]}

OFFENCES = {
    "layers": ("bot/domain/states.py", "import bot.adapters.clock"),
    "adapters": ("bot/adapters/clock.py", "import bot.adapters.notify"),
    "cycles": ("bot/domain/text/__init__.py", "import bot.domain.fingerprint"),
    "pure": ("bot/application/publish.py", "import socket"),
    "settings": ("bot/adapters/clock.py", "import bot.settings"),
    "sandbox": ("bot/adapters/clock.py", "import bot.sandbox"),
    "signatures": ("bot/adapters/x_api/credentials.py", "import oauthlib"),
    "graphemes": ("bot/adapters/clock.py", "import regex"),
    "formats": ("bot/adapters/config_files/table.py", "import yaml"),
    "holidays": ("bot/adapters/clock.py", "import holidays"),
    "http": ("bot/adapters/notify.py", "import requests"),
    "channel": ("bot/adapters/web/probe.py", "import tweepy"),
    "sql": ("bot/adapters/locks.py", "import sqlalchemy"),
    "templates": ("bot/application/preview.py", "import jinja2"),
    "scheduler": ("bot/application/work.py", "import apscheduler"),
    "recurrence": ("bot/adapters/files/cells.py", "import dateutil.rrule"),
    "watching": ("bot/adapters/files/record_folder.py", "import watchfiles"),
    "notices": ("bot/application/report.py", "import apprise"),
    "dotenv": ("bot/bootstrap/parts.py", "import dotenv"),
    "text": ("bot/adapters/clock.py", "import emoji"),
    "spreadsheets": ("bot/entrypoints/cli/commands/log.py", "import openpyxl"),
    "untrusted XML": ("bot/adapters/clock.py", "import defusedxml"),
    "news": ("bot/adapters/clock.py", "import feedparser"),
    "terminal": ("bot/application/report.py", "import click"),
    "calendars": ("bot/application/calendar_export.py", "import icalendar"),
    "date-words": ("bot/application/plan.py", "import dateparser"),
}


def test_each_contract_breaks_when_its_rule_is_broken(tmp_path: Path) -> None:
    shutil.copytree(REPO / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(REPO / "pyproject.toml", tmp_path)
    for path, line in OFFENCES.values():
        with (tmp_path / path).open("a", encoding="utf-8") as module:
            module.write(f"\n{line}\n")
    lint_imports = Path(sys.executable).parent / "lint-imports"
    answer = subprocess.run(
        [lint_imports, "--no-cache", "--no-logo"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert set(re.findall(r"^(.+) BROKEN$", answer.stdout, re.MULTILINE)) == set(CONTRACTS.values())
    assert OFFENCES.keys() == CONTRACTS.keys(), (
        "a contract without an offence here may be one that cannot break"
    )
