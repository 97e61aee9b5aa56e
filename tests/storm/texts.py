"""Texts that nobody takes for one another, with what is hard about texts."""

from __future__ import annotations

import random

_WORDS = (
    "airport amber anchor answer april archive arrival artist august autumn balance bamboo basket beacon border bottle branch "
    "bridge bronze budget cabin camera candle canyon carbon castle cement census chapter charter cherry circle citizen climate "
    "coastal coffee column compass copper corner cotton council country courage cradle cricket crystal culture dancer december "
    "delta desert dialogue dinner doctor dolphin eagle effort elder ember engine estate evening fabric farmer feather ferry "
    "figure flower forest fortune fountain future garden ginger glacier granite harbour harvest helmet honey horizon hotel "
    "island ivory jacket jasmine journey july justice kettle kitchen ladder lantern lawyer legend lemon letter library lotus "
    "magnet mango maple marble market meadow member mirror monsoon morning mountain museum nation needle network north novel "
    "ocean october office orange orchard oxygen palace paper parcel pearl pepper person picture pilot planet pocket polar"
)
_EACH = tuple(_WORDS.split())
HARD = (
    "", "", " & more <soon>", " cafe\u0301 Zu\u0308rich", " สวัสดีครับ", " \U0001f6a2\U0001f30f", ' "said" it\'s',
    " https://example.org/{name}", " https://example.org/{name}?a=1&b=2",
)  # fmt: skip


def text_of(dice: random.Random, name: str) -> str:
    """Make the text of one post; `name` stands in it."""
    words = " ".join(dice.sample(_EACH, 8)).capitalize()
    end = dice.choice(HARD).format(name=name.replace(" ", "-").replace("/", "-"))
    return f"{words}: {name}{end}"
