"""The program's log, as it stands on a stream."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.adapters.logs import start_logging

KEY = 'key/with+"odd" ü'
SECRETS = ["s3cret-of-the-account", KEY]

Started = Callable[..., io.StringIO]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def start() -> Iterator[Started]:
    """Start the log on a stream of its own; at the end everything is as it was."""
    names = [None, "bot", "tweepy", "urllib3", "apscheduler", "sqlalchemy", "apprise", "requests"]
    loggers = [logging.getLogger(name) for name in names]
    before = [(logger, logger.level, list(logger.handlers)) for logger in loggers]

    def started(level: str = "INFO", stream: io.StringIO | None = None) -> io.StringIO:
        out = io.StringIO() if stream is None else stream
        start_logging(level, SECRETS, stream=out)
        return out

    yield started
    for logger, level, handlers in before:
        logger.setLevel(level)
        logger.handlers[:] = handlers


log = logging.getLogger("bot.somewhere")


def events(out: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_off_a_terminal_each_event_is_one_json_object_with_everything_that_goes_with_it(
    start: Started,
) -> None:
    out = start()
    log.warning("%s is paused", "rso", extra={"detail": "two\nlines", "account": "rso", "seconds": 1.5})
    (event,) = events(out)
    at = event.pop("at")
    assert at.endswith("Z")
    assert event == {
        "level": "warning",
        "event": "rso is paused",
        "from": "bot.somewhere",
        "detail": "two\nlines",
        "account": "rso",
        "seconds": 1.5,
    }


def test_on_a_terminal_each_event_is_one_plain_line_whatever_it_quotes(start: Started) -> None:
    out = start(stream=Terminal())
    log.info("published %s", "a\nb\x1b[2J", extra={"account": "rso", "detail": "its\r\nreason"})
    (line,) = out.getvalue().splitlines()
    assert line[8:] == " published a b [2J (account=rso): its  reason"


def test_warnings_say_so_on_a_terminal(start: Started) -> None:
    out = start(stream=Terminal())
    log.error("the queue cannot be read")
    assert out.getvalue()[8:] == " error: the queue cannot be read\n"


@pytest.mark.parametrize("terminal", [True, False])
def test_no_secret_is_shown_wherever_it_stands(start: Started, terminal: bool) -> None:
    out = start(stream=Terminal() if terminal else None)
    for secret in SECRETS:
        log.warning(f"in the message {secret}")
        log.warning("in the arguments %s %r", secret, {"key": secret})
        log.warning("beside it", extra={"header": f"Bearer {secret}", "deep": {"list": [secret, {secret}]}})
        log.warning("in a URL", extra={"url": "https://x/?k=key%2Fwith%2B%22odd%22%20%C3%BC&s=1"})
        try:
            raise ValueError(f"refused {secret}")
        except ValueError:
            log.exception("an error")
    assert "s3cret" not in out.getvalue()
    assert "odd" not in out.getvalue()
    assert out.getvalue().count("***") >= 12


def test_a_traceback_is_part_of_the_event(start: Started) -> None:
    out = start()
    try:
        raise ZeroDivisionError("by nothing")
    except ZeroDivisionError:
        log.exception("it failed")
    (event,) = events(out)
    assert event["traceback"].endswith("ZeroDivisionError: by nothing")


def test_libraries_that_show_requests_are_heard_only_when_something_is_wrong(start: Started) -> None:
    out = start("DEBUG")
    for name in ("tweepy.client", "urllib3.connectionpool", "apscheduler.executors.default", "oauthlib"):
        logging.getLogger(name).debug("Authorization: OAuth")
        logging.getLogger(name).info("POST /2/tweets")
    log.debug("a step of our own")
    assert [event["event"] for event in events(out)] == ["a step of our own"]
    logging.getLogger("urllib3").warning("something is wrong")
    assert len(events(out)) == 2


@pytest.mark.parametrize(
    ("level", "heard"),
    [("DEBUG", 4), ("INFO", 3), ("WARNING", 2), ("ERROR", 1)],
)
def test_the_setting_says_from_which_level_on_is_heard(start: Started, level: str, heard: int) -> None:
    out = start(level)
    for say in (log.debug, log.info, log.warning, log.error):
        say("something")
    assert len(events(out)) == heard


def test_a_slip_in_a_log_call_is_shown_and_stops_nothing(start: Started) -> None:
    out = start()
    log.warning("%d posts", "three")
    (event,) = events(out)
    assert event["event"] == "%d posts ('three',)"


def test_thai_and_emoji_stay_readable(start: Started) -> None:
    out = start()
    log.warning("ประกาศ 🎉")
    assert "ประกาศ 🎉" in out.getvalue()
