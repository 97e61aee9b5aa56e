"""Whom a changed template touches: drafts are rendered with it as it is now, what is approved keeps its text."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.application.ports.announcements import Filter
from bot.application.ports.store import Store
from bot.application.preview import Previewer
from bot.application.since_approval import Basis, since_approval
from bot.domain.announcement import Announcement
from bot.domain.states import State

_RENDERED_ANEW = (State.DRAFT, State.SUBMITTED)
_KEPT = (State.SCHEDULED, State.HELD)
MOST_COMPARED = 200
"""How many approved announcements of a template are rendered again to compare them, the next ones first."""


@dataclass(frozen=True, slots=True)
class TemplateUse:
    """Names of what the queue makes with one template.

    `drafts`: not approved yet, so rendered with the template as it is now. `approved`: they keep their text whatever becomes of
    the template; `would_differ` are those that it would give another text by now, of the first MOST_COMPARED.
    """

    template: str
    drafts: tuple[str, ...]
    approved: tuple[str, ...]
    would_differ: tuple[str, ...]


def template_use(store: Store, previewer: Previewer, templates: Collection[str]) -> list[TemplateUse]:
    """Tell of each of these templates what the queue makes with it. Raises StoreUnavailable."""
    with store.reading() as tx:
        waiting = tx.announcements.list(Filter(states=[*_RENDERED_ANEW, *_KEPT]))
    using: dict[str, list[Announcement]] = defaultdict(list)
    campaigns = previewer.configuration().campaigns
    for each in waiting:
        campaign = campaigns.get(each.record.campaign)
        using[each.record.template or (campaign.template if campaign else "")].append(each)
    return [_use_of(name, using[name], store, previewer) for name in sorted(templates) if name in using]


def _use_of(template: str, using: Sequence[Announcement], store: Store, previewer: Previewer) -> TemplateUse:
    approved = [each for each in using if each.state in _KEPT]
    return TemplateUse(
        template,
        drafts=tuple(each.name for each in using if each.state in _RENDERED_ANEW),
        approved=tuple(each.name for each in approved),
        would_differ=tuple(
            each.name for each in approved[:MOST_COMPARED] if _would_differ(each, store, previewer)
        ),
    )


def _would_differ(announcement: Announcement, store: Store, previewer: Previewer) -> bool:
    compared = since_approval(announcement, store, previewer).compared
    return any(post.differs for each in compared if each.basis is Basis.FROZEN for post in each.posts)
