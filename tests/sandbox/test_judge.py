"""The judge counts from a file that is written before it answers, and survives its own death."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
from requests_oauthlib import OAuth1

from bot.sandbox.accounts import DEFAULT, SandboxAccount
from bot.sandbox.server import Sandbox, ask

ROOT = Path(__file__).parents[2]


def signed(account: SandboxAccount = DEFAULT) -> OAuth1:
    return OAuth1(account.api_key, account.api_secret, account.access_token, account.access_token_secret)


def create(
    url: str, text: str, *, auth: OAuth1 | None = None, reply_to: str | None = None
) -> requests.Response:
    body: dict[str, object] = {"text": text}
    if reply_to:
        body["reply"] = {"in_reply_to_tweet_id": reply_to}
    return requests.post(f"{url}/2/tweets", json=body, auth=auth or signed(), timeout=10)


@contextmanager
def process(state: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A sandbox in a process of its own."""
    command = [sys.executable, "-m", "bot", "sandbox", "--port", "0", "--state", str(state), *options]
    sandbox = subprocess.Popen(command, env={"PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True)
    assert sandbox.stdout is not None
    found = re.search(r"http://\S+", sandbox.stdout.readline())
    assert found
    try:
        yield sandbox, found[0]
    finally:
        sandbox.kill()
        sandbox.wait()
        sandbox.stdout.close()


def test_what_was_answered_is_counted_after_the_sandbox_was_killed(tmp_path: Path) -> None:
    state = tmp_path / "ledger.jsonl"
    with process(state, "--allow-duplicates") as (sandbox, url):
        first = create(url, "Once.").json()["data"]["id"]
        create(url, "Twice.", reply_to=first)
        create(url, "Twice.", reply_to=first)
        os.kill(sandbox.pid, signal.SIGKILL)
        sandbox.wait()
    state.write_bytes(state.read_bytes() + b'{"kind": "post", "id": "torn')
    with process(state) as (_, url):
        stats = ask(url, "stats")
        assert (stats["accepted"], stats["distinct"], stats["doubled"]) == (3, 2, 1)
        assert create(url, "Once.").status_code == 403
        later = create(url, "After the restart.").json()["data"]["id"]
        assert int(later) > int(first)


def test_a_post_is_in_the_file_though_its_answer_was_never_sent(tmp_path: Path) -> None:
    state = tmp_path / "ledger.jsonl"
    with Sandbox(state=state, faults=["break_after:1"]) as sandbox:
        try:
            create(sandbox.url, "Taken, not answered.")
            raise AssertionError("it answered")
        except requests.ConnectionError:
            pass
        assert "Taken, not answered." in state.read_text()
        assert sandbox.stats()["accepted"] == 1


def test_a_request_with_a_wrong_signature_is_refused() -> None:
    with Sandbox() as sandbox:
        wrong = SandboxAccount(api_secret="another")
        assert create(sandbox.url, "x", auth=signed(wrong)).status_code == 401
        assert sandbox.stats()["accepted"] == 0


def test_the_same_signed_request_sent_again_is_refused() -> None:
    with Sandbox() as sandbox:
        url = f"{sandbox.url}/2/users/me"
        prepared = requests.Request("GET", url, auth=signed()).prepare()
        with requests.Session() as session:
            assert [session.send(prepared, timeout=10).status_code for _ in range(2)] == [200, 401]


def test_the_limit_is_told_in_headers_and_held() -> None:
    with Sandbox() as sandbox:
        sandbox.state.limits.per_user["create"] = (2, 900)
        left = [create(sandbox.url, f"Post {n}.").headers["x-rate-limit-remaining"] for n in range(2)]
        refused = create(sandbox.url, "One too many.")
        assert left == ["1", "0"]
        assert refused.status_code == 429
        assert int(refused.headers["x-rate-limit-reset"]) > sandbox.state.posts.clock()


def test_texts_come_back_as_x_gives_them_in_both_spellings() -> None:
    with Sandbox() as sandbox:
        create(sandbox.url, "Café & <forum> https://www.baliprocess.net/rso/")
        url = f"{sandbox.url}/2/users/{DEFAULT.user_id}/tweets?max_results=5"
        (old,) = requests.get(f"{url}&tweet.fields=entities", auth=signed(), timeout=10).json()["data"]
        (new,) = requests.get(f"{url}&post.fields=entities", auth=signed(), timeout=10).json()["data"]
        assert re.fullmatch(r"Café &amp; &lt;forum&gt; https://t\.co/\w+", old["text"])
        assert old["entities"]["urls"][0]["expanded_url"] == "https://www.baliprocess.net/rso/"
        assert "edit_history_tweet_ids" in old
        assert "edit_history_post_ids" in new


def test_a_timeline_is_read_in_three_pages() -> None:
    with Sandbox(limits=False) as sandbox:
        for number in range(12):
            create(sandbox.url, f"Post {number}.")
        seen: list[str] = []
        token = ""
        for _ in range(3):
            query = f"max_results=5{f'&pagination_token={token}' if token else ''}"
            page = requests.get(
                f"{sandbox.url}/2/users/{DEFAULT.user_id}/tweets?{query}", auth=signed(), timeout=10
            ).json()
            seen += [post["text"] for post in page["data"]]
            token = page["meta"].get("next_token", "")
        assert seen == [f"Post {number}." for number in reversed(range(12))]
        assert not token


def test_a_missing_post_is_an_error_inside_a_200() -> None:
    with Sandbox() as sandbox:
        found = requests.get(f"{sandbox.url}/2/tweets/123456789", auth=signed(), timeout=10)
        assert found.status_code == 200
        assert found.json()["errors"][0]["title"] == "Not Found Error"


def test_the_page_shows_threads_and_escapes_what_people_write() -> None:
    with Sandbox() as sandbox:
        first = create(sandbox.url, "<script>alert(1)</script> #RSOtenyears").json()["data"]["id"]
        create(sandbox.url, "The reply.", reply_to=first)
        page = requests.get(sandbox.url, timeout=10).text
        assert "<script>" not in page
        assert page.index("#RSOtenyears") < page.index("The reply.")
        assert page.count("</article></article>") == 1


def test_the_keys_do_not_show_in_an_accounts_repr() -> None:
    assert "secret" not in repr(DEFAULT)
