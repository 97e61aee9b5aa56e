"""The locks say what pyproject.toml asks for, exactly, and nothing about where it came from."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
PROJECT = (REPO / "pyproject.toml").read_text(encoding="utf-8")
LOCKS = ["requirements-build.lock", "requirements-dev.lock", "requirements.lock"]
PIN = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z,-]+\])?==(\S+)", re.MULTILINE)


def pins(lock: str) -> dict[str, str]:
    return dict(PIN.findall((REPO / lock).read_text(encoding="utf-8")))


def as_kept() -> dict[str, str]:
    return {name: (REPO / name).read_text(encoding="utf-8") for name in LOCKS}


def written_anew(folder: Path, project: str) -> dict[str, str]:
    """The locks as `make lock` writes them now: from what is cached, and with the package index where that is not enough."""
    for name, text in {**as_kept(), "pyproject.toml": project}.items():
        (folder / name).write_text(text, encoding="utf-8")
    command = [REPO / "scripts" / "lock", folder]
    offline = subprocess.run(command, env={**os.environ, "UV_OFFLINE": "1"}, capture_output=True, check=False)
    if offline.returncode:
        subprocess.run(command, check=True, capture_output=True)
    return {name: (folder / name).read_text(encoding="utf-8") for name in LOCKS}


def test_the_locks_are_in_step_with_what_the_project_asks_for(tmp_path: Path) -> None:
    assert written_anew(tmp_path, PROJECT) == as_kept()


def test_a_dependency_that_the_project_no_longer_asks_for_is_noticed(tmp_path: Path) -> None:
    written = written_anew(tmp_path, re.sub(r'  "msgspec.*\n', "", PROJECT))
    assert "\nmsgspec==" in as_kept()["requirements.lock"]
    assert "\nmsgspec==" not in written["requirements.lock"]


def test_a_package_has_one_version_wherever_it_is_locked() -> None:
    everything = pins("requirements-dev.lock")
    for name in LOCKS:
        assert pins(name).items() <= everything.items()


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_none_says_where_it_came_from(name: str) -> None:
    text = (REPO / name).read_text(encoding="utf-8")
    for entry in re.split(r"\n(?=[a-z0-9])", text)[1:]:
        assert PIN.match(entry), entry
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text
