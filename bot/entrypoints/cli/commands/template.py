"""`bot template`: the templates, tried on sample records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import InputError
from bot.entrypoints.cli.output import print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.template_check import Finding
    from bot.bootstrap import Program


@click.group()
def template() -> None:
    """Render templates with sample records.

    \b
    Example:
      bot template check
    """


@template.command()
@click.argument("templates", nargs=-1, metavar="[TEMPLATE…]")
@click.option("--campaign", help="For this campaign only.")
@json_option
@pass_session
def check(session: Session, templates: tuple[str, ...], campaign: str | None, as_json: bool) -> int:
    """Render templates with records that are easily forgotten: long, Thai, emoji, without a link, in a thread, empty.

    Without a TEMPLATE: that of each campaign. Ends with 1 if one of them has a problem.

    \b
    Example:
      bot template check
      bot template check rsotenyears.txt.j2 --json
    """
    found = _tried(session.program, templates, campaign)
    if as_json:
        print_json({"samples": [_shape(name, finding) for name, finding in found]})
    else:
        print_table(
            ["campaign", "template", "sample", "length", "outcome"],
            [
                [name, f.template, f.sample, f"{f.weighted_length}/{f.limit}", _outcome(f)]
                for name, f in found
            ],
        )
    return 1 if any(finding.is_problem for _, finding in found) else 0


def _tried(program: Program, templates: tuple[str, ...], campaign: str | None) -> list[tuple[str, Finding]]:
    from bot.application.template_check import check_template  # noqa: PLC0415 - start-up time
    from bot.domain.channel_rules import limit_of  # noqa: PLC0415 - start-up time

    configuration = program.configuration()
    names = [campaign] if campaign else sorted(configuration.campaigns)
    if not names:
        raise InputError(f"there is no campaign in {program.settings.schedules}: a template is tried for one")
    found = []
    for each in map(configuration.campaign, names):
        account = configuration.account_of(each)
        for name in templates or (each.template,):
            tried = check_template(program.renderer, name, each, account, limit=limit_of(account))
            found += [(each.name, finding) for finding in tried]
    return found


def _outcome(finding: Finding) -> str:
    if finding.is_problem:
        return f"problem: {finding.error or 'too long'}"
    if finding.error:
        return f"does not render, which an empty record may: {finding.error}"
    return "cut with an ellipsis" if finding.was_cut else "fits"


def _shape(campaign: str, finding: Finding) -> dict[str, Any]:
    return {
        "campaign": campaign,
        "template": finding.template,
        "sample": finding.sample,
        "text": finding.text,
        "weighted_length": finding.weighted_length,
        "limit": finding.limit,
        "was_cut": finding.was_cut,
        "error": finding.error or None,
        "is_problem": finding.is_problem,
    }
