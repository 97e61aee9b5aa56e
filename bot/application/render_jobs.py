"""What a record's posts are rendered from."""

from __future__ import annotations

from bot.application.ports.renderer import RenderJob
from bot.domain.account import Account
from bot.domain.announcement import Due, Record
from bot.domain.campaign import Campaign
from bot.domain.channel_rules import limit_of
from bot.domain.walltime import in_zone


def job_for(
    record: Record, campaign: Campaign, account: Account, due: Due | None, embargo: Due | None
) -> RenderJob:
    """Give the job of a record; the body and its place in the thread are those of each post (`thread_posts.py`)."""
    return RenderJob(
        template=record.template or campaign.template,
        campaign=campaign.name,
        title=record.title,
        body="",
        link=record.link,
        hashtag=campaign.hashtag,
        language=record.language or campaign.language,
        handle=account.handle,
        due=in_zone(due.at, campaign.timezone) if due else None,
        embargo=in_zone(embargo.at, campaign.timezone) if embargo else None,
        limit=limit_of(account),
        variables={**campaign.variables, **record.variables},
        handles=campaign.handles,
    )
