"""The process that reads: what it may take, what it may see, and what of a saved page's folder it may give."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from bot.adapters.news.reader import LimitedNewsReader, ReadLimits
from bot.application.ports.news_reader import Document
from bot.domain.errors import InputError
from bot.domain.news import NewsPicture
from tests.adapters.news.reading import NEWS, PICTURE, TITLE

PAGE = NEWS / "saved" / "news.html"
LONG = b"<rss version='2.0'><channel>" + b"<item><title>a</title><description>b</description></item>" * 60_000


def test_news_comes_out_of_the_process_as_it_was_found() -> None:
    reader = LimitedNewsReader()
    (item,) = reader.read(reader.open(PAGE))
    assert (item.title, item.language, len(item.pictures)) == (TITLE, "en-GB", 1)


def test_a_document_that_takes_too_long_is_given_up_in_one_line() -> None:
    with pytest.raises(InputError) as caught:
        LimitedNewsReader(ReadLimits(processor=1)).read(Document("feed.xml", LONG))
    assert str(caught.value) == (
        "feed.xml: takes more than 1 s of processor time to be read, and was given up"
    )


def test_a_document_that_takes_too_much_memory_is_given_up_in_one_line() -> None:
    page = b"<title>T</title>" + b"<p>some words" * 200_000
    with pytest.raises(InputError, match=r"^a: needs too much memory to be read$"):
        LimitedNewsReader(ReadLimits(memory=150_000_000)).read(Document("a", page))


def test_a_document_that_hangs_is_given_up_by_the_clock() -> None:
    with pytest.raises(InputError, match=r"is not read within 0\.2 s"):
        LimitedNewsReader(ReadLimits(clock=0.2)).read(Document("feed.xml", LONG))


@pytest.mark.parametrize(
    "content",
    [
        b"<html><title>T</title><body>" + b"<div>" * 400_000,
        b"<rss version='2.0'><channel><item><title>T</title>" + b"<a>" * 50_000,
        b"<title>T</title><script type='application/ld+json'>" + b"[" * 400_000,
        b"<title>T</title><meta name=description content='" + b"&amp;" * 400_000,
    ],
    ids=["page", "feed", "linked data", "attribute"],
)
def test_what_is_nested_or_repeated_without_end_does_no_harm(content: bytes) -> None:
    (item,) = LimitedNewsReader().read(Document("a", content))
    assert item.title == "T"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    large = tmp_path / "large.html"
    with large.open("wb") as file:
        file.truncate(10_000_001)
    with pytest.raises(InputError, match="is larger than 10 MB"):
        LimitedNewsReader().open(large)


def beside(path: Path, reference: str) -> bytes | None:
    return LimitedNewsReader().beside(Document("a", b"", path=path), NewsPicture(beside=reference))


@pytest.mark.parametrize(
    "reference", [f"./news_files/{PICTURE}", f"news_files/{PICTURE}?w=300", f"news%5Ffiles/{PICTURE}"]
)
def test_a_picture_beside_the_page_is_given(reference: str) -> None:
    assert beside(PAGE, reference) == (NEWS / "saved" / "news_files" / PICTURE).read_bytes()


@pytest.mark.parametrize("reference", ["", "no-such.jpg", "news_files", "a\0b", "%00", "x" * 1000])
def test_a_picture_that_does_not_lie_there_is_none(reference: str) -> None:
    assert beside(PAGE, reference) is None


@pytest.mark.parametrize(
    "reference", ["../news.html", "news_files/../../news.html", "%2e%2e/news.html", "/etc/passwd", "link.jpg"]
)
def test_the_pages_folder_is_not_left(tmp_path: Path, reference: str) -> None:
    (tmp_path / "news.html").write_text("private")
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(tmp_path / "news.html")
    with pytest.raises(InputError, match="outside the page's folder"):
        beside(folder / "page.html", reference)


@pytest.mark.parametrize(
    ("reference", "data"),
    [
        (f"data:image/png;base64,{base64.b64encode(b'abc').decode()}", b"abc"),
        ("data:image/png,a%20b", b"a b"),
        ("data:image/png;base64,!", b""),
        ("data:image/png;base64,A", None),
        ("data:image/png", None),
    ],
)
def test_a_picture_that_is_written_into_its_page_is_given(reference: str, data: bytes | None) -> None:
    assert LimitedNewsReader().beside(Document("a", b""), NewsPicture(beside=reference)) == data
