"""Is a text in the language that is declared? By its script, and among Latin ones by small words (P6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.card import Finding
from bot.domain.lint.post_text import PostText

LEAST_LETTERS = 12
LEAST_SHARE = 0.3
"""Of the letters; names and terms of other scripts may make the rest."""
LEAST_WORDS = 3

_SCRIPTS = {
    "Thai": "\u0e00-\u0e7f",
    "Lao": "\u0e80-\u0eff",
    "Burmese": "\u1000-\u109f",
    "Khmer": "\u1780-\u17ff",
    "Arabic": "\u0600-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc",
    "Cyrillic": "\u0400-\u052f",
    "Greek": "\u0370-\u03ff",
    "Hebrew": "\u0590-\u05ff",
    "Devanagari": "\u0900-\u097f",
    "Bengali": "\u0980-\u09ff",
    "Sinhala": "\u0d80-\u0dff",
    "Tamil": "\u0b80-\u0bff",
    "Chinese": "\u3400-\u9fff",
    "Japanese": "\u3040-\u30ff\u3400-\u9fff",
    "Korean": "\uac00-\ud7af",
    "Latin": "A-Za-z\xc0-\u024f\u1e00-\u1eff",
}
_SCRIPT_OF = {
    "th": "Thai", "lo": "Lao", "my": "Burmese", "km": "Khmer", "ar": "Arabic", "fa": "Arabic", "prs": "Arabic", "ur": "Arabic",
    "ps": "Arabic", "ru": "Cyrillic", "uk": "Cyrillic", "bg": "Cyrillic", "el": "Greek", "he": "Hebrew", "hi": "Devanagari",
    "ne": "Devanagari", "bn": "Bengali", "si": "Sinhala", "ta": "Tamil", "zh": "Chinese", "ja": "Japanese", "ko": "Korean",
    "en": "Latin", "fr": "Latin", "es": "Latin", "pt": "Latin", "id": "Latin", "ms": "Latin", "vi": "Latin", "de": "Latin",
    "it": "Latin", "nl": "Latin", "tr": "Latin", "tl": "Latin", "fil": "Latin", "pl": "Latin", "tet": "Latin",
}  # fmt: skip
_PATTERNS = {script: re.compile(f"[{ranges}]") for script, ranges in _SCRIPTS.items()}
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"[^\W\d_]+")

# Small words of one language that are none of the others.
_SMALL_WORDS = {
    "en": "the of and to with for is are has have was were this that from by our their its will which",
    "fr": "le les des du et aux est sont avec pour dans une cette ces sur nous notre leur qui pas",
    "es": "el los las del y con para una este esta estas son ha han por sobre nuestra su sus en",
    "pt": "os das dos do da e com para uma este esta são foi pelo pela nossa seu sua não em ao",
    "id": "dan yang dengan untuk dari ini itu pada adalah telah akan kami oleh dalam para tidak atau bagi kepada",
    "de": "der die das und mit für ist sind eine einen dem den von zu auf im wir unsere wird werden",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}

# Letters that Persian has and Arabic has not, and the reverse.
_PERSIAN, _ARABIC = re.compile("[پچژگکی]"), re.compile("[ةيكى]")


def language(post: PostText) -> Iterator[Finding]:
    """Find a text that is not in its declared language."""
    script = _SCRIPT_OF.get(post.base)
    letters = len(_LETTER.findall(post.prose))
    if script is None or letters < LEAST_LETTERS:
        return
    ours = len(_PATTERNS[script].findall(post.prose))
    found = None
    if ours < LEAST_SHARE * letters:
        found = _by_script(post, ours)
    elif script == "Latin":
        found = _by_small_words(post)
    elif script == "Arabic":
        found = _by_letters_of_persian(post)
    if found:
        message = f"declared as '{post.language}', but {found}: mend the language or the text"
        yield Finding("language", message, post.number)


def _by_script(post: PostText, ours: int) -> str | None:
    counts = {name: len(pattern.findall(post.prose)) for name, pattern in _PATTERNS.items()}
    other = max(counts, key=lambda name: counts[name])
    return f"its letters are {other}" if counts[other] > ours else None


def _by_small_words(post: PostText) -> str | None:
    words = {word.casefold() for word in _WORD.findall(post.prose)}
    ours = words & _WORDS.get(post.base, frozenset())
    if post.base not in _WORDS or ours:
        return None
    hits = {other: sorted(words & known) for other, known in _WORDS.items() if other != post.base}
    best = max(hits, key=lambda other: len(hits[other]))
    if len(hits[best]) < LEAST_WORDS:
        return None
    return f"its words are those of '{best}' ({', '.join(hits[best][:LEAST_WORDS])})"


def _by_letters_of_persian(post: PostText) -> str | None:
    persian, arabic = len(_PERSIAN.findall(post.prose)), len(_ARABIC.findall(post.prose))
    if post.base == "ar" and persian >= LEAST_WORDS and persian > arabic:
        return "it has letters of Persian"
    if post.base in ("fa", "prs") and arabic >= LEAST_WORDS and not persian:
        return "it has none of the letters of Persian"
    return None
