"""How many texts a second are weighed on one core, by class of text.

Run it from the project's folder: python benchmarks/weighted_length.py [--npm FOLDER] [--json]

Method. Each class has 50 texts that differ in their first characters, so that no answer can come from a cache
keyed by the text. One round weighs all 50 as often as fills about a fifth of a second; of seven rounds the best
counts, because on a shared machine everything that disturbs a round only makes it slower. `parse` also tells
validity and ranges; `weighted_length` gives the weight alone. Nothing is printed or checked within a round.

With `--npm FOLDER` (where `npm install twitter-text@3.1.0` was run) Node weighs the same texts with X's own
library, `parseTweet`, by the same method, and the two must agree on every weight. The last table shows that time
grows with the length of the text and not faster: texts up to 20,000 characters of the kind that is hardest.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.domain.text.links import find_links
from bot.domain.text.weighted import parse, weighted_length

ROUNDS = 7
ROUND_SECONDS = 0.2
GOAL_PLAIN = 100_000

ENGLISH = (
    "The Outcome Report of our Forum is out. In Bangkok, 88 delegates from 24 States discussed technology. "
    "New tools help, and bring risks where nobody reviews what the system decides; members need to see them early."
)
THAI = "รายงานผลการประชุมครบรอบ 10 ปีว่าด้วยชายแดนและเทคโนโลยีเผยแพร่แล้ว ผู้แทน 88 คนจาก 24 ประเทศสมาชิกร่วมหารือ "
CJK = "第十届边境与技术论坛成果报告已发布，来自成员国的代表在曼谷讨论了如何用技术打击人口贩运。"
LINK = " https://www.baliprocess.net/regional-support-office/"
CLASSES: dict[str, Callable[[int], str]] = {
    "plain, 200 characters": lambda n: (f"{n:03} " + ENGLISH)[:200],
    "one link": lambda n: (f"{n:03} " + ENGLISH)[:170] + LINK,
    "bare domain and full stops": lambda n: (f"{n:03} " + ENGLISH)[:170] + " baliprocess.net/a.",
    "Thai, 200": lambda n: (f"{n:03} " + THAI * 3)[:200],
    "Thai and one link": lambda n: (f"{n:03} " + THAI * 3)[:170] + LINK,
    "CJK, 140": lambda n: (f"{n:03} " + CJK * 4)[:140],
    "accents and typography": lambda n: f"{n:03} " + "Überblick – “naïve” café’s récord… " * 6,
    "emoji, 100 single": lambda n: f"{n:03} " + "😀🎉" * 50,
    "emoji, 60 sequences": lambda n: f"{n:03} " + "👨‍👩‍👧👍🏽🇹🇭5️⃣❤️" * 12,
    "newer emoji": lambda n: f"{n:03} " + ENGLISH[:150] + " 🐦‍🔥🫱🏽‍🫲🏿",
}
HARD = {
    "dots": "a.",
    "domains": "a.com.",
    "brackets": "a.co/(",
    "Thai labels": "ก.",
    "joined emoji": "👨\u200d",
}
LENGTHS = (1_250, 5_000, 20_000)

NODE = """
const { createRequire } = require('module');
const found = createRequire(process.argv[1] + '/package.json')('twitter-text');
const library = found.default ?? found;
const { classes, call, rounds, seconds } = JSON.parse(require('fs').readFileSync(0, 'utf8'));
const work = library[call];
const now = () => Number(process.hrtime.bigint()) / 1e9;
const best = (texts) => {
  const once = (times) => {
    const start = now();
    for (let i = 0; i < times; i++) texts.forEach((text) => work(text));
    return now() - start;
  };
  const times = Math.max(1, Math.round(seconds / once(3) * 3));
  return texts.length * times / Math.min(...Array.from({ length: rounds }, () => once(times)));
};
const rows = Object.entries(classes).map(([k, x]) => [k, { rate: best(x), answers: x.map((t) => work(t)) }]);
console.log(JSON.stringify(Object.fromEntries(rows)));
"""


class Row(NamedTuple):
    """Texts a second of one class; `npm` is None where Node was not asked."""

    name: str
    parse: float
    weighted_length: float
    npm: float | None


def rate(weigh: Callable[[str], object], texts: list[str]) -> float:
    """Texts a second in the best of the rounds."""

    def once(times: int) -> float:
        start = time.perf_counter()
        for _ in range(times):
            for text in texts:
                weigh(text)
        return time.perf_counter() - start

    times = max(1, round(ROUND_SECONDS / once(3) * 3))
    return len(texts) * times / min(once(times) for _ in range(ROUNDS))


def by_node(folder: Path, classes: dict[str, list[str]]) -> dict[str, float]:
    """Texts a second of X's own library, once it has given the same weights."""
    told = node_rates(folder, classes, "parseTweet")
    for name, texts in classes.items():
        weights = [answer["weightedLength"] for answer in told[name]["answers"]]
        if weights != [weighted_length(text) for text in texts]:
            raise SystemExit(f"{name}: the library gives other weights")
    return {name: answer["rate"] for name, answer in told.items()}


def node_rates(folder: Path, classes: dict[str, list[str]], call: str) -> dict[str, Any]:
    """For each class: texts a second that a function of X's own library takes, and what it gives for each."""
    task = json.dumps({"classes": classes, "call": call, "rounds": ROUNDS, "seconds": ROUND_SECONDS})
    told = subprocess.run(
        ["node", "-e", NODE, str(folder.resolve())], input=task, capture_output=True, text=True, check=True
    )
    answers: dict[str, Any] = json.loads(told.stdout)
    return answers


def growth() -> dict[str, list[float]]:
    """Milliseconds for one text of each length, best of seven."""

    def weigh(text: str) -> None:
        find_links.cache_clear()  # a text is new but once
        parse(text, 25_000)

    found: dict[str, list[float]] = {}
    for name, unit in HARD.items():
        texts = [(unit * length)[:length] for length in LENGTHS]
        found[name] = [1000 / rate(weigh, [text]) for text in texts]
    return found


def show(rows: list[Row], grown: dict[str, list[float]]) -> None:
    table = Table("class", title="texts a second, one core")
    for column in ("parse", "weighted_length", "npm twitter-text"):
        table.add_column(column, justify="right")
    for row in rows:
        rates = (row.parse, row.weighted_length, row.npm)
        table.add_row(row.name, *("" if one is None else f"{one:,.0f}" for one in rates))
    lengths = Table("made of", title="milliseconds for one text of so many characters")
    for length in LENGTHS:
        lengths.add_column(f"{length:,}", justify="right")
    for name, times in grown.items():
        lengths.add_row(name, *(f"{one:.2f}" for one in times))
    console = Console()
    console.print(table)
    console.print(lengths)
    verdict = "met" if rows[0].parse >= GOAL_PLAIN else "missed"
    console.print(f"goal: {GOAL_PLAIN:,} plain texts a second, {verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--npm", type=Path, help="folder in which twitter-text 3.1.0 is installed")
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    options = parser.parse_args()
    classes = {name: [make(number) for number in range(50)] for name, make in CLASSES.items()}
    node = by_node(options.npm, classes) if options.npm else {}
    rows = [
        Row(name, rate(parse, texts), rate(weighted_length, texts), node.get(name))
        for name, texts in classes.items()
    ]
    grown = growth()
    if options.json:
        print(
            json.dumps(
                {"rates": [row._asdict() for row in rows], "lengths": list(LENGTHS), "milliseconds": grown},
                ensure_ascii=False,
            )
        )
    else:
        show(rows, grown)


if __name__ == "__main__":
    main()
