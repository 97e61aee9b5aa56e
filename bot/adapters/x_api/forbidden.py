"""The 403s whose meaning is known. X does not document their bodies; what is not in this table leaves an attempt in doubt
(settled question 3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.adapters.x_api.answers import Problem


@dataclass(frozen=True, slots=True)
class Known:
    """A 403 that executed nothing. `type_ends` is the end of the problem's type (its host changed once), `says` a part of the
    detail in lower case, `code` the legacy number; one of them is set. `source` says where it was seen, and when."""

    source: str
    type_ends: str | None = None
    says: str | None = None
    code: int | None = None

    def meets(self, problem: Problem) -> bool:
        """Tell whether the problem is this one."""
        if self.type_ends is not None:
            return problem.type.endswith(self.type_ends)
        if self.says is not None:
            return self.says in problem.detail.casefold()
        return problem.code == self.code


KNOWN = (
    Known(
        "X's list of problem types, response-codes-and-errors, 2026-08; seen as `client-not-enrolled` in "
        "geduldig/TwitterAPI#226, 2023-04",
        type_ends="/problems/client-forbidden",
    ),
    Known(
        "X's list of problem types, response-codes-and-errors, 2026-08",
        type_ends="/problems/not-authorized-for-resource",
    ),
    Known(
        "the app may only read; plhery/node-twitter-api-v2#493, 2023-07, and on creates in 2025-07 and 2026-08",
        type_ends="/problems/oauth1-permissions",
    ),
    Known(
        "nobody summoned the reply; gptme/gptme-contrib#811, 2026-05; the rule is X's changelog of 2026-02-23",
        says="reply to this conversation is not allowed",
    ),
    Known(
        "quotes; in the error tables of several public clients, looked up 2026-11; the rule is X's changelog of 2026-04-16",
        says="quoting this post is not allowed",
    ),
    Known(
        "the parent is gone, or not visible yet, as happens in threads; plhery/node-twitter-api-v2#366, 2022-09",
        says="reply to a tweet that is deleted or not visible",
    ),
    Known(
        "a second cashtag; in a public client's error table, looked up 2026-11; the rule is X's guide on managing posts",
        says="limited to a maximum of one cashtag",
    ),
    Known(
        "the account is locked until a person signs in; zaydek/100xcode#4, 2020-03, blynkkk/blynk-server#350, 2016-10",
        code=326,
    ),
    Known("the app may not write; ropensci-archive/rtweet#353, 2019-09", code=261),
    Known("the author restricted who can reply; nminaya/grammar-nazi-bot#221, 2021-05", code=433),
)

_DUPLICATE_SAYS = "duplicate content"
"""akrherz/iembot#163, 2026-02; plhery/node-twitter-api-v2#469, 2023-04."""

_DUPLICATE_CODE = 187
"""The legacy form, edsu/anon#111, 2014-08."""


def is_duplicate(found: Iterable[Problem]) -> bool:
    """Tell whether X says that the text repeats a post; an earlier attempt may have made that post."""
    return any(
        _DUPLICATE_SAYS in problem.detail.casefold() or problem.code == _DUPLICATE_CODE for problem in found
    )


def is_known(found: Iterable[Problem]) -> bool:
    """Tell whether one of the problems is in the table."""
    return any(known.meets(problem) for problem in found for known in KNOWN)
