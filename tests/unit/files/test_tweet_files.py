"""twitter-together's `.tweet` files: its own published ones read as it says, and every difference is a test here."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.files import RecordFilesOnDisk
from bot.application.ports.record_files import Told
from bot.domain.announcement import MediaItem, Poll, Record
from bot.domain.errors import InputError, RecordErrors

PUBLISHED = Path(__file__).parents[2] / "data" / "twitter_together"


def read(text: str, name: str = "tweets/news.tweet") -> Record:
    (found,) = RecordFilesOnDisk().read_bytes(text.encode(), name, told=Told(campaign="rso")).records
    return found.record


def refused(text: str, name: str = "tweets/news.tweet") -> str:
    with pytest.raises(RecordErrors) as refusal:
        RecordFilesOnDisk().read_bytes(text.encode(), name, told=Told(campaign="rso"))
    (problem,) = refusal.value.problems
    return str(problem).removeprefix(f"{name}:")


def published(folder: str, name: str = "hello-world") -> Record:
    path = PUBLISHED / "test" / folder / "tweets" / f"{name}.tweet"
    (found,) = RecordFilesOnDisk(path.parents[1]).read(path, told=Told(campaign="rso")).records
    return found.record


HELLO = Record("rso", body="Hello, world!", key="hello-world.tweet")
POST = "https://twitter.com/gr2m/status/0000000000000000001"

WHAT_ITS_TESTS_EXPECT = {
    "command-line-has-tweet": HELLO,
    "push-main-has-tweet-with-front-matter-poll": Record(
        "rso", body="Hello, world!", poll=Poll(("a", "b"), 1440), key="hello-world.tweet"
    ),
    "push-main-has-tweet-with-front-matter-quote": Record(
        "rso",
        body="Smart thinking!",
        quote="https://twitter.com/m2rg/status/0000000000000000001",
        key="hello-world.tweet",
    ),
    "push-main-has-tweet-with-front-matter-reply": Record(
        "rso", body="Good idea :)", reply_to=POST, key="hello-world.tweet"
    ),
    "push-main-has-tweet-with-thread": Record(
        "rso", body="Hello, world!\n---\nSecond Tweet!", thread=True, key="hello-world.tweet"
    ),
    "push-main-has-tweet-with-trailing-whitespace": Record(
        "rso", body="Hello, world!\n---\nSecond Tweet!", thread=True, reply_to=POST, key="hello-world.tweet"
    ),
    "push-main-has-tweet-with-front-matter-media": Record(
        "rso",
        body="Cuddly :)",
        media=(MediaItem("media/blahaj.png", "Blahaj!"),),
        key="hello-world.tweet",
    ),
}


@pytest.mark.parametrize("folder", WHAT_ITS_TESTS_EXPECT)
def test_a_published_file_says_what_that_projects_own_test_expects(folder: str) -> None:
    assert published(folder) == WHAT_ITS_TESTS_EXPECT[folder]


def test_the_published_poll_in_the_text_has_its_options_and_runs_a_day() -> None:
    options = ("option 1", "option 2", "option 3", "option 4")
    poll = published("push-main-has-tweet-with-poll", "my-poll")
    assert (poll.body, poll.poll) == ("Here is my poll", Poll(options, 1440))


def test_media_lie_beside_the_folder_tweets_wherever_that_is_in_the_project() -> None:
    folder = PUBLISHED / "test" / "command-line-has-tweet-with-front-matter-media-in-directory"
    path = folder / "custom" / "tweets" / "hello-world.tweet"
    (found,) = RecordFilesOnDisk(folder).read(path, told=Told(campaign="rso")).records
    assert found.record.media == (MediaItem("custom/media/blahaj.png", "Blahaj!"),)


def test_every_tweet_that_project_has_published_is_read_with_its_words_as_they_stand() -> None:
    paths = sorted((PUBLISHED / "tweets").rglob("*.tweet"))
    assert len(paths) == 32
    for path in paths:
        (found,) = RecordFilesOnDisk().read(path, told=Told(campaign="rso")).records
        text = path.read_text().strip()
        words = text if found.record.poll is None else text.partition("\n\n( )")[0]
        assert found.record.body == words


def test_a_file_is_the_same_announcement_by_its_path_below_the_folder_tweets() -> None:
    assert read("Hello", "tweets/2019/v2.tweet").key == "2019/v2.tweet"
    assert read("Hello", "tweets/2019/03/Can I do this.tweet").key == "2019/03/Can-I-do-this.tweet"
    assert read("Hello", "elsewhere/v2.tweet").key == "v2.tweet"
    assert read("---\nkey: v2\n---\nHello", "tweets/2019/v2.tweet").key == "v2"


def test_front_matter_of_a_file_with_the_line_ends_of_windows_is_read() -> None:
    assert read("---\r\nreply: " + POST + "\r\n---\r\n\r\nGood idea :)\r\n") == Record(
        "rso", body="Good idea :)", reply_to=POST, key="news.tweet"
    )


def test_the_fields_of_a_record_may_stand_beside_that_projects_own() -> None:
    found = read("---\ncampaign: other\nlanguage: th\nnotes: for us\n---\nสวัสดี")
    assert (found.campaign, found.language, found.notes, found.body) == ("other", "th", "for us", "สวัสดี")


@pytest.mark.parametrize(
    "written",
    [
        "2023-03-30 10:00",
        "2023-03-30T10:00:00+07:00",
        "2023-03-30T03:00:00.000Z",
        '"2023-03-30T10:00"',
        "next",
    ],
)
def test_a_schedule_is_the_time_at_which_it_is_due(written: str) -> None:
    assert read(f"---\nschedule: {written}\n---\nHello").due == written.strip('"')


@pytest.mark.parametrize("written", ["March 30, 2023 10:00", "2023-03-30", "03/04/2023", "1680145200000"])
def test_a_schedule_that_only_a_browser_would_read_is_refused(written: str) -> None:
    assert refused(f"---\nschedule: {written}\n---\nHello") == (
        f"2: schedule: '{written}' is not taken: write 2023-03-30T10:00+07:00, or 2023-03-30 10:00 in the campaign's zone"
    )


@pytest.mark.parametrize(
    "address",
    [
        "https://twitter.com/gr2m/status/1409601188362809349",
        "https://x.com/gr2m/status/1409601188362809349",
        "https://x.com/gr2m/status/1409601188362809349?s=20",
        "https://mobile.twitter.com/gr2m/status/1409601188362809349",
    ],
)
def test_an_address_of_a_post_is_taken_from_either_of_its_two_sites(address: str) -> None:
    assert read(f"---\nreply: {address}\n---\nHello").reply_to == address
    assert read(f"---\nretweet: {address}\n---\nHello").quote == address


@pytest.mark.parametrize("key", ["reply", "retweet"])
def test_an_address_that_is_no_posts_is_refused_and_not_passed_over(key: str) -> None:
    assert refused(f"---\n{key}: https://x.com/gr2m\n---\nHello") == (
        f"2: {key}: 'https://x.com/gr2m' is no post's address: write https://x.com/NAME/status/ID"
    )


@pytest.mark.parametrize("name", ["2019/v2.tweet", "1409601188362809349"])
def test_a_key_of_the_queue_or_an_id_may_be_replied_to_and_quoted(name: str) -> None:
    assert read(f'---\nreply: "{name}"\n---\nHello').reply_to == name
    assert read(f'---\nretweet: "{name}"\n---\nHello').quote == name


def test_a_bare_repost_is_refused_in_one_line() -> None:
    with pytest.raises(RecordErrors) as refusal:
        published("push-main-has-tweet-with-front-matter-retweet")
    assert str(refusal.value).endswith(
        "hello-world.tweet:2: retweet: without a text is a bare repost, which this program does not do: "
        "write a text to quote the post"
    )


@pytest.mark.parametrize(
    ("key", "nearest"),
    [
        ("replay", "reply"),
        ("reply_to", "reply"),
        ("quote", "retweet"),
        ("due", "schedule"),
        ("medai", "media"),
    ],
)
def test_an_unknown_key_is_refused_with_the_nearest(key: str, nearest: str) -> None:
    assert refused(f"---\n{key}: something\n---\nHello") == (
        f"2: {key}: is not a field of a .tweet file: did you mean '{nearest}'?"
    )


@pytest.mark.parametrize("name", ["thread-delimiter", "threadDelimiter"])
def test_another_delimiter_parts_the_next_post_only(name: str) -> None:
    found = read(f'---\n{name}: "***"\n---\nOne.\n\n***\nTwo.\n---\nThree.\n')
    assert (found.body, found.thread) == ("One.\n---\nTwo.\n---\nThree.", True)


def test_a_line_of_dashes_between_words_of_one_post_is_refused_in_a_thread() -> None:
    assert refused('---\nthread-delimiter: "***"\n---\nOne.\n---\nStill one.\n***\nTwo.') == (
        "5: body: a line of --- inside a post would begin another one here: write it otherwise"
    )
    alone = read('---\nthread-delimiter: "***"\n---\nOne.\n---\nStill one.')
    assert (alone.body, alone.thread) == ("One.\n---\nStill one.", False)


@pytest.mark.parametrize(
    ("part", "line"),
    [
        ("---\nmedia:\n  - file: a.png\n---\nTwo.", "4: media"),
        ("---\nretweet: https://x.com/a/status/1409601188362809349\n---\nTwo.", "4: retweet"),
        ("---\nreply: https://x.com/a/status/1409601188362809349\n---\nTwo.", "4: reply"),
        ("---\npoll: [a, b]\n---\nTwo.", "4: poll"),
        ("Two.\n( ) a\n( ) b", "4: poll"),
    ],
)
def test_what_only_the_first_post_of_a_thread_can_have_here_is_refused_in_a_later_one(
    part: str, line: str
) -> None:
    assert refused(f"One.\n---\n{part}") == (
        f"{line}: is of a later post of the thread, and here only the first one has it: move it there"
    )


def test_an_option_before_the_end_of_the_text_stays_text_and_so_do_those_beside_a_poll_above() -> None:
    assert read("( ) not one\nHello").poll is None
    found = read("---\npoll: [a, b]\n---\nHello\n( ) c")
    assert (found.body, found.poll) == ("Hello\n( ) c", Poll(("a", "b")))


@pytest.mark.parametrize(
    ("media", "line"),
    [
        ("[{file: ../secret.png}]", "2: media[1].file: must be the name of a file in the folder media"),
        ("[{file: /etc/passwd}]", "2: media[1].file: must be the name of a file in the folder media"),
        ("[{alt: A cat}]", "2: media[1].file: must be the name of a file in the folder media"),
        ("[cat.png]", "2: media[1]: must have a file: and its alt: text"),
        (
            "[{file: cat.png, alt: 7}]",
            "2: media[1].alt: must be a text, and is read as a number: put it in quotes",
        ),
        ("[{file: cat.png, atl: A}]", "2: media[1].atl: is not a field: did you mean 'alt'?"),
        (
            f"[{{file: cat.png, alt: {'a' * 1001}}}]",
            "2: media[1].alt: has 1,001 characters and may have 1,000: make it shorter",
        ),
    ],
)
def test_a_medium_that_cannot_be_used_is_refused_and_not_left_out(media: str, line: str) -> None:
    assert refused(f"---\nmedia: {media}\n---\nHello") == line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("---\nHello", "1: has front matter without an end: write --- below its fields"),
        ("---\nJust words.\n---\nHello", "2: is no record: write fields such as campaign: and body:"),
        ("---\nreply: [\n---\nHello", "3: is not YAML"),
        ("---\npoll: a\n---\nHello", "2: poll.options: must be a list of texts, 10 at most"),
        (
            "---\nreply: 7.5\n---\nHello",
            "2: reply_to: must be a text, and is read as a number: put it in quotes",
        ),
        (
            "---\nthread-delimiter: [a]\n---\nHello",
            "2: thread-delimiter: must be the line that parts two posts, in quotes",
        ),
    ],
)
def test_what_that_project_would_pass_over_in_silence_is_refused(text: str, line: str) -> None:
    assert line in refused_at_all(text)


def refused_at_all(text: str) -> str:
    with pytest.raises(RecordErrors) as refusal:
        RecordFilesOnDisk().read_bytes(text.encode(), "tweets/news.tweet", told=Told(campaign="rso"))
    return "\n".join(str(problem).removeprefix("tweets/news.tweet:") for problem in refusal.value.problems)


PIECES = st.sampled_from(
    (
        *(
            "---\n",
            "--- \n",
            "***\n",
            "\n",
            "\r\n",
            " ",
            "( ) a\n",
            "()  b\n",
            "( )\n",
            "Words.\n",
            "- ",
            "{",
            "}",
            "[",
            "]",
            '"',
        ),
        *(
            "reply: ",
            "retweet: ",
            "media: ",
            "poll: ",
            "schedule: ",
            "thread-delimiter: ",
            "threadDelimiter: ",
            "key: ",
        ),
        *(
            "file: ",
            "alt: ",
            "https://x.com/a/status/1409601188362809349\n",
            "2023-03-30 10:00\n",
            "a.png\n",
            "&a ",
            "*a ",
            "!!x ",
        ),
    )
)


def told(text: str) -> list[str]:
    """The problems of a file, none if it is read."""
    try:
        (_,) = (
            RecordFilesOnDisk()
            .read_bytes(text.encode("utf-8", "replace"), "tweets/a.tweet", told=Told(campaign="rso"))
            .records
        )
    except RecordErrors as refusal:
        return [str(problem) for problem in refusal.problems]
    except InputError as refusal:
        return [str(refusal)]
    return []


@given(st.lists(PIECES | st.text(max_size=4), max_size=30).map("".join))
def test_whatever_a_tweet_file_holds_it_is_one_record_or_one_line_for_each_problem(text: str) -> None:
    assert [line for line in told(text) if "\n" in line or not line.startswith("tweets/a.tweet")] == []
