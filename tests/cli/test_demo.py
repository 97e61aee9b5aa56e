"""The demo works at any hour of any day, twice in a row, and leaves nothing behind (settled question 17)."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults
from bot.domain.policies import Candidate, Send, Traffic, Wait, decide
from bot.domain.slots import is_holiday
from bot.entrypoints.cli.commands.demo import at_any_hour
from bot.entrypoints.seed import seed_folder

ROOT = Path(__file__).parents[2]
THREE_ON_A_HOLIDAY = datetime(
    2026, 12, 9, 20, 0, tzinfo=UTC
)  # 10 December, 03:00 in Bangkok: Constitution Day


def test_the_demos_campaign_publishes_at_three_in_the_morning_of_a_holiday(tmp_path: Path) -> None:
    for name in ("accounts.toml", "house-words.toml", "rsotenyears.toml"):
        (tmp_path / name).write_text((seed_folder() / "schedules" / name).read_text("utf-8"), "utf-8")
    real = ConfigurationFilesOnDisk(tmp_path, Defaults()).load()
    path = tmp_path / "rsotenyears.toml"
    path.write_text(at_any_hour(path.read_text("utf-8")), "utf-8")
    shown = ConfigurationFilesOnDisk(tmp_path, Defaults()).load()
    campaign = real.campaign("rsotenyears")
    account = real.account_of(campaign)
    post = Candidate(late_from=THREE_ON_A_HOLIDAY, starts=True, cost_usd=Decimal(0))
    assert is_holiday(campaign, THREE_ON_A_HOLIDAY)
    assert isinstance(decide(post, campaign, account, Traffic(), now=THREE_ON_A_HOLIDAY), Wait)
    assert decide(post, shown.campaign("rsotenyears"), account, Traffic(), now=THREE_ON_A_HOLIDAY) == Send()
    same = replace(campaign, quiet_hours=None, slots=(), holidays=frozenset(), min_gap=Defaults().min_gap)
    assert shown.campaign("rsotenyears") == same


def test_the_demo_runs_twice_publishes_all_and_leaves_nothing_behind(tmp_path: Path) -> None:
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "demo"], cwd=tmp_path, env={"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)},
            capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL, timeout=120,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "The sandbox counts 8 posts, 0 doubled." in done.stdout
        assert "The log holds" in done.stdout
        assert list(tmp_path.iterdir()) == []
