"""How long people wait for the command line: `bot --help`, and `bot queue list` with 10,000 announcements queued.

Method: a throw-away project is filled by `bot queue import` with a CSV file of N announcements. Then each command runs as a
process of its own, RUNS times in turn (A, B, A, B, …), standard output to a pipe; the best and the median of the wall-clock
time are shown. The best is what the command costs, the median what the machine made of it. The interpreter alone is shown
beside them.

    .venv/bin/python benchmarks/command_line.py [--announcements 10000] [--runs 10]
"""

from __future__ import annotations

import argparse
import csv
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

BOT = [sys.executable, "-m", "bot"]
GOALS = {"bot --help": 150, "bot queue list": 500}


def fill(folder: Path, announcements: int) -> float:
    """Make a project with so many announcements; gives the seconds that their import took."""
    subprocess.run([*BOT, "init", str(folder)], check=True, capture_output=True, stdin=subprocess.DEVNULL)
    path = folder / "many.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["campaign", "key", "title", "body", "due"])
        for number in range(announcements):
            due = f"{2030 + number % 20}-{number % 12 + 1:02}-{number % 28 + 1:02} 10:{number % 60:02}"
            writer.writerow(
                ["rsotenyears", f"key-{number}", f"Title {number}", f"Announcement number {number}.", due]
            )
    began = time.perf_counter()
    subprocess.run([*BOT, "queue", "import", str(path)], check=True, capture_output=True, cwd=folder)
    return time.perf_counter() - began


def measure(folder: Path, runs: int) -> dict[str, list[float]]:
    """Run each command in turn; milliseconds."""
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "bot --help": [*BOT, "--help"],
        "bot queue list": [*BOT, "queue", "list"],
        "bot queue list --json": [*BOT, "queue", "list", "--json"],
        "bot status --json": [*BOT, "status", "--json"],
    }
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            began = time.perf_counter()
            subprocess.run(command, cwd=folder, capture_output=True, check=False)
            if turn:  # the first turn fills the caches
                taken[name].append((time.perf_counter() - began) * 1000)
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--announcements", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=10)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / "office"
        seconds = fill(folder, given.announcements)
        taken = measure(folder, given.runs)
    table = Table(
        title=f"{given.announcements:,} announcements queued in {seconds:.1f} s; {given.runs} runs, milliseconds"
    )
    for column in ("command", "best", "median", "goal (best)"):
        table.add_column(column, justify="left" if column == "command" else "right")
    for name, times in taken.items():
        table.add_row(name, f"{min(times):.0f}", f"{statistics.median(times):.0f}", str(GOALS.get(name, "")))
    Console().print(table)


if __name__ == "__main__":
    main()
