"""`bot queue export`: the queue as a file, which `bot queue import` takes back without a change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bot.domain.errors import UsageError
from bot.entrypoints.cli.filters import filter_options, wanted
from bot.entrypoints.cli.output import print_bytes
from bot.entrypoints.cli.output_file import write_new
from bot.entrypoints.cli.session import Session, json_option, pass_session

FORMATS = ("csv", "xlsx", "json", "yaml")
_BY_ENDING = {f".{form}": form for form in FORMATS} | {".yml": "yaml"}


@click.command()
@click.option("--format", "form", type=click.Choice(FORMATS), help="By the ending of --output, or csv.")
@click.option("--output", type=click.Path(path_type=Path), help="The file to write; else standard output.")
@click.option("--force", is_flag=True, help="Write over a file that lies there.")
@filter_options
@json_option
@pass_session
def export(
    session: Session, /, form: str | None, output: Path | None, force: bool, as_json: bool, **filters: Any
) -> None:
    """Write the queue as records: for a spreadsheet, or for another program. The import takes it back without a change.

    Every record has its key; one that was queued without a key has the name by which the import finds it (auto:...).
    What is changed in the file is an edit, whose approval goes. --json is short for --format json.

    \b
    Example:
      bot queue export --output april.xlsx --campaign rsotenyears
      bot queue import april.xlsx --dry-run
    """
    from bot.adapters.files.exports import write_records  # noqa: PLC0415 - start-up time

    form = "json" if as_json else form or (_BY_ENDING.get(output.suffix.lower()) if output else None) or "csv"
    if output is None and form == "xlsx":
        raise UsageError("--format xlsx needs --output FILE")
    found = session.program.report.records(wanted(**filters))
    data = write_records(found.records, form)
    if found.corrections:
        click.echo(
            f"note: corrections of posts are left out ({found.corrections}): no file can bring one", err=True
        )
    if output is None:
        print_bytes(data)
        return
    write_new(output, data, force=force)
    count = len(found.records)
    click.echo(f"{output}: {count} {'announcement' if count == 1 else 'announcements'}", err=True)
