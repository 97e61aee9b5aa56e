"""A page with one piece of news: as a site serves it, or as a browser saved it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import lxml.html
from lxml import etree

from bot.adapters.news.clean import (
    ALT,
    TITLE,
    address_of,
    host_of,
    identity_of,
    language_of,
    link_of,
    moment_of,
    tidy,
    unnamed,
)
from bot.adapters.news.linked_data import Article, article_in
from bot.adapters.news.pictures import Seen, merged, pictures_in
from bot.adapters.news.summaries import summary_of
from bot.domain.news import NewsItem, NewsPicture

# Chrome and its kin: `<!-- saved from url=(0051)https://www.example.org/news/ -->`, the number being the address's length.
_SAVED_FROM = re.compile(r"<!--\s*saved from url=\(\d{4,6}\)(https?://[^\s>]{1,2000})\s*-->", re.IGNORECASE)
_BETWEEN = re.compile(r"\s+[-–—|·•»›:]\s+")
_LOOKED_AT = 4096
NO_ADDRESS = "names no address: give --link"
_READ_WHOLE = 1_000_000
"""Characters of a page in which its text is looked for; no news is longer."""
_OF_THE_HEAD = frozenset({"title", "meta", "link", "base", "style", "script", "noscript", "template"})
_HEADINGS = 5
_MAIN = ".//article[.//h1] | .//main | .//*[@role='main']"


class NoNews(Exception):
    """There is nothing in it that a draft could be made of; the text says why."""


def read_page(text: str, address: str) -> NewsItem:
    """Find a page's news; `address` is where the page lay, empty for one that was saved. Raises NoNews."""
    tree = _tree(text)
    told, article = _metadata(tree), article_in(tree)
    saved = _SAVED_FROM.search(text[:_LOOKED_AT])
    base = address or (saved[1] if saved else "")
    canonical = _first(tree, "//link[@rel='canonical']/@href") or told.get("og:url", "")
    link = address_of(canonical, base) or address_of(base, "") or address_of(article.url, base)
    base = address_of(_first(tree, "//base/@href"), base or link) or base or link
    main = _main_of(tree)
    title = _title(tree, main, told, article, link)
    if not title:
        raise NoNews("has no title: is it a page with news?")
    descriptions = [told.get(name, "") for name in ("og:description", "description", "twitter:description")]
    named = _identities(tree, link)
    return NewsItem(
        title=title,
        summary=summary_of([*descriptions, article.description], lambda: _paragraphs(text), title),
        identities=named or (unnamed(title, article.published, main.text_content()),),
        notes=() if named else (NO_ADDRESS,),
        link=link_of(link),
        published=_published(main, told, article),
        language=_language(tree, told, article),
        pictures=_pictures(main, told, article, base),
    )


def _tree(text: str) -> Any:
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    data = text.encode("utf-8", "replace")
    try:
        tree = lxml.html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError, AssertionError):
        raise NoNews("holds no page that can be read") from None
    _give_a_body(tree)
    return tree


def _give_a_body(tree: Any) -> None:
    """HTML lets a page leave out where its body begins, and libxml2 takes elements newer than HTML 4 for parts of the head."""
    head = tree.find("head")
    if tree.tag != "html" or head is None or tree.find("body") is not None:
        return
    shown = [at for at, each in enumerate(head) if isinstance(each.tag, str) and each.tag not in _OF_THE_HEAD]
    if shown:
        etree.SubElement(tree, "body").extend(list(head)[shown[0] :])


def _metadata(tree: Any) -> Mapping[str, str]:
    """Give what a page says of itself; of what it says twice, the first."""
    told: dict[str, str] = {}
    for each in tree.iter("meta"):
        name = (
            (each.get("property") or each.get("name") or each.get("itemprop") or each.get("http-equiv") or "")
            .strip()
            .lower()
        )
        content = (each.get("content") or "").strip()
        if name and content:
            told.setdefault(name, content)
    return told


def _main_of(tree: Any) -> Any:
    """Give the part of the page that holds the news: of several articles the one with a heading, or with the most text."""
    found = tree.xpath(_MAIN)
    articles = tree.xpath(".//article")
    if found and found[0].tag == "article":
        return found[0]
    if articles:
        return max(articles, key=lambda each: sum(len(line) for line in each.xpath(".//p//text()")))
    body = tree.find("body")
    return found[0] if found else tree if body is None else body


def _title(tree: Any, main: Any, told: Mapping[str, str], article: Article, link: str) -> str:
    found = main.xpath(".//h1") or tree.xpath(".//h1")
    headings = [heading for each in found[:_HEADINGS] if (heading := tidy(each.text_content(), TITLE))]
    heading = headings[0] if len(headings) == 1 else ""
    page = tidy(_first(tree, "//head/title/text()") or _first(tree, "//title/text()"), TITLE)
    titles = [told.get("og:title", ""), article.headline, heading, told.get("twitter:title", ""), page]
    title = next((line for each in titles if (line := tidy(each, TITLE))), "")
    return _without_site(title, headings, [tidy(told.get("og:site_name", ""), TITLE), host_of(link)])


def _without_site(title: str, headings: Sequence[str], sites: Sequence[str]) -> str:
    """Take the name of the site away that many put behind the title, or before it."""
    for heading in headings:
        if title.startswith(heading) and _BETWEEN.match(title, len(heading)):
            return heading
    parts, marks = _BETWEEN.split(title), list(_BETWEEN.finditer(title))
    names = {site.casefold() for site in sites if site}
    if marks and parts[-1].casefold() in names:
        return title[: marks[-1].start()]
    if marks and parts[0].casefold() in names:
        return title[marks[0].end() :]
    return title


def _paragraphs(text: str) -> list[str]:
    """Give the text without navigation, notices and what is related to it."""
    # Most pages say in their head what they are about, and need none of this.
    from trafilatura import extract  # noqa: PLC0415 - start-up time
    from trafilatura.settings import use_config  # noqa: PLC0415 - start-up time

    config = use_config()
    for size in ("MIN_EXTRACTED_SIZE", "MIN_OUTPUT_SIZE"):
        config.set("DEFAULT", size, "1")  # a short notice is news, too
    # It takes apart what it is given, so it gets a tree of its own.
    found = extract(
        _tree(text[:_READ_WHOLE]),
        include_comments=False,
        include_tables=False,
        favor_precision=True,
        fast=True,
        config=config,
    )
    return (found or "").splitlines()


def _identities(tree: Any, link: str) -> tuple[str, ...]:
    short = address_of(_first(tree, "//link[@rel='shortlink']/@href"), link)
    named = [identity_of(each, link) for each in (link, short) if each]
    return tuple(dict.fromkeys(named))


def _published(main: Any, told: Mapping[str, str], article: Article) -> str:
    names = (
        "article:published_time",
        "datepublished",
        "date",
        "dc.date",
        "dcterms.date",
        "dcterms.created",
        "pubdate",
    )
    times = main.xpath(".//time[@itemprop='datePublished' or @pubdate]/@datetime") or main.xpath(
        ".//time/@datetime"
    )
    given = [
        told.get(names[0], ""),
        article.published,
        *(told.get(each, "") for each in names[1:]),
        *times[:1],
    ]
    return next((moment for each in given if (moment := moment_of(each))), "")


def _language(tree: Any, told: Mapping[str, str], article: Article) -> str:
    of_page = (
        tree.get("lang") or tree.get("xml:lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang")
    )
    return language_of(article.language, of_page, told.get("content-language"), told.get("og:locale"))


def _pictures(main: Any, told: Mapping[str, str], article: Article, base: str) -> tuple[NewsPicture, ...]:
    def declared() -> Iterator[Seen]:
        for name in ("og:image:secure_url", "og:image", "og:image:url"):
            if told.get(name):
                yield Seen(told[name], tidy(told.get("og:image:alt", ""), ALT))
                break
        yield from (Seen(each) for each in article.pictures)
        if told.get("twitter:image"):
            yield Seen(told["twitter:image"], tidy(told.get("twitter:image:alt", ""), ALT))

    return merged(list(declared()), list(pictures_in(main)), base)


def _first(tree: Any, path: str) -> str:
    found = tree.xpath(path)
    return str(found[0]).strip() if found else ""
