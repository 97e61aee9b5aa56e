"""The page docs/cli.md: help and JSON keys, taken from the program as it is."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import click

from bot.application.doubt import Doubt, Look, Near
from bot.application.ports.account_states import Pause
from bot.application.ports.campaign_stops import CampaignStop
from bot.application.ports.sender_lock import Holder
from bot.application.withdraw import Going
from bot.domain.announcement import Announcement, Held, Record
from bot.domain.attempt import Attempt
from bot.domain.card import CorrectionCard, Finding
from bot.domain.post import Post, Withdrawal
from bot.domain.states import State
from bot.entrypoints.cli import shapes
from bot.entrypoints.cli.commands import withdraw
from bot.entrypoints.cli.main import cli
from bot.entrypoints.cli.table import COMMANDS
from bot.sandbox.server import Sandbox

ROOT = Path(__file__).parents[1]

HEAD = """# Every command

Written by `scripts/make-cli-docs` from the commands themselves; a test fails when it is out of date.

`python -m bot` is `bot`. `--project DIR` and `--debug` may stand before or after the command. Every command that reads has
`--json`: one JSON document with stable keys (below each command). Instants in JSON are UTC and end with `Z`; `due` beside
`due_at` is for people. Lists of announcements have the same keys everywhere.

| exit code | means |
|---|---|
| 0 | done |
| 1 | the answer is "no", or there are problems |
| 2 | wrong usage |
| 3 | the database or X cannot be reached |
| 4 | settings or keys are missing or wrong |
| 130 | stopped with Ctrl-C |

An error is one line on standard error: what, where (file:line or field), what to do. `bot check --json -` reads one JSON object
with a `text` on each line and answers with one line for each (`weighted_length`, `valid`, `permillage`, `valid_range`,
`problems`); `valid_range` counts UTF-16 units and includes its end, as X's conformance files do.

An announcement is called by its number or its key. Durations are `90s`, `15m`, `2h`, `1d`.
"""

READS: dict[str, list[str]] = {
    "preview": ["preview", "seen"],
    "preview --diff": ["preview", "seen", "--diff"],
    "queue list": ["queue", "list"],
    "queue show": ["queue", "show", "seen"],
    "queue add": ["queue", "add", "--campaign", "rsotenyears", "--body", "Another."],
    "queue import": ["queue", "import", "schedules/announcements.yaml", "--dry-run"],
    "queue sync": ["queue", "sync", "schedules", "--dry-run"],
    "series list": ["series", "list"],
    "series show": ["series", "show", "tip"],
    "series make": ["series", "make", "tip"],
    "status": ["status"],
    "log": ["log"],
    "log verify": ["log", "verify", "--against-account"],
    "reconcile": ["reconcile"],
    "campaign list": ["campaign", "list"],
    "campaign check": ["campaign", "check"],
    "campaign rules": ["campaign", "rules"],
    "campaign next": ["campaign", "next", "rsotenyears"],
    "campaign stop": ["campaign", "stop", "rsotenyears", "--why", "A flood."],
    "campaign resume": ["campaign", "resume", "rsotenyears"],
    "campaign calendar": ["campaign", "calendar", "rsotenyears", "--month", "2035-05"],
    "template check": ["template", "check"],
    "account list": ["account", "list"],
    "account show": ["account", "show", "baliprocessrso"],
    "doctor": ["doctor"],
    "db check": ["db", "check"],
    "check": ["check", "schedules/announcements.yaml"],
    "queue draft": [
        "queue",
        "draft",
        str(ROOT / "tests/data/news/saved/news.html"),
        "--campaign",
        "rsotenyears",
    ],
}
"""What is run for its JSON keys, in a project with one announcement that went out."""


def page() -> str:
    """Make the page."""
    keys = json_keys()
    parts = [HEAD, shared_shapes()]
    for path, command in commands():
        parts.append(
            f"{'##' if ' ' not in path else '###'} bot {path}\n\n```text\n{help_of(path, command)}\n```\n"
        )
        for name, found in keys.items():
            command_path, _, option = name.partition(" --")
            if command_path == path:
                of_option = f" with `--{option}`" if option else ""
                parts.append(f"JSON{of_option}: " + ", ".join(f"`{key}`" for key in found) + "\n")
    return "\n".join(parts)


def shared_shapes() -> str:
    """Say what stands in lists that the seeded project leaves empty, and what commands answer that change an announcement."""
    now = datetime(2026, 1, 1, tzinfo=UTC)
    attempt = Attempt(1, 1, 1, "a", "1", "t", b"{}", "f", None, None, Decimal(0), "w", now)
    known = {
        "An attempt (`queue show`: `attempts[]`; elsewhere `attempt`)": list(shapes.attempt(attempt)),
        "What came near (`near[]` of `reconcile` and `settle`)": ["post_id", "text", "why"],
        "What is not settled (`doubts[]`)": list(shapes.doubt(_doubt(attempt, now))),
        "A reading of the timeline (`readings[]`)": [each.name for each in fields(Look)],
        "What came near it (`near[]` of `doubts[]`)": [each.name for each in fields(Near)],
        "What may be said of it (`choices[]`)": ["command", "effect"],
        "A post to delete (`posts[]` of `withdraw`)": list(withdraw.of_going(_going(now))),
        "What replies to it (`replies[]`)": ["name", "number", "state", "post_id"],
        "Somebody's wish that a post be deleted (`withdrawal`)": [each.name for each in fields(Withdrawal)],
        "What is left to delete (`withdrawing[]` of `status`: an announcement and)": [
            "number",
            "post_id",
            "withdrawal",
        ],
        "What a card corrects (`corrects` of a card)": list(shapes.correction(_correction(now))),
        "A correction and its post (`corrects`, `corrections[]` of `queue show`)": [
            "announcement",
            "state",
            "number",
            "post_id",
        ],
        "A pause (`pauses[]`)": [each.name for each in fields(Pause)],
        "A campaign's stop (`stop`, `stopped_campaigns[]`)": [each.name for each in fields(CampaignStop)],
        "A lock's holder (`lock_holder`)": [each.name for each in fields(Holder)],
        "A finding (`problems[]`, `warnings[]` of a card)": [each.name for each in fields(Finding)],
        "A note of a day (`notes[]` of `campaign next --days` and `calendar`)": ["campaign", "date", "why"],
        "Why it is held (`held`)": [each.name for each in fields(Held)],
    }
    lines = [f"| {what} | {', '.join(f'`{key}`' for key in keys)} |" for what, keys in known.items()]
    table = "\n".join(["| in JSON | keys |", "|---|---|", *lines])
    return (
        "`queue add`, `edit`, `copy`, `submit`, `approve`, `reject`, `reschedule` and `cancel` answer with one\n"
        "`announcement`, which has the keys of `queue list`; `withdraw` beside it with `posts[]`, in the\n"
        "order in which they are deleted, and `cost_usd`. `was_there` is false if somebody had deleted a post before, and\n"
        "null while nothing was deleted. `correct` answers with its `announcement` and `card`, and asks nothing.\n"
        "`reconcile` lists `attempts[]`, each with `announcement`, `settled`, `attempt`, `near` and `why`; `settle` answers\n"
        f"with one of these as `attempt`, and without a decision with `doubts[]`, as `queue show` has them.\n\n{table}\n"
    )


def _going(now: datetime) -> Going:
    post = Post(1, 1, 0, "a", "t", "f", Decimal(0))
    return Going(post, "l", now, "1", "r", (), ((post, "m"),))


def _correction(now: datetime) -> CorrectionCard:
    return CorrectionCard("a", 1, "1", "t", (), now)


def _doubt(attempt: Attempt, now: datetime) -> Doubt:
    announcement = Announcement(1, "a", Record("c"), "a", State.PUBLISHING, None, "w", now, now)
    return Doubt(announcement, attempt, "a", 0, 1, now, timedelta(0), handed_over=False, looks=(), near=())


def commands() -> Iterator[tuple[str, click.Command]]:
    """Walk all commands, groups before what is in them."""
    for name in COMMANDS:
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        yield name, command
        if isinstance(command, click.Group):
            for below in command.list_commands(click.Context(command)):
                found = command.get_command(click.Context(command), below)
                assert found is not None
                yield f"{name} {below}", found


def help_of(path: str, command: click.Command) -> str:
    """Give the help as people see it."""
    names = ["-h", "--help"]
    context = click.Context(command, info_name=f"bot {path}", help_option_names=names, terminal_width=100)
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines())


def json_keys() -> dict[str, list[str]]:
    """Run what reads, and give the keys of its JSON: `a.b[].c`."""
    with tempfile.TemporaryDirectory() as scratch, Sandbox(fsync=False) as sandbox:
        keys = sandbox.credentials()
        environ = {
            "PYTHONPATH": str(ROOT), "X_API_BASE_URL": sandbox.url, "X_API_KEY": keys.api_key, "X_API_SECRET": keys.api_secret,
            "X_ACCESS_TOKEN": keys.access_token, "X_ACCESS_TOKEN_SECRET": keys.access_token_secret, "BOT_TIME_SCALE": "0.02",
        }  # fmt: skip
        project = Path(scratch) / "office"

        def bot(*arguments: str, folder: Path = project) -> str:
            command = [sys.executable, "-m", "bot", *arguments]
            done = subprocess.run(
                command, cwd=folder, env=environ, capture_output=True, text=True, stdin=subprocess.DEVNULL
            )
            return done.stdout

        bot("init", str(project), folder=Path(scratch))
        campaign = project / "schedules" / "rsotenyears.toml"
        campaign.write_text(
            re.sub(r"^(quiet_hours|min_gap).*$", "", campaign.read_text("utf-8"), flags=re.M), "utf-8"
        )
        bot(
            "queue",
            "add",
            "--campaign",
            "rsotenyears",
            "--key",
            "seen",
            "--body",
            "Seen.",
            "--due",
            "2040-01-02 10:00",
        )
        (project / "tips.yaml").write_text(
            "{campaign: rsotenyears, key: tip, body: A tip., due: 2026-01-02 10:00,"
            " repeat: {rule: weekly, ahead: 8d, on_holidays: true}}\n",
            "utf-8",
        )
        bot("queue", "import", "tips.yaml")
        digest = json.loads(bot("preview", "seen", "--json"))["announcements"][0]["digest"]
        bot("queue", "approve", "seen", "--digest", digest)
        bot("queue", "reschedule", "seen", "--due", "now")
        bot("run", "--until-drained")
        return {name: list(paths(json.loads(bot(*arguments, "--json")))) for name, arguments in READS.items()}


def paths(value: Any, before: str = "") -> Iterator[str]:
    """Walk a JSON document and name its keys; what people write themselves (variables, evidence, data) is not walked."""
    if isinstance(value, dict):
        for key, below in value.items():
            here = f"{before}.{key}" if before else key
            yield here
            if key not in ("record", "evidence", "data", "details"):
                yield from paths(below, here)
    elif isinstance(value, list) and value:
        seen: dict[str, None] = {}
        for item in value:
            seen |= dict.fromkeys(paths(item, f"{before}[]"))
        yield from seen
