"""`bot init`: a new project folder."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.domain.errors import InputError, UsageError
from bot.entrypoints.cli.session import Session, pass_session
from bot.entrypoints.seed import seed_folder, seed_settings

if TYPE_CHECKING:
    from bot.settings import Settings

OWN = 0o600
SHARED = 0o644


@click.command()
@click.argument("folder", metavar="[DIR]", required=False, type=click.Path(path_type=Path))
@pass_session
def init(session: Session, folder: Path | None) -> None:
    """Make a project folder: settings, a campaign with its template, the database. Asks nothing, overwrites nothing.

    \b
    Example:
      bot init announcements
    """
    if folder and session.project:
        raise UsageError("give the folder once: as DIR or as --project")
    home = (folder or session.project or Path()).resolve()
    said = list(_lay_out(home))
    for line in said:
        click.echo(line)
    enter = "" if home == Path.cwd() else f"cd {folder or session.project} && "
    click.echo(
        "\nnext: your account's name and id into schedules/accounts.toml, its keys into .env"
        f"\n      {enter}bot check    shows what is wrong with the records"
        "\n      bot demo     shows all of it at work, without keys"
    )


def _lay_out(home: Path) -> Iterator[str]:
    """Write what is missing; gives a line for each thing that was written or was there."""
    from bot.settings import load_settings  # noqa: PLC0415 - start-up time

    yield _write(home / ".env", seed_settings().read_bytes(), mode=OWN, home=home)
    settings = load_settings(home, project=home)
    for name, target in (("schedules", settings.schedules), ("templates", settings.templates)):
        source = seed_folder() / name
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            yield _write(target / path.relative_to(source), path.read_bytes(), mode=SHARED, home=home)
    yield _make_database(settings, home)


def _write(path: Path, content: bytes, *, mode: int, home: Path) -> str:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    except FileExistsError:
        return f"kept  {_named(path, home)}"
    except OSError as error:
        raise InputError(
            f"{path} cannot be written ({error.strerror}): choose another folder or mend its rights"
        ) from error
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
    return f"wrote {_named(path, home)}" + (" (for your eyes only)" if mode == OWN else "")


def _make_database(settings: Settings, home: Path) -> str:
    from bot.adapters.store.upgrade import upgrade  # noqa: PLC0415 - start-up time

    path = settings.database_path
    was_there = path is not None and path.exists()
    upgrade(settings.database_url)
    return f"{'kept ' if was_there else 'wrote'} {_named(path or home, home)}"


def _named(path: Path, home: Path) -> str:
    return str(path.relative_to(home)) if path.is_relative_to(home) else str(path)
