"""What `docs/howto/house-rules.md` shows of the rules: their table, and how they do on the announcements of the corpus."""

from __future__ import annotations

import re
import shutil
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from bot.adapters.clock import SystemClock
from bot.adapters.store.upgrade import upgrade
from bot.bootstrap import Program
from bot.domain.card import Card
from bot.domain.lint.catalogue import BY_NAME, RULES
from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "howto" / "house-rules.md"
CORPUS = ROOT / "tests" / "lint_corpus"
QUEUED_ON = datetime(2026, 12, 1, 9, tzinfo=UTC)
"""Before every due time of the corpus."""


class _StoppedClock(SystemClock):
    """Shows the day on which the corpus was queued, so that nothing in it is past."""

    def now(self) -> datetime:
        return QUEUED_ON


@dataclass(frozen=True, order=True)
class Said:
    """A finding: the rule that an announcement breaks, and what was said of it."""

    key: str
    rule: str
    message: str = ""


@dataclass(frozen=True)
class Judgement:
    """How the rules did: what they had to find and found or missed, and what they found beside it."""

    announcements: int
    languages: int
    right: list[Said]
    missed: list[Said]
    false: list[Said]

    @property
    def false_share(self) -> float:
        """The share of announcements with at least one false alarm."""
        return len({said.key for said in self.false}) / self.announcements


def judge() -> Judgement:
    """Preview every announcement of the corpus as `bot check` does, and compare what is found with what is there to find."""
    cards = _cards()
    meant = {Said(each["key"], each["rule"]) for each in _meant()}
    found = {
        Said(card.name, each.rule): each.message
        for card in cards
        for each in (*card.problems, *card.warnings)
        if each.rule in BY_NAME
    }
    return Judgement(
        announcements=len(cards),
        languages=len({card.language for card in cards}),
        right=sorted(meant & found.keys()),
        missed=sorted(meant - found.keys()),
        false=sorted(Said(said.key, said.rule, found[said]) for said in found.keys() - meant),
    )


def page(text: str) -> str:
    """Give the page with its made parts anew."""
    for name, lines in (("rules", _rules()), ("corpus", _corpus(judge()))):
        made = "\n".join(lines)
        mark = rf"(<!-- made: {name} -->\n).*?(<!-- end -->)"
        text = re.sub(
            mark, lambda match, made=made: f"{match[1]}\n{made}\n\n{match[2]}", text, flags=re.DOTALL
        )
    return text


def _meant() -> list[dict[str, str]]:
    found: list[dict[str, str]] = tomllib.loads((CORPUS / "findings.toml").read_text("utf-8"))["finding"]
    return found


def _cards() -> list[Card]:
    with tempfile.TemporaryDirectory() as scratch:
        project = Path(scratch)
        for name in ("schedules", "templates"):
            shutil.copytree(ROOT / name, project / name)
        settings = load_settings(project, project=project, environ={"BOT_TIMEZONE": "Asia/Bangkok"})
        upgrade(settings.database_url)
        with closing(Program(settings, clock=_StoppedClock())) as program:
            records = program.files.read(CORPUS / "announcements.yaml").records
            for row in program.intake.take_in(records, actor="corpus"):
                assert row.id is not None
            return program.previewer.upcoming()


def _rules() -> Iterator[str]:
    yield "| rule | about | level | why | source |"
    yield "|---|---|---|---|---|"
    for rule in RULES:
        fixed = ", fixed" if rule.fixed else ""
        yield f"| `{rule.name}` | {rule.topic} | {rule.level}{fixed} | {rule.why} | {rule.source} |"


def _corpus(judged: Judgement) -> Iterator[str]:
    keys = {said.key for said in judged.false}
    yield (
        f"{judged.announcements} announcements in {judged.languages} languages. {len(judged.right)} findings had to be made, "
        f"{len(judged.missed)} were missed. False alarms in {len(keys)} announcements ({judged.false_share:.1%}):"
    )
    yield ""
    yield "| announcement | rule | what it says |"
    yield "|---|---|---|"
    for said in judged.false:
        yield f"| `{said.key}` | `{said.rule}` | {said.message} |"
