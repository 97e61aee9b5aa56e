"""X's own cases and the oracle's answers, all through `bot check --json -`, as people outside run it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.unit.text.test_official_cases import cases

ROOT = Path(__file__).parents[2]
GROUPS = (("WeightedTweetsWithDiscountedEmojiCounterTest", 22), ("UnicodeDirectionalMarkerCounterTest", 2))


def check(texts: list[str], folder: Path) -> list[dict[str, Any]]:
    """Send texts through the command, one JSON object a line, and give its answers."""
    lines = "".join(json.dumps({"text": text}) + "\n" for text in texts)
    done = subprocess.run(
        [sys.executable, "-m", "bot", "check", "--json", "-"], cwd=folder, env={"PYTHONPATH": str(ROOT)}, input=lines,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_the_command_counts_the_official_cases_as_x_does(tmp_path: Path) -> None:
    official = [case for group, count in GROUPS for case in cases("validate.yml", group, count)]
    answers = check([case["text"] for case in official], tmp_path)
    assert len(answers) == len(official)
    for case, answer in zip(official, answers, strict=True):
        expected = case["expected"]
        assert (answer["weighted_length"], answer["valid"], answer["permillage"], answer["valid_range"]) == (
            expected["weightedLength"],
            expected["valid"],
            expected["permillage"],
            [expected["validRangeStart"], expected["validRangeEnd"]],
        ), case["description"]


def test_the_command_counts_thousands_of_texts_as_the_oracle_does(tmp_path: Path) -> None:
    rows = json.loads((ROOT / "tests" / "vectors" / "twitter_text.json").read_text("utf-8"))["rows"]
    assert len(rows) >= 3000
    answers = check([row[1] for row in rows], tmp_path)
    for row, answer in zip(rows, answers, strict=True):
        length, valid, permillage = row[2][:3]
        assert (answer["weighted_length"], answer["valid"], answer["permillage"]) == (
            length,
            valid,
            permillage,
        ), row[1]


def test_a_text_of_twenty_thousand_characters_is_counted_while_one_waits(tmp_path: Path) -> None:
    (answer,) = check(["a." * 10_000], tmp_path)
    assert not answer["valid"]
    assert answer["weighted_length"] > 280
