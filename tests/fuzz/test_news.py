"""Whatever a page or a feed holds, it gives news that a record may hold, or says in one line why not."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from bot.adapters.news.child import news_in
from bot.adapters.news.page import NoNews
from bot.domain.news import NewsItem, newest, says_otherwise, summary_within
from bot.domain.text.weighted import weighted_length

# Pieces that mean something to one of the parsers, so that a search among them gets past the first character.
HTML = st.sampled_from(
    (
        *(
            "<html lang=th>",
            "<head>",
            "<title>",
            "</title>",
            "<body>",
            "<article>",
            "</article>",
            "<main>",
            "<h1>",
            "</h1>",
        ),
        *(
            "<p>",
            "</p>",
            "<div>",
            "</div>",
            "<nav>",
            "<aside>",
            "<figure>",
            "<table><tr><td>",
            "<svg>",
            "<template>",
        ),
        *(
            "<img src=a.jpg alt=A>",
            "<img src='data:image/png;base64,AAAA'>",
            "<img srcset='a 1x, b 2x'>",
            "<img src>",
        ),
        *(
            "<meta property=og:title content='",
            "<meta property=og:image content=",
            "<meta charset=",
            "'>",
            ">",
        ),
        *(
            "<link rel=canonical href=",
            "https://example.org/a?utm_source=b&c=d ",
            "http://[",
            "//",
            "javascript:",
            "../",
        ),
        *(
            '<script type="application/ld+json">',
            "</script>",
            '{"@type": "NewsArticle", "headline": ',
            '{"@graph": [',
            "]}",
        ),
        *(
            "<time datetime=2023-03-30>",
            "<time datetime=",
            "<base href=",
            "<!-- saved from url=(0019)http://a.example/ -->",
        ),
        *(
            "<!DOCTYPE html>",
            "<!--",
            "-->",
            "<![CDATA[",
            "]]>",
            "&amp;",
            "&#x0;",
            "&#xD800;",
            "&nbsp;",
            "<",
            "/>",
            "<!",
        ),
        *(
            "A sentence that says something. ",
            "ประโยคหนึ่ง ",
            "[…]",
            "Continue reading",
            "\x00",
            "\ufeff",
            "\u202e",
        ),
    )
)
XML = st.sampled_from(
    (
        *(
            '<?xml version="1.0"?>',
            "<?xml encoding='utf-16'?>",
            "<rss version='2.0'>",
            "<channel>",
            "<item>",
            "</item>",
        ),
        *(
            "<feed xmlns='http://www.w3.org/2005/Atom' xml:lang='th'>",
            "<entry>",
            "</entry>",
            "<rdf:RDF>",
            "</rss>",
            "</feed>",
        ),
        *(
            "<title>",
            "</title>",
            "<title type='xhtml'><div>",
            "<link>",
            "</link>",
            "<link href='/a'/>",
            "<guid>",
            "</guid>",
        ),
        *(
            "<description>",
            "</description>",
            "<content type='html'>",
            "</content>",
            "<content:encoded>",
            "</content:encoded>",
        ),
        *(
            "<pubDate>",
            "Thu, 30 Mar 2023 03:00:00 +0000",
            "99 Foo 0000 25:61",
            "</pubDate>",
            "<updated>2023-03-30</updated>",
        ),
        *(
            "<enclosure url='a.jpg' type='image/jpeg'/>",
            "<media:content url='a.jpg' medium='image'/>",
            "<id>",
            "</id>",
        ),
        *(
            "<!DOCTYPE rss [",
            "<!ENTITY a 'b'>",
            "<!ENTITY % a SYSTEM 'file:///etc/passwd'>",
            "]>",
            "&a;",
            "<![CDATA[",
            "]]>",
        ),
        *(
            "&",
            "&amp;",
            "&lt;p&gt;",
            "<",
            "</",
            ">",
            "A sentence that says something. ",
            "https://example.org/a",
            "ข่าว",
            "\x00",
        ),
    )
)
PAGES = st.lists(HTML | st.text(max_size=5), max_size=40).map("".join)
FEEDS = st.lists(XML | st.text(max_size=5), max_size=40).map("".join)
ENCODINGS = st.sampled_from(("utf-8", "utf-8-sig", "utf-16", "cp1252", "cp874", "koi8-r"))
DOCUMENTS = st.builds(
    lambda text, name: text.encode(name, "replace"), PAGES | FEEDS | PAGES.map("<html>".__add__), ENCODINGS
)
TYPES = st.sampled_from(
    ("", "text/html", "text/html; charset=utf-16", "application/rss+xml; charset=tis-620", "charset=\ud800")
)
ADDRESSES = st.sampled_from(("", "https://news.example.org/a/", "https://[", "x"))


def judge(item: NewsItem) -> None:
    """A record may hold every text, and the queue can know the news."""
    for text, most in ((item.title, 300), (item.summary, 2_000), (item.link, 2_000)):
        assert len(text) <= most
        assert len(text.splitlines()) <= 1
        assert not any("\ud800" <= char <= "\udfff" or char < " " for char in text)
    assert item.title
    assert item.link == "" or item.link.startswith(("http://", "https://"))
    assert item.keys
    assert all(len(picture.alt) <= 1_000 for picture in item.pictures)
    assert all(picture.address or picture.beside for picture in item.pictures)


@given(data=st.binary() | DOCUMENTS, media_type=TYPES, address=ADDRESSES)
@example(data=b"<html><title>A</title><div>" * 3000, media_type="", address="")
@example(data=b"<rss><channel><item><title>A</title>" + b"<a>" * 3000, media_type="", address="")
@example(data=b"<html><title>A</title><article><h1>" * 300, media_type="", address="")
def test_any_bytes_give_news_or_one_line(data: bytes, media_type: str, address: str) -> None:
    told, found = "", list[NewsItem]()
    try:
        found = news_in(data, media_type, address)
    except NoNews as error:
        told = str(error)
    assert len(told.splitlines()) <= 1
    assert not (told and found)
    for item in found:
        judge(item)
    assert len(newest(found, 2)) == min(len(found), 2)


@given(
    text=st.lists(
        st.sampled_from(("One. ", "Two more words! ", "ประโยค ", "https://example.org/a ", "#Tag ", "日本。"))
        | st.text()
    ).map("".join),
    room=st.integers(0, 280),
    language=st.sampled_from(("en", "th", "ja", "x")),
)
def test_a_summary_fits_and_is_the_beginning_of_what_was_said(text: str, room: int, language: str) -> None:
    body = summary_within(text, room, language)
    assert weighted_length(body) <= room
    item = NewsItem("A title", text or "-", ("a",))
    assert body == "" or not says_otherwise(item, title="A title", body=body, link=None)
