"""The page of all commands is what the commands say of themselves, and what they print."""

from __future__ import annotations

from scripts.cli_docs import ROOT, commands, help_of, page


def test_the_page_of_commands_is_up_to_date() -> None:
    assert (ROOT / "docs" / "cli.md").read_text("utf-8") == page(), "run scripts/make-cli-docs"


def test_every_command_has_help_with_an_example_of_its_own() -> None:
    for path, command in commands():
        shown = help_of(path, command)
        assert "Example:" in shown, path
        assert f"bot {path.split()[0]}" in shown.split("Example:")[1], path
