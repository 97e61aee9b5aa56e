"""What the repository as a whole must and must not hold."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

REPO = Path(__file__).parents[2]
MACHINE_PATH = re.compile(r"(?<![\w./~-])/(?:root|home|work|Users)/\w")
CHANGES = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
RECORD_PARTS = ["Context", "Decision", "Consequences"]


def tracked() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=REPO, capture_output=True, text=True, check=True)
    return [path for name in listed.stdout.split("\0") if name and (path := REPO / name).is_file()]


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    found = []
    for path in tracked():
        content = path.read_bytes()
        if b"\0" in content:
            continue
        for number, line in enumerate(content.decode("utf-8", "replace").splitlines(), 1):
            if MACHINE_PATH.search(line):
                found.append(f"{path.relative_to(REPO)}:{number} {line.strip()[:80]}")
    assert found == []


def test_no_secret_and_no_database_is_kept() -> None:
    names = {path.name for path in tracked()}
    assert ".env" not in names
    assert [name for name in names if name.endswith((".db", ".db-wal", ".db-shm", ".pem", ".key"))] == []


def test_the_changelog_has_room_for_what_comes_next_and_known_headings() -> None:
    text = (REPO / "CHANGELOG.md").read_text(encoding="utf-8")
    releases = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert releases[0] == "[Unreleased]"
    assert [
        name for name in releases[1:] if not re.fullmatch(r"\[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", name)
    ] == []
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= CHANGES


def test_decisions_are_numbered_one_after_the_other_and_have_three_parts() -> None:
    records = sorted((REPO / "docs" / "decisions").glob("*.md"))
    assert [record.name[:5] for record in records] == [f"{number:04}-" for number in range(len(records))]
    for record in records:
        parts = re.findall(r"^## (.+)$", record.read_text(encoding="utf-8"), re.MULTILINE)
        assert parts == RECORD_PARTS, f"{record.name} has the parts {parts}"
