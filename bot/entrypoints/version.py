"""Which version of the program this is."""

from __future__ import annotations

import tomllib
from importlib import metadata
from pathlib import Path


def version() -> str:
    """Give the version: of the installed package, or of the checkout that runs without being installed."""
    try:
        return metadata.version("announcement-bot")
    except metadata.PackageNotFoundError:
        checkout = Path(__file__).parents[2] / "pyproject.toml"
        return str(tomllib.loads(checkout.read_text(encoding="utf-8"))["project"]["version"])
