"""Pages and feeds of the tests, read as the child process reads them, but in this one."""

from __future__ import annotations

from pathlib import Path

from bot.adapters.news.child import news_in
from bot.domain.news import NewsItem

NEWS = Path(__file__).parents[2] / "data" / "news"
SITE = "https://news.example.org/2023/report/"
TITLE = "Outcome Report of the 10th anniversary Border and Technology Forum published"
ALT = "Delegates seated at round tables in a conference hall in Bangkok"
PICTURE = "forum-bangkok-1200x630.jpg"
TEXT = (
    "The Outcome Report of the forum is now available to everybody who wants to read it. "
    "Eighty-eight delegates from twenty-four states met in Bangkok to speak of technology at borders."
)


def items(content: str | bytes, *, media_type: str = "", address: str = SITE) -> list[NewsItem]:
    return news_in(content.encode() if isinstance(content, str) else content, media_type, address)


def page(content: str | bytes, *, media_type: str = "", address: str = SITE) -> NewsItem:
    """The one piece of news of a page."""
    (item,) = items(content, media_type=media_type, address=address)
    return item
