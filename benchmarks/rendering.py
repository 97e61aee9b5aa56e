"""How long 10,000 records take to render, to be previewed with every house rule, and to be imported.

Run it from the project's folder: python benchmarks/rendering.py [--records 10000] [--json]

Method. Records of eight classes (languages, texts that must be cut, emoji) come by turns, each different in its first
characters, each with a link and the hashtag, through the campaign's own template and the real process that renders with its
limits, one long-lived process for all. Three things are measured, each once and whole:

- rendering alone: a job in, a post out, one after the other, as the program does it;
- preview: the card of each record as `bot preview FILE` makes it: rendered, weighed, and held against the house rules, the
  queue and the campaign's times;
- the commands `bot queue import FILE` and `bot preview FILE --json` on a CSV file of these records, as processes of their own.

`waited` is the time on the wall, `processor` what all processes of it used together. Where others use the machine, too, the
first says more about them than about the program. Memory is the peak of the process that renders (where /proc tells), and of
each command.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot.adapters.store.upgrade import upgrade
from bot.adapters.templates.renderer import LimitedRenderer
from bot.application.ports.renderer import RenderJob
from bot.bootstrap import Program
from bot.domain.announcement import Record
from bot.settings import load_settings

ROOT = Path(__file__).parents[1]
GOAL_SECONDS = 10.0
ZONE = ZoneInfo("Asia/Bangkok")
FIRST_DUE = datetime(2030, 1, 1, 9, tzinfo=ZONE)
APART = timedelta(minutes=20)
A_DAY = 24
"""Records on one day: from nine o'clock to before five, outside of the campaign's quiet hours."""
LINK = "https://www.baliprocess.net/regional-support-office/"

ENGLISH = (
    "The Outcome Report of our Forum is out. In Bangkok, 88 delegates from 24 States discussed technology. "
    "New tools help, and bring risks where nobody reviews what the system decides; members need to see them early. "
)
THAI = "รายงานผลการประชุมครบรอบ 10 ปีว่าด้วยชายแดนและเทคโนโลยีเผยแพร่แล้ว ผู้แทน 88 คนจาก 24 ประเทศสมาชิกร่วมหารือ "
ARABIC = "يسرنا دعوتكم إلى ندوة عبر الإنترنت حول بيانات الحدود يوم الأربعاء 17 مارس 2027 بتوقيت بانكوك. "
CHINESE = "第十届边境与技术论坛成果报告已发布，来自成员国的代表在曼谷讨论了如何用技术打击人口贩运。"
EMOJI = "Done 🎉👏🙌🇹🇭👩‍👩‍👧 "
CLASSES: dict[str, tuple[str, str]] = {
    "English": ("en", ENGLISH[:190]),
    "Thai": ("th", (THAI * 2)[:160]),
    "Arabic": ("ar", ARABIC * 2),
    "Chinese": ("zh", CHINESE * 2),
    "emoji": ("en", EMOJI * 8),
    "English, cut": ("en", ENGLISH * 2),
    "Thai, cut": ("th", THAI * 4),
    "Chinese, cut": ("zh", CHINESE * 5),
}


class Measured(NamedTuple):
    """Seconds on the wall and of the processors, and megabytes at the peak (None where nobody tells)."""

    what: str
    waited: float
    processor: float
    peak: float | None


class Rate(NamedTuple):
    """Records of one class that are rendered in a second of the wall."""

    name: str
    rate: float


def records(count: int) -> Iterator[Record]:
    kinds = list(CLASSES.values())
    for number in range(count):
        language, body = kinds[number % len(kinds)]
        due = FIRST_DUE + timedelta(days=number // A_DAY) + number % A_DAY * APART
        yield Record(
            campaign="rsotenyears",
            key=f"record-{number}",
            title=f"Record {number}",
            body=f"{number:05} {body}",
            language=language,
            link=LINK,
            due=due.strftime("%Y-%m-%d %H:%M"),
        )


def job_of(record: Record) -> RenderJob:
    return RenderJob(
        template="rsotenyears.txt.j2",
        campaign=record.campaign,
        title=record.title,
        body=record.body,
        link=record.link,
        hashtag="RSOtenyears",
        language=record.language or "en",
        handle="baliprocessrso",
        due=FIRST_DUE,
    )


def used() -> float:
    """Seconds of the processors that this process and its ended children used."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def measured(what: str, work: Callable[[], float | None]) -> Measured:
    """Do the work, which gives its peak of memory."""
    waited, processor = time.perf_counter(), used()
    peak = work()
    return Measured(what, time.perf_counter() - waited, used() - processor, peak)


def peak_of(pid: int | None) -> float | None:
    """Megabytes that a process had at the most; of one started by a larger one, the system's own count tells of both."""
    status = Path(f"/proc/{pid}/status")
    if not status.exists():
        return None
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def rendering(jobs: list[RenderJob]) -> float | None:
    with LimitedRenderer(ROOT / "templates") as renderer:
        for job in jobs:
            renderer.render(job)
        return peak_of(renderer.pid)


def rates(count: int) -> list[Rate]:
    """Let each class be rendered by itself."""
    found = []
    with LimitedRenderer(ROOT / "templates") as renderer:
        for name, (language, body) in CLASSES.items():
            jobs = [
                job_of(Record(campaign="c", body=f"{number:05} {body}", language=language, link=LINK))
                for number in range(count)
            ]
            renderer.render(jobs[0])
            began = time.perf_counter()
            for job in jobs:
                renderer.render(job)
            found.append(Rate(name, count / (time.perf_counter() - began)))
    return found


def previewing(folder: Path, some: list[Record]) -> None:
    settings = load_settings(folder, project=folder, environ={"BOT_TIMEZONE": ZONE.key})
    with closing(Program(settings)) as program:
        for record in some:
            program.intake.preview(record, program.previewer)


def project(folder: Path, some: Iterable[Record]) -> Path:
    """Make a project with an empty queue; give the file of the records."""
    for name in ("schedules", "templates"):
        shutil.copytree(ROOT / name, folder / name)
    (folder / ".env").write_text(f"BOT_TIMEZONE={ZONE.key}\n")
    (folder / ".env").chmod(0o600)
    upgrade(f"sqlite:///{folder}/bot.db")
    path = folder / "many.csv"
    fields = ("campaign", "key", "title", "body", "language", "link", "due")
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(fields)
        writer.writerows([getattr(record, field) for field in fields] for record in some)
    return path


def command(folder: Path, *arguments: str) -> float:
    """Run a command of `bot` to its end; give its peak of memory."""
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(running.pid, 0)
    running.returncode = os.waitstatus_to_exitcode(status)
    if running.returncode != 0:
        raise SystemExit(f"bot {' '.join(arguments)} ended with {running.returncode}")
    return usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)


def everything(count: int) -> list[Measured]:
    some = list(records(count))
    jobs = [job_of(record) for record in some]
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        path = project(folder, some)
        return [
            measured("rendering", lambda: rendering(jobs)),
            measured("preview, with the house rules", lambda: previewing(folder, some)),
            measured("bot preview FILE --json", lambda: command(folder, "preview", path.name, "--json")),
            measured("bot queue import FILE", lambda: command(folder, "queue", "import", path.name)),
        ]


def show(count: int, found: list[Measured], by_class: list[Rate]) -> None:
    whole = Table("what", title=f"{count:,} records")
    for column in ("waited, s", "processor, s", "records a second", "peak, MB"):
        whole.add_column(column, justify="right")
    for row in found:
        peak = "" if row.peak is None else f"{row.peak:.0f}"
        whole.add_row(
            row.what, f"{row.waited:.1f}", f"{row.processor:.1f}", f"{count / row.waited:,.0f}", peak
        )
    classes = Table("class", title="rendering alone, records a second")
    classes.add_column("rate", justify="right")
    for rate in by_class:
        classes.add_row(rate.name, f"{rate.rate:,.0f}")
    console = Console()
    console.print(whole)
    console.print(classes)
    verdict = "met" if found[0].waited * 10_000 / count <= GOAL_SECONDS else "missed"
    load, cores = os.getloadavg()[0], os.cpu_count()
    console.print(
        f"goal: 10,000 records rendered in {GOAL_SECONDS:g} s, {verdict}; load {load:.1f} on {cores} cores"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--json", action="store_true", help="print one JSON document instead of tables")
    options = parser.parse_args()
    by_class = rates(max(1, options.records // 20))
    found = everything(options.records)
    if options.json:
        document = {
            "records": options.records,
            "load": os.getloadavg()[0],
            "measured": [row._asdict() for row in found],
            "rates": [row._asdict() for row in by_class],
        }
        print(json.dumps(document))
    else:
        show(options.records, found, by_class)


if __name__ == "__main__":
    main()
