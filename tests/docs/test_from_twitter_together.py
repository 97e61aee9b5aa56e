"""Each row of the table of `docs/howto/from-twitter-together.md` is shown by a test that is there."""

from __future__ import annotations

import re

from tests.docs.pages import REPO

PAGE = REPO / "docs" / "howto" / "from-twitter-together.md"
FILES = "unit/files/test_tweet_files.py"
CARDS = "cli/test_tweets.py"
SYNC = "cli/test_sync.py"

EXPECTED = "test_a_published_file_says_what_that_projects_own_test_expects"
ADDRESS = "test_an_address_of_a_post_is_taken_from_either_of_its_two_sites"
MEDIUM = "test_a_medium_that_cannot_be_used_is_refused_and_not_left_out"
LIMITS = "test_what_x_would_refuse_of_a_file_is_a_problem_of_its_card"
LATER = "test_what_only_the_first_post_of_a_thread_can_have_here_is_refused_in_a_later_one"
SILENT = "test_what_that_project_would_pass_over_in_silence_is_refused"

SHOWN_BY = {
    "plain text": (CARDS, "test_what_that_project_has_published_would_go_out_here_word_for_word"),
    "`reply:` an address on twitter.com": (FILES, EXPECTED),
    "`retweet:` an address, with a text": (FILES, EXPECTED),
    "`retweet:` without a text": (FILES, "test_a_bare_repost_is_refused_in_one_line"),
    "an address on x.com, or with a query behind it": (FILES, ADDRESS),
    "any other address": (FILES, "test_an_address_that_is_no_posts_is_refused_and_not_passed_over"),
    "a key of the queue, or an id, in `reply` or `retweet`": (
        FILES,
        "test_a_key_of_the_queue_or_an_id_may_be_replied_to_and_quoted",
    ),
    "`media:` of `file` and `alt`": (FILES, EXPECTED),
    "a `file` that leads out of `media`": (FILES, MEDIUM),
    "an entry of `media` without a `file`": (FILES, MEDIUM),
    "`poll:` a list": (FILES, EXPECTED),
    "lines of `( ) option` at the end": (
        FILES,
        "test_an_option_before_the_end_of_the_text_stays_text_and_so_do_those_beside_a_poll_above",
    ),
    "an option over 25 characters, fewer than 2 or more than 4": (CARDS, LIMITS),
    "`schedule:`": (FILES, "test_a_schedule_is_the_time_at_which_it_is_due"),
    "no `schedule:`": (CARDS, "test_a_file_without_a_schedule_is_a_draft_that_somebody_gives_a_time"),
    "a line of `---`": (FILES, EXPECTED),
    "`thread-delimiter:`": (FILES, "test_another_delimiter_parts_the_next_post_only"),
    "a line of `---` in a post, under another delimiter": (
        FILES,
        "test_a_line_of_dashes_between_words_of_one_post_is_refused_in_a_thread",
    ),
    "`media`, `poll` or `retweet` of a later post": (FILES, LATER),
    "`reply` of a later post": (FILES, LATER),
    "a text over 280": (CARDS, "test_its_text_over_280_is_refused_here_too"),
    "an unknown key, or a value of another kind": (
        FILES,
        "test_an_unknown_key_is_refused_with_the_nearest",
    ),
    "front matter that is not closed": (FILES, SILENT),
    "lines that end as on Windows": (
        FILES,
        "test_front_matter_of_a_file_with_the_line_ends_of_windows_is_read",
    ),
    "a file that is edited after it was added": (
        SYNC,
        "test_a_changed_file_is_an_edit_and_its_approval_is_gone_and_that_is_told",
    ),
    "a thread that breaks off": (
        "end_to_end/test_threads_and_replies.py",
        "test_a_worker_stopped_in_the_middle_of_a_thread_leaves_the_rest_to_the_next_one",
    ),
}


def test_each_row_of_the_table_is_shown_by_a_test() -> None:
    text = PAGE.read_text(encoding="utf-8")
    table = text[text.index("| in the file |") :]
    rows = re.findall(r"^\| (.+?) \| .+ \| .+ \|$", table, re.MULTILINE)
    assert rows[1:] == list(SHOWN_BY)
    missing = [
        name
        for file, name in SHOWN_BY.values()
        if f"def {name}(" not in (REPO / "tests" / file).read_text(encoding="utf-8")
    ]
    assert missing == []
