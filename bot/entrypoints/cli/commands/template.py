"""`bot template`: the templates, tried on sample records."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from bot.domain.errors import InputError, StoreUnavailable
from bot.entrypoints.cli.output import clean, print_json, print_table
from bot.entrypoints.cli.session import Session, json_option, pass_session

if TYPE_CHECKING:
    from bot.application.template_check import Finding
    from bot.application.template_use import TemplateUse
    from bot.bootstrap import Program
    from bot.domain.campaign import Campaign

MOST_LISTED = 10


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
@click.option("--texts", is_flag=True, help="Show the texts that come out, too.")
@json_option
@pass_session
def check(
    session: Session, templates: tuple[str, ...], campaign: str | None, texts: bool, as_json: bool
) -> int:
    """Render templates with records that are easily forgotten: long, Thai, emoji, without a link, in a thread, empty.

    Without a TEMPLATE: each of the templates folder, those that no campaign names for the first campaign. Says which drafts a
    template touches: what is approved keeps its text. Ends with 1 if a template has a problem.

    \b
    Example:
      bot template check
      bot template check rsotenyears.txt.j2 --texts
    """
    found = _tried(session.program, templates, campaign)
    uses = _uses(session.program, {finding.template for _, finding in found})
    if as_json:
        samples = [_shape(name, finding) for name, finding in found]
        print_json({"samples": samples, "uses": [asdict(use) for use in uses]})
        return _code(found)
    print_table(
        ["campaign", "template", "sample", "length", "outcome"],
        [[name, f.template, f.sample, f"{f.weighted_length}/{f.limit}", _outcome(f)] for name, f in found],
    )
    if texts:
        for _, finding in found:
            click.echo(f"\n{finding.template}, {finding.sample}:")
            click.echo(indent(clean(finding.text), "  "))
    for use in uses:
        for line in _said_of(use):
            click.echo(line)
    return _code(found)


def _code(found: list[tuple[str, Finding]]) -> int:
    return 1 if any(finding.is_problem for _, finding in found) else 0


def _tried(program: Program, templates: tuple[str, ...], campaign: str | None) -> list[tuple[str, Finding]]:
    from bot.application.template_check import check_template, variants  # noqa: PLC0415 - start-up time

    configuration = program.configuration()
    names = [campaign] if campaign else sorted(configuration.campaigns)
    if not names:
        raise InputError(f"there is no campaign in {program.settings.schedules}: a template is tried for one")
    campaigns = [configuration.campaign(name) for name in names]
    there = program.template_names()
    in_place_of = variants(there)
    found = []
    for each, name in _chosen(campaigns, templates, there):
        account = configuration.account_of(each)
        tried = check_template(program.renderer, name, each, account, variant_of=in_place_of.get(name))
        found += [(each.name, finding) for finding in tried]
    return found


def _chosen(
    campaigns: Sequence[Campaign], templates: Sequence[str], there: Sequence[str]
) -> Iterator[tuple[Campaign, str]]:
    if templates:
        yield from ((each, name) for each in campaigns for name in templates)
        return
    yield from ((each, each.template) for each in campaigns)
    named = {each.template for each in campaigns}
    yield from ((campaigns[0], name) for name in there if name not in named)


def _uses(program: Program, templates: Collection[str]) -> list[TemplateUse]:
    from bot.application.template_use import template_use  # noqa: PLC0415 - start-up time

    try:
        return template_use(program.store, program.previewer, templates)
    except StoreUnavailable as error:
        click.echo(f"warning: nothing can be said of the drafts that this touches: {error}", err=True)
        return []


def _said_of(use: TemplateUse) -> Iterator[str]:
    if use.drafts:
        yield f"{use.template} touches {len(use.drafts)} not approved yet: {_listed(use.drafts)}"
    if use.approved:
        yield f"{use.template}: {len(use.approved)} approved keep the text that was approved"
    if use.would_differ:
        one = use.would_differ[0]
        yield (
            f"{use.template} would give another text by now to {_listed(use.would_differ)}: "
            f"`bot preview {one} --diff` shows it"
        )


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_LISTED
    return ", ".join(names[:MOST_LISTED]) + (f" and {more} more" if more > 0 else "")


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
