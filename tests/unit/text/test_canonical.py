"""Two posts are the same if their canonical forms are."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text.canonical import canonical, canonical_link, canonical_without_links
from bot.domain.text.entities import links
from tests.unit.text.sentences import SENTENCES, WHOLES

TEXTS = st.lists(
    st.one_of(
        st.sampled_from(
            [*SENTENCES.values(), *WHOLES, " ", " ", "\n\n", "\r\n", "\u3000", "&", "<b>", "&amp;", "&lt;"]
        ),
        st.sampled_from(
            ["https://Example.com/?a=1&b=2", "example.org/", "bücher.example.com", "a.com?x", "b.com:80"]
        ),
        st.text(max_size=4),
    ),
    max_size=8,
).map(" ".join)


def as_x_gives_it(text: str, scheme: str) -> str:
    """A text of ours as the adapter hands it on when it comes back from X, its short links expanded."""
    parts, position = [], 0
    for link in links(text):
        parts += [text[position : link.start], link.value if link.has_scheme else scheme + link.value]
        position = link.end
    whole = "".join([*parts, text[position:]])
    escaped = whole.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return unicodedata.normalize("NFC", escaped.replace("\r\n", "\n").strip())


@given(TEXTS, st.sampled_from(["http://", "https://"]))
def test_a_text_that_went_out_is_recognised_when_x_gives_it_back(text: str, scheme: str) -> None:
    back = as_x_gives_it(text, scheme)
    assert canonical(back, from_x=True) == canonical(text)
    assert canonical_without_links(back, from_x=True) == canonical_without_links(text)


@given(TEXTS)
def test_the_canonical_form_is_its_own_canonical_form(text: str) -> None:
    assert canonical(canonical(text)) == canonical(text)


def test_white_space_is_folded_and_trimmed() -> None:
    assert canonical(" Ten\r\n\r\nyears\u3000of \t training\n") == "Ten years of training"


def test_a_decomposed_accent_is_the_same_letter() -> None:
    assert canonical("caf" + "e\u0301") == canonical("café")


def test_an_entity_of_our_own_is_five_characters_that_somebody_meant() -> None:
    assert canonical("Write &amp; for &") == "Write &amp; for &"
    assert canonical("Write &amp;amp; for &amp;", from_x=True) == "Write &amp; for &"


def test_only_the_entities_that_x_writes_are_undone() -> None:
    assert canonical("&copy; &amp; &quot;", from_x=True) == "&copy; & &quot;"


def test_a_bare_domain_and_the_link_that_x_makes_of_it_are_the_same() -> None:
    for given_back in (
        "See http://example.com now",
        "See https://example.com now",
        "See http://example.com/ now",
    ):
        assert canonical("See example.com now") == canonical(given_back, from_x=True)


def test_a_domain_that_only_todays_list_knows_is_recognised_with_a_scheme_too() -> None:
    assert canonical("See safe.kids/a now") == canonical("See http://safe.kids/a now", from_x=True)


def test_another_link_is_another_text_but_the_same_words() -> None:
    one, other = "Out now: https://example.com/a", "Out now: https://example.com/b?from=x"
    assert canonical(one) != canonical(other)
    assert canonical_without_links(one) == canonical_without_links(other) == "Out now:"


def test_case_of_words_and_of_a_path_counts() -> None:
    assert canonical("Out now") != canonical("OUT NOW")
    assert canonical("https://example.com/A") != canonical("https://example.com/a")


@pytest.mark.parametrize(
    ("url", "form"),
    [
        ("example.com", "https://example.com"),
        ("http://Example.COM/", "https://example.com"),
        ("HTTPS://example.com:443/A/", "https://example.com/A/"),
        ("http://example.com:80", "https://example.com"),
        ("example.com:8080/", "https://example.com:8080"),
        ("example.com/?a=B", "https://example.com?a=B"),
        ("https://bücher.example.com/é", "https://xn--bcher-kva.example.com/%C3%A9"),
        ("https://bu\u0308cher.example.com/%c3%a9", "https://xn--bcher-kva.example.com/%C3%A9"),
        ("https://example.com/a#b", "https://example.com/a#b"),
    ],
)
def test_a_link_has_one_form(url: str, form: str) -> None:
    assert canonical_link(url) == form
    assert canonical_link(form) == form
