"""`bot completion`: the script that lets a shell complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a shell: bash, zsh or fish.

    \b
    Example:
      bot completion bash >> ~/.bashrc
      bot completion zsh >> ~/.zshrc
      bot completion fish > ~/.config/fish/completions/bot.fish
    """
    found = get_completion_class(shell)
    assert found is not None  # noqa: S101 - each of the choices has one
    click.echo(found(ctx.find_root().command, {}, "bot", "_BOT_COMPLETE").source())
