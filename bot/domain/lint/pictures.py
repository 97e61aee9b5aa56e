"""Pictures and films: alt text, captions, credit and consent (A3, A9, P10).

A record has no field of its own for captions, credit and consent. Alt text or notes say that a film has captions; notes or
variables name who made a picture and how those on it agreed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.domain.announcement import MediaItem
from bot.domain.card import Finding
from bot.domain.lint.subject import Subject

LEAST_TO_REPEAT = 20
"""Characters of an alt text from which on its standing in the post is no chance."""

_FILM = re.compile(r"\.(?:mp4|mov|m4v|webm)\Z", re.IGNORECASE)
_FILE_NAME = re.compile(
    r"[^\n]*\.(?:jpe?g|png|gif|webp|heic|tiff?|bmp|svg|mp4|mov|m4v|webm)\s*|(?:IMG|DSC|DCIM|MVI|PXL|WhatsApp Image)[\s_-]?\S*",
    re.IGNORECASE,
)
_SAYS_PICTURE = re.compile(
    r"\s*(?:an?\s+|the\s+|une?\s+|la\s+|una\s+)?(?:(?:image|photo|photograph|picture|graphic|screenshot)\s+(?:of|showing|de|d'|du|des)\b"
    r"|(?:imagen|foto|fotografía|imagem|gambar|foto)\s+(?:de|del|da|do|dari)\b|gambar\b|ภาพ(?:ของ|ถ่าย|แสดง)|รูป(?:ภาพ|ถ่าย)?|"
    r"صورة\b|تُ?ظهر الصورة|изображение\b|фото(?:графия)?\b)",
    re.IGNORECASE,
)
_CAPTIONED = re.compile(
    r"caption|subtitl|sous-titr|subt[ií]tul|legenda|takarir|teks terjemahan|คำบรรยาย|ซับไตเติล|ترجمة|субтитр|字幕",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"(?:credit|photo(?:grapher)?|©|crédit|crédito|kredit|ภาพโดย|เครดิต|تصوير)\s*[:：]?", re.IGNORECASE
)
_CONSENT = re.compile(r"consent|consentement|consentimiento|persetujuan|ยินยอม|موافقة", re.IGNORECASE)


def pictures(subject: Subject) -> Iterator[Finding]:
    """Find what is wrong with each picture or film by itself."""
    texts = [" ".join(post.text.split()).casefold() for post in subject.posts]
    for item in subject.media:
        alt = item.alt.strip()
        if not alt:
            yield _about(item, "alt-missing", "has no alt text: say what is to be seen, for those who cannot")
        elif _FILE_NAME.fullmatch(alt) or alt == _stem(item):
            yield _about(item, "alt-file-name", f"'{alt}' is a file's name: say what is to be seen")
        elif (found := _SAYS_PICTURE.match(alt)) is not None:
            yield _about(item, "alt-says-picture", f"leave '{found.group().strip()}' out of the alt text")
        folded = " ".join(alt.split()).casefold()
        if len(folded) >= LEAST_TO_REPEAT and any(folded in text for text in texts):
            yield _about(item, "alt-repeats-text", "the alt text stands in the post already")
        if _FILM.search(item.path) and not _CAPTIONED.search(f"{alt}\n{subject.notes}"):
            message = "is a film: give it captions, and say so in the alt text or the notes ('with captions')"
            yield _about(item, "captions", message)


def credit_and_consent(subject: Subject) -> Iterator[Finding]:
    """Find pictures without a word about who made them, or about those on them."""
    if not subject.media:
        return
    said = "\n".join([*subject.variables, subject.notes, *(item.alt for item in subject.media)])
    if not _CREDIT.search(said):
        yield Finding("credit", "media: nobody is named who made it: write 'credit: …' into the notes")
    if not _CONSENT.search(said):
        message = "media: nothing is said of consent: write 'consent: …' into the notes"
        yield Finding("consent", message)


def _about(item: MediaItem, rule: str, message: str) -> Finding:
    return Finding(rule, f"{item.path}: {message}", words=item.alt[:80])


def _stem(item: MediaItem) -> str:
    return item.path.rpartition("/")[2].rpartition(".")[0]
