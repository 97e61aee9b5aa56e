"""What a new project begins with: from the repository in a checkout, from the package's data in an installation."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]


def seed_folder() -> Path:
    """Give the folder that holds `templates/` and `schedules/`."""
    packed = PACKAGE / "_data"
    return packed if packed.is_dir() else PACKAGE.parent


def seed_settings() -> Path:
    """Give the file with the settings to begin with."""
    packed = PACKAGE / "_data" / "env.example"
    return packed if packed.is_file() else PACKAGE.parent / ".env.example"
