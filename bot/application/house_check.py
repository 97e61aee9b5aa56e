"""Hold a card against the house rules of its campaign."""

from __future__ import annotations

from dataclasses import replace

from bot.application.correction_card import hashtag_asked_of
from bot.domain.announcement import Record
from bot.domain.campaign import Campaign
from bot.domain.card import Card
from bot.domain.lint.check import by_level, house_findings
from bot.domain.lint.post_text import PostText
from bot.domain.lint.subject import Subject
from bot.domain.walltime import in_zone


def by_house_rules(card: Card, record: Record, campaign: Campaign) -> Card:
    """Add what breaks a house rule, and give every finding the level that the campaign wants.

    What an approval has frozen cannot be mended any more: there a problem of these rules is told as a warning.
    """
    found = list(house_findings(_subject(card, record, campaign)))
    if card.frozen:
        stricter, milder = by_level((), [*card.warnings, *found], campaign.lint)
        return replace(card, warnings=(*stricter, *milder))
    problems, warnings = by_level(card.problems, [*card.warnings, *found], campaign.lint)
    return replace(card, problems=tuple(problems), warnings=tuple(warnings))


def _subject(card: Card, record: Record, campaign: Campaign) -> Subject:
    posts = tuple(
        PostText(post.text, number, card.language, post.limit)
        for number, post in enumerate(card.posts, start=1)
    )
    return Subject(
        posts=posts,
        language=card.language,
        house=campaign.lint,
        hashtag=hashtag_asked_of(card, campaign.hashtag),
        handle=card.handle,
        handles=frozenset(campaign.handles.values()),
        due=in_zone(card.due.at, campaign.timezone) if card.due else None,
        media=record.media,
        variables=record.variables,
        notes=record.notes,
        name=card.name,
        languages=() if card.corrects else campaign.languages,  # a new version of one post has no family
        family=card.family,
        translation_of=record.translation_of,
    )
