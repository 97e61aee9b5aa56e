"""The wheel is whole: installed into an empty environment, away from the sources, it does what it promises."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

REPO = Path(__file__).parents[2]
UV = str(Path(sys.executable).parent / "uv")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=REPO, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def bot(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command, installed with its locked dependencies and nothing else."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    python = venv / "bin" / "python"
    install = [UV, "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, str(venv)], check=True)
    subprocess.run([*install, "--require-hashes", "-r", str(REPO / "requirements.lock")], check=True)
    subprocess.run([*install, "--no-deps", str(wheel)], check=True)
    return venv / "bin" / "bot"


def run(command: Path, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [command, *arguments],
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_templates_schedules_and_the_example_settings_are_in_the_wheel(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    shipped = {
        f"bot/_data/{path.relative_to(REPO)}"
        for folder in ("templates", "schedules")
        for path in (REPO / folder).rglob("*")
        if path.is_file()
    }
    assert shipped
    assert shipped <= names
    assert "bot/_data/env.example" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_nothing_but_the_program_is_in_the_wheel(wheel: Path) -> None:
    tops = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"bot"}
    assert not [name for name in zipfile.ZipFile(wheel).namelist() if name.endswith((".pyc", ".env", ".db"))]


def test_the_installed_program_makes_a_project_that_it_finds_in_order(bot: Path, tmp_path: Path) -> None:
    made = run(bot, "init", "project", folder=tmp_path)
    assert made.returncode == 0, made.stderr
    checked = run(bot, "campaign", "check", folder=tmp_path / "project")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_the_installed_program_shows_its_demo(bot: Path, tmp_path: Path) -> None:
    shown = run(bot, "demo", folder=tmp_path)
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert list(tmp_path.iterdir()) == [], "the demo works in a folder of its own"
