"""Does a record become posts? Rendered and weighed as for its preview, and quickly enough for a file of many thousands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.application.ports.configuration import Configuration
from bot.application.ports.renderer import Renderer
from bot.application.render_jobs import job_for
from bot.application.thread_posts import posts_of
from bot.domain.announcement import Due, Record
from bot.domain.card import Finding
from bot.domain.channel_rules import problems_of_post, problems_of_record


@dataclass(frozen=True, slots=True)
class RenderCheck:
    """Finds what the texts of a record would be refused for.

    What the queue, the house rules and the files of its media say against it, the preview tells: that takes many times as long.
    """

    renderer: Renderer
    configuration: Callable[[], Configuration]

    def problems(self, record: Record, due: Due | None, embargo: Due | None) -> Sequence[Finding]:
        """Render all posts of a record and give every problem of their texts. Raises InputError for an unknown campaign."""
        configuration = self.configuration()
        campaign = configuration.campaign(record.campaign)
        account = configuration.account_of(campaign, record)
        job = job_for(record, campaign, account, due, embargo)
        posts, problems = posts_of(record, job, self.renderer)
        found = [*problems, *problems_of_record(record, account)]
        for number, post in enumerate(posts, start=1):
            found += problems_of_post(post.text, account, number)
        return found
