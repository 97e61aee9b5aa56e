"""`bot sandbox`: the stand-in of X, as a process of its own."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from bot.domain.errors import UsageError


@click.command()
@click.option("--port", default=8080, show_default=True, help="0 takes a free one.")
@click.option("--state", metavar="FILE", type=click.Path(path_type=Path), help="Keep its posts in this file.")
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="KIND[:COUNT|:P%][:SECONDS]",
    help="Misbehave; may be repeated.",
)
@click.option("--no-limits", is_flag=True, help="Without X's rate limits.")
@click.option("--allow-duplicates", is_flag=True, help="Without X's refusal of repeated texts.")
@click.option(
    "--premium", is_flag=True, help="Its account has X Premium: long posts, and edits within the hour."
)
@click.option(
    "--access",
    type=click.Choice(["self-serve", "enterprise"]),
    default="self-serve",
    show_default=True,
    help="What its account may do.",
)
@click.option("--seed", default=1, show_default=True, help="The same seed draws the same faults.")
def sandbox(  # noqa: PLR0913 - click gives each option by name
    port: int,
    state: Path | None,
    faults: tuple[str, ...],
    no_limits: bool,
    allow_duplicates: bool,
    premium: bool,
    access: str,
    seed: int,
) -> None:
    """Run the stand-in of X: put its address into X_API_BASE_URL. Its page shows the timeline as readers would see it.

    \b
    Example:
      bot sandbox --port 8080
      bot sandbox --fault break_after:30% --fault lag:100%:2
    """
    from bot.sandbox.accounts import DEFAULT  # noqa: PLC0415 - start-up time
    from bot.sandbox.faults import parse_fault  # noqa: PLC0415 - start-up time
    from bot.sandbox.server import run  # noqa: PLC0415 - start-up time

    try:
        for fault in faults:
            parse_fault(fault)
    except ValueError as error:
        raise UsageError(str(error)) from None
    run(
        port=port,
        state=state,
        faults=faults,
        limits=not no_limits,
        duplicates=not allow_duplicates,
        seed=seed,
        accounts=[replace(DEFAULT, premium=premium, access=access)],
    )
