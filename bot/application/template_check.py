"""Tries a template on records that are easily forgotten: `bot template check`."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from bot.application.ports.renderer import Renderer, RenderJob
from bot.domain.account import Account
from bot.domain.campaign import Campaign
from bot.domain.channel_rules import limit_of
from bot.domain.countdown import COUNTDOWN_TO
from bot.domain.errors import RenderError
from bot.domain.text.weighted import weighted_length

EMPTY = "empty"
_LINK = "https://www.baliprocess.net/regional-support-office/"
_LONG = (
    "Delegates from across the region discussed how technology can help to counter people smuggling and trafficking in "
    "persons, and what the officers who use it need: training, equipment, and laws that are explained to the public. "
)
_THAI = (
    "ผู้แทนจากประเทศสมาชิกร่วมหารือเรื่องการใช้เทคโนโลยีต่อต้านการลักลอบขนคนและการค้ามนุษย์ "
    "และสิ่งที่เจ้าหน้าที่ต้องการ ทั้งการฝึกอบรม อุปกรณ์ และกฎหมายที่ประชาชนเข้าใจ "
)
_EMOJI = (
    "Ten years 🎉 of work across borders 🌏 for people on the move 👨‍👩‍👧‍👦 and those who protect them 👮🏽‍♀️ "
)
_SAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("short", {}),
    ("long", {"body": _LONG * 4}),
    ("Thai", {"body": _THAI * 4, "language": "th"}),
    ("emoji", {"body": _EMOJI * 6}),
    ("without a link", {"link": None}),
    ("first of a thread", {"number": 1, "count": 3}),
    ("last of a thread", {"number": 3, "count": 3}),
    (EMPTY, {"title": "", "body": "", "link": None, "due": None}),
)


@dataclass(frozen=True, slots=True)
class Finding:
    """What a template made of one sample: its text, or why there is none. `weighted_length` is 0 without a text."""

    template: str
    sample: str
    limit: int
    text: str = ""
    weighted_length: int = 0
    was_cut: bool = False
    error: str = ""

    @property
    def is_problem(self) -> bool:
        """Tell whether the team has to mend the template.

        A record with nothing in it may come out as nothing, so an error there is only shown.
        """
        return self.weighted_length > self.limit or (bool(self.error) and self.sample != EMPTY)


def sample_jobs(template: str, campaign: Campaign, account: Account) -> Iterator[tuple[str, RenderJob]]:
    """Give the jobs on which a template is tried, each with its sample's name."""
    plain = RenderJob(
        template=template,
        campaign=campaign.name,
        title="The report is out",
        body="The report of the forum is out.",
        link=_LINK,
        hashtag=campaign.hashtag,
        language=campaign.language,
        handle=account.handle,
        due=datetime(2026, 3, 30, 10, 0, tzinfo=ZoneInfo(campaign.timezone)),
        limit=limit_of(account),
        variables={**campaign.variables, COUNTDOWN_TO: "2026-04-09"},
        handles=campaign.handles,
    )
    for name, differs in _SAMPLES:
        yield name, replace(plain, **differs)


def check_template(
    renderer: Renderer,
    template: str,
    campaign: Campaign,
    account: Account,
    *,
    variant_of: str | None = None,
) -> list[Finding]:
    """Render a template with every sample; what does not render is a finding, not an error.

    `variant_of`: the template in whose place this one is taken for the language that its name says.
    """
    jobs = sample_jobs(template, campaign, account)
    if variant_of is not None:
        language = template.rpartition("/")[2].split(".")[1]
        jobs = ((name, replace(job, template=variant_of, language=language)) for name, job in jobs)
    return [replace(_tried(renderer, name, job), template=template) for name, job in jobs]


def variants(templates: Collection[str]) -> dict[str, str]:
    """Tell which of these templates are taken in the place of another one for a language: variant → the other one."""
    found = {}
    for name in templates:
        folder, slash, file = name.rpartition("/")
        parts = file.split(".")
        other = f"{folder}{slash}{'.'.join([parts[0], *parts[2:]])}"
        if len(parts) > 3 and other in templates:
            found[name] = other
    return found


def _tried(renderer: Renderer, name: str, job: RenderJob) -> Finding:
    try:
        rendered = renderer.render(job)
    except RenderError as error:
        return Finding(job.template, name, job.limit, error=str(error))
    length = weighted_length(rendered.text)
    return Finding(job.template, name, job.limit, rendered.text, length, rendered.was_cut)
