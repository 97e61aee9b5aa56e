"""What is found in RSS and Atom feeds."""

from __future__ import annotations

import pytest

from bot.adapters.news.page import NoNews
from tests.adapters.news.reading import ALT, NEWS, PICTURE, TEXT, TITLE, items, page
from tests.adapters.x_api.fault_server import FaultServer, answering_bytes

FEEDS = ("feed.rss.xml", "feed.atom.xml")
FEED = "https://www.baliprocess.net/feed/"


def rss(item: str, channel: str = "<link>https://news.example.org</link>") -> str:
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{channel}<item>{item}</item></channel></rss>'


@pytest.mark.parametrize("feed", FEEDS)
def test_a_feed_of_wordpress_gives_each_entry_with_what_the_page_says(feed: str) -> None:
    first, second, third = items((NEWS / feed).read_bytes(), address=FEED)
    assert (first.title, first.published, first.language) == (TITLE, "2023-03-30T03:00:00+00:00", "en-GB")
    assert first.link == "https://www.baliprocess.net/outcome-report/"
    assert first.pictures[0].address == f"https://www.baliprocess.net/wp-content/uploads/2023/03/{PICTURE}"
    assert first.pictures[0].alt == ALT
    assert first.summary.startswith(
        "The Outcome Report of the forum that marked ten years of the Regional Support Office"
    )
    assert "[…]" not in first.summary
    assert "appeared first" not in second.summary + third.summary
    assert [each.published[:10] for each in (second, third)] == ["2023-03-10", "2023-02-20"]


def test_rss_and_atom_know_the_same_news_by_the_same_names() -> None:
    rss_items, atom_items = (items((NEWS / feed).read_bytes(), address=FEED) for feed in FEEDS)
    assert [each.keys for each in rss_items] == [each.keys for each in atom_items]


def test_a_page_and_a_feed_know_one_another_by_link_and_by_short_link() -> None:
    (entry,) = items(
        rss(
            "<title>R</title><link>https://news.example.org/r/</link><guid>https://news.example.org/?p=7</guid>"
        )
    )
    by_link = page("<title>R</title><link rel=canonical href=https://news.example.org/r>")
    by_short = page("<title>R</title><link rel=canonical href=/moved/><link rel=shortlink href='/?p=7'>")
    assert by_link.keys[0] in entry.keys
    assert entry.keys[0] in by_short.keys


def test_a_sites_own_number_is_another_one_on_another_site() -> None:
    here, there = (
        items(rss(f"<title>R</title><link>https://{host}/r/</link><guid isPermaLink='false'>7</guid>"))[0]
        for host in ("a.example.org", "b.example.org")
    )
    assert here.keys[0] != there.keys[0]


def test_an_entry_without_any_name_is_known_by_title_and_date() -> None:
    told = "<title>The report</title><pubDate>Thu, 30 Mar 2023 03:00:00 +0000</pubDate>"
    (first,), (again,) = items(rss(told, "")), items(rss(told, ""))
    (other,) = items(rss(told.replace("30 Mar", "31 Mar"), ""))
    assert first.keys == again.keys != other.keys


def test_a_picture_that_is_attached_is_taken_where_the_text_has_none() -> None:
    (item,) = items(
        rss(
            "<title>R</title><enclosure url='/p.jpg' type='image/jpeg' length='1'/><enclosure url='/a.mp3' type='audio/mpeg'/>"
        )
    )
    assert [each.address for each in item.pictures] == ["https://news.example.org/p.jpg"]


@pytest.mark.parametrize(
    "title", ["Fish &amp;amp; chips", "<![CDATA[Fish &amp; chips]]>", "<![CDATA[<b>Fish</b> &#38; chips]]>"]
)
def test_a_title_is_words_whatever_it_is_written_with(title: str) -> None:
    (item,) = items(rss(f"<title>{title}</title><description>{TEXT}</description>"))
    assert item.title == "Fish & chips"


def test_a_feed_that_is_not_quite_xml_is_read_all_the_same() -> None:
    (item,) = items(rss(f"<title>Fish & chips</title><description>{TEXT}</description>"))
    assert (item.title, item.summary) == ("Fish & chips", TEXT)


@pytest.mark.parametrize("encoding", ["windows-1252", "utf-16", "utf-8"])
def test_a_feeds_letters_are_read_in_its_encoding(encoding: str) -> None:
    text = rss("<title>L’été déjà</title>").replace('"1.0"', f'"1.0" encoding="{encoding}"')
    (item,) = items(text.encode(encoding))
    assert item.title == "L’été déjà"


@pytest.mark.parametrize(
    "subset",
    [
        '<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">',
        '<!ENTITY a SYSTEM "file:///etc/passwd">',
        '<!ENTITY % a SYSTEM "https://evil.example.org/x.dtd"> %a;',
        '<!entity a "ha">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_feed_that_declares_entities_is_not_read(subset: str, encoding: str) -> None:
    text = rss("<title>&a;&b;</title>").replace("<rss", f"<!DOCTYPE rss [{subset}]><rss")
    with pytest.raises(NoNews, match="declares entities"):
        items(text.encode(encoding))


def test_a_document_type_without_entities_does_no_harm_and_fetches_nothing() -> None:
    text = rss("<title>R</title>").replace(
        "<rss", '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "https://evil.example.org/rss.dtd"><rss'
    )
    assert items(text)[0].title == "R"


def test_a_feed_without_entries_has_no_news() -> None:
    assert items("<rss version='2.0'><channel><title>The Office</title></channel></rss>") == []


@pytest.mark.parametrize("text", ["<rss", "<channel></channel>", "<rss>&<"])
def test_what_only_begins_like_a_feed_is_none(text: str) -> None:
    with pytest.raises(NoNews, match="no feed"):
        items(text)


def test_a_feed_that_looks_like_an_address_is_not_fetched() -> None:
    with FaultServer(answering_bytes(200, b"<rss/>")) as server:
        with pytest.raises(NoNews):
            items(f"{server.url}/<rss>")
        assert server.visits == []
