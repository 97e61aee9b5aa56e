"""How many posts a second are held against the house rules on one core, by class of text.

Run it from the project's folder: python benchmarks/lint.py [--npm FOLDER] [--json]

Method. As in `weighted_length.py`: 50 texts a class that differ in their first characters, all 50 as often as fills about a
fifth of a second, the best of seven rounds. Each post is looked at with every rule that is on by itself, the lists of
`schedules/house-words.toml`, a hashtag and a due time; `all rules` has those on, too, that are off by themselves. What is
measured is the check alone, without rendering.

No program that we know of holds posts against such rules. For scale, with `--npm FOLDER` (where `npm install
twitter-text@3.1.0` was run) Node finds links, hashtags, mentions and cashtags in the same texts with X's own library
(`extractEntitiesWithIndices`), which is where every check begins and only the beginning of it.

The last table shows that time grows with the length of the text and not
faster, for texts made of what each rule finds hardest.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.weighted_length import node_rates
from bot.adapters.config_files import ConfigurationFilesOnDisk, Defaults
from bot.domain.lint.catalogue import RULES
from bot.domain.lint.check import house_findings
from bot.domain.lint.house import HouseRules
from bot.domain.lint.post_text import PostText
from bot.domain.lint.rule import Level
from bot.domain.lint.subject import Subject
from bot.domain.text.links import find_links

ROOT = Path(__file__).parents[1]
ROUNDS = 7
ROUND_SECONDS = 0.2
DUE = datetime(2027, 3, 1, 10, 5, tzinfo=UTC)

ENGLISH = (
    "The Outcome Report of our Forum is out. In Bangkok, 88 delegates from 24 States discussed technology. "
    "New tools help, and bring risks where nobody reviews what the system decides; members need to see them early."
)
THAI = "รายงานผลการประชุมครบรอบ 10 ปีว่าด้วยชายแดนและเทคโนโลยีเผยแพร่แล้ว ผู้แทน 88 คนจาก 24 ประเทศสมาชิกร่วมหารือ "
ARABIC = "يسرنا دعوتكم إلى ندوة عبر الإنترنت حول بيانات الحدود يوم الأربعاء 17 مارس 2027 بتوقيت بانكوك. "
CJK = "第十届边境与技术论坛成果报告已发布，来自成员国的代表在曼谷讨论了如何用技术打击人口贩运。"
TAIL = "\n\nhttps://www.baliprocess.net/regional-support-office/\n#RSOtenyears"
CLASSES: dict[str, tuple[str, Callable[[int], str]]] = {
    "English, 200 characters": ("en", lambda n: (f"{n:03} " + ENGLISH)[:200]),
    "English, link and hashtag": ("en", lambda n: (f"{n:03} " + ENGLISH)[:200] + TAIL),
    "dates and times": (
        "en",
        lambda n: f"{n:03} Register by Monday, 8 March 2027, 3 pm Bangkok time. " * 3 + TAIL,
    ),
    "mentions and acronyms": (
        "en",
        lambda n: f"{n:03} The DTAC, the MSWG and @UNODC met the IOM and @Nobody. " * 3 + TAIL,
    ),
    "Thai, link and hashtag": ("th", lambda n: (f"{n:03} " + THAI * 3)[:200] + TAIL),
    "Arabic, link and hashtag": ("ar", lambda n: (f"{n:03} " + ARABIC * 3)[:200] + TAIL),
    "Chinese, 120": ("zh", lambda n: (f"{n:03} " + CJK * 4)[:120] + TAIL),
    "emoji, 60": ("en", lambda n: f"{n:03} Done " + "🎉👏🙌🇹🇭👩‍👩‍👧" * 12 + TAIL),
}
HARD = {
    "capitals": "DTAC MSW ",
    "hashtags": "#stop ",
    "hashtags in one word": "stopworld",
    "emoji": "🎉 ",
    "dates": "Monday 9 March will ",
    "relative days": "today tomorrow ",
    "brackets": "[",
    "tags": "<b ",
    "stars": "** ",
    "braces": "{",
    "spaces": "  ",
    "direction marks": "\u200f",
    "two alphabets": "aа",
    "domains": "a.com.",
    "mentions": "@ab ",
    "Thai": "ก",
    "Arabic": "ال",
}
LENGTHS = (1_250, 5_000, 20_000)


class Row(NamedTuple):
    """Posts a second of one class; `npm` is None where Node was not asked."""

    name: str
    usual: float
    all_rules: float
    npm: float | None


def rate(texts: list[str], language: str, house: HouseRules) -> float:
    """Posts a second in the best of the rounds."""

    def look(text: str) -> None:
        find_links.cache_clear()  # a text is new but once
        posts = (PostText(text, 1, language),)
        subject = Subject(
            posts, language, house=house, hashtag="RSOtenyears", handle="baliprocessrso", due=DUE
        )
        for _ in house_findings(subject):
            pass

    def once(times: int) -> float:
        start = time.perf_counter()
        for _ in range(times):
            for text in texts:
                look(text)
        return time.perf_counter() - start

    times = max(1, round(ROUND_SECONDS / once(1)))
    return len(texts) * times / min(once(times) for _ in range(ROUNDS))


def growth(house: HouseRules) -> dict[str, list[float]]:
    """Milliseconds for one text of each length, with every rule on."""
    return {
        name: [1000 / rate([(unit * length)[:length]], "en", house) for length in LENGTHS]
        for name, unit in HARD.items()
    }


def show(rows: list[Row], grown: dict[str, list[float]]) -> None:
    table = Table("class", title="posts a second, one core")
    for column in ("usual rules", "all rules", "npm, entities alone"):
        table.add_column(column, justify="right")
    for row in rows:
        rates = (row.usual, row.all_rules, row.npm)
        table.add_row(row.name, *("" if one is None else f"{one:,.0f}" for one in rates))
    lengths = Table("made of", title="milliseconds for one text of so many characters, all rules")
    for length in LENGTHS:
        lengths.add_column(f"{length:,}", justify="right")
    for name, times in grown.items():
        lengths.add_row(name, *(f"{one:.1f}" for one in times))
    console = Console()
    console.print(table)
    console.print(lengths)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--npm", type=Path, help="folder in which twitter-text 3.1.0 is installed")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    options = parser.parse_args()
    campaign = ConfigurationFilesOnDisk(ROOT / "schedules", Defaults()).load().campaign("rsotenyears")
    everything = HouseRules({rule.name: Level.WARNING for rule in RULES}, campaign.lint.lists)
    classes = {name: [make(number) for number in range(50)] for name, (_, make) in CLASSES.items()}
    node = node_rates(options.npm, classes, "extractEntitiesWithIndices") if options.npm else {}
    rows = []
    for name, (language, _) in CLASSES.items():
        usual, all_rules = (rate(classes[name], language, house) for house in (campaign.lint, everything))
        rows.append(Row(name, usual, all_rules, node[name]["rate"] if node else None))
    grown = growth(everything)
    if options.json:
        print(
            json.dumps(
                {"rates": [row._asdict() for row in rows], "lengths": list(LENGTHS), "milliseconds": grown}
            )
        )
    else:
        show(rows, grown)


if __name__ == "__main__":
    main()
