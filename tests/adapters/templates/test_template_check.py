"""`bot template check`: a template is tried on the records that are easily forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.templates.renderer import LimitedRenderer
from bot.application.ports.renderer import Rendered, RenderJob
from bot.application.template_check import Finding, check_template, sample_jobs
from bot.domain.account import Account
from bot.domain.campaign import Campaign
from bot.domain.errors import RenderError
from tests.adapters.templates.studio import TEMPLATES, Studio

CAMPAIGN = Campaign(
    name="rsotenyears",
    account="rso",
    template="rsotenyears.txt.j2",
    timezone="Asia/Bangkok",
    hashtag="RSOtenyears",
    variables={"venue": "Bangkok"},
)
ACCOUNT = Account(name="rso", handle="baliprocessrso", user_id="1")


class OneLetter:
    """A renderer that writes one letter again and again."""

    def __init__(self, letter: str, times: int) -> None:
        self._text = letter * times

    def render(self, job: RenderJob) -> Rendered:
        if not self._text:
            raise RenderError(f"templates/{job.template}: comes out empty with this record")
        return Rendered(self._text)

    def close(self) -> None:
        """Nothing to end."""


def test_the_campaign_s_own_template_passes_with_every_sample() -> None:
    with LimitedRenderer(TEMPLATES) as renderer:
        findings = check_template(renderer, "rsotenyears.txt.j2", CAMPAIGN, ACCOUNT)
    assert [finding.sample for finding in findings if finding.is_problem] == []
    assert {finding.sample: finding.was_cut for finding in findings} == {
        "short": False,
        "long": True,
        "Thai": True,
        "emoji": True,
        "without a link": False,
        "first of a thread": False,
        "last of a thread": False,
        "empty": False,
    }
    assert all(0 < finding.weighted_length <= 280 for finding in findings)


def test_the_samples_carry_what_campaign_and_account_say() -> None:
    for _, job in sample_jobs("a.txt.j2", CAMPAIGN, replace(ACCOUNT, premium=True)):
        assert (job.template, job.hashtag, job.handle, job.limit) == (
            "a.txt.j2",
            "RSOtenyears",
            "baliprocessrso",
            25_000,
        )
        assert job.variables == {"venue": "Bangkok", "countdown_to": "2026-04-09"}


@pytest.mark.parametrize(("times", "problem"), [(140, False), (141, True)])
def test_a_text_beyond_the_limit_is_a_problem(times: int, problem: bool) -> None:
    findings = check_template(OneLetter("字", times), "a.txt.j2", CAMPAIGN, ACCOUNT)
    assert {finding.is_problem for finding in findings} == {problem}
    assert {finding.weighted_length for finding in findings} == {2 * times}


def test_an_error_is_a_problem_but_for_a_record_without_content() -> None:
    findings = check_template(OneLetter("", 0), "a.txt.j2", CAMPAIGN, ACCOUNT)
    assert {finding.error for finding in findings} == {"templates/a.txt.j2: comes out empty with this record"}
    assert [finding.sample for finding in findings if not finding.is_problem] == ["empty"]


def test_a_template_that_forgets_records_without_a_link_is_found_out(studio: Studio) -> None:
    name = studio.write("{{ body|fit }} {{ link.split('/')[2] }}")
    problems = [f for f in check_template(studio.renderer, name, CAMPAIGN, ACCOUNT) if f.is_problem]
    assert [finding.sample for finding in problems] == ["without a link"]
    assert problems[0].error.startswith(f"templates/{name}:1: ")


def test_a_finding_without_a_text_weighs_nothing() -> None:
    assert Finding("a.txt.j2", "short", 280, error="e").weighted_length == 0


def test_a_template_that_counts_the_days_is_tried_whatever_date_the_campaign_names(studio: Studio) -> None:
    name = studio.write("{{ body|fit }} {{ days_left }} days to go")
    for variables in ({}, {"countdown_to": "2020-01-01"}):
        campaign = replace(CAMPAIGN, variables=variables)
        findings = check_template(studio.renderer, name, campaign, ACCOUNT)
        assert not any(each.is_problem for each in findings)
        assert findings[0].text.endswith("10 days to go")
