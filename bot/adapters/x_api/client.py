"""The channel X."""

from __future__ import annotations

import tweepy

from bot.adapters.x_api import answers, quiet
from bot.adapters.x_api.classify import REFUSALS, classify, is_id
from bot.adapters.x_api.credentials import Credentials, presentable
from bot.adapters.x_api.endpoint import X_API, RequestTimes, endpoint
from bot.adapters.x_api.faults import describe
from bot.adapters.x_api.flight import Answer, Flight, Guard, Stopped
from bot.adapters.x_api.timeline import (
    FIELDS,
    FIELDS_PARAMETER,
    Page,
    Unreadable,
    lower_bound,
    page_of,
    post_of,
)
from bot.adapters.x_api.transport import Transport
from bot.adapters.x_api.uploads import Letter, Uploads
from bot.application.ports.channel import ChannelRefused, ChannelUnreachable, Look
from bot.application.ports.checkpoint import Checkpoint, Step
from bot.application.ports.clock import Clock
from bot.domain.errors import InputError
from bot.domain.outcomes import Outcome, RefusedKind
from bot.domain.timeline import Identity, Reading, TimelinePost
from bot.domain.uploads import MediaUpload, Uploaded

_POSTS = "/2/tweets"
_READS_FIELDS = {FIELDS_PARAMETER: FIELDS}
_LARGEST_PAGE = 16 << 20
_MOST_PAGES = 100
_ALL_PAGES = 32
"""X gives 3,200 posts at most (X API notes, section 2); those that were deleted leave gaps in their pages."""

_REMEDIES = {
    RefusedKind.INVALID: "this version of the program and X's API disagree; look for an update",
    RefusedKind.UNAUTHORISED: "check the account's four keys and this machine's clock; if both are right, X may have an outage",
    RefusedKind.NO_CREDIT: "add credit in X's developer console",
    RefusedKind.FORBIDDEN: "check the app's permissions and the account's state on X",
    RefusedKind.RATE_LIMITED: "wait until X takes requests again",
}


class XChannel:
    """One account on X, by its API v2 with OAuth 1.0a.

    Safe to use from several threads: every call is a session and a connection of its own.
    """

    def __init__(  # noqa: PLR0913 - each is a setting of its own, given once, by name
        self,
        credentials: Credentials,
        *,
        base_url: str = X_API,
        times: RequestTimes,
        clock: Clock,
        checkpoint: Checkpoint,
        proxy: str | None = None,
        ca_bundle: str | None = None,
    ) -> None:
        """Raises SettingsMissing if the base URL, the proxy or the CA bundle cannot be used."""
        self._endpoint = endpoint(base_url, proxy=proxy, ca_bundle=ca_bundle)
        self._credentials = credentials
        self._times = times
        self._clock = clock
        self._checkpoint = checkpoint
        quiet.keep_quiet()

    def create(self, body: bytes, look: Look) -> Outcome:
        """Send one create request (see the port). What `look` or a checkpoint raises is raised, with nothing sent."""
        flight = Flight(self._clock, self._times, body, Guard(look, self._checkpoint))
        self._fly(flight, "POST", _POSTS)
        if flight.raised is not None:
            raise flight.raised
        if flight.first_byte_at is not None:
            self._checkpoint.after(Step.CREATE)
        return classify(flight, present=self._present, now=self._clock.now())

    def identity(self) -> Identity:
        """Ask whom the keys belong to."""
        answer = self._get("/2/users/me", {})
        document = answers.document(answer.body)
        data = document.get("data") if document else None
        user_id, handle = (data.get("id"), data.get("username")) if isinstance(data, dict) else (None, None)
        if not isinstance(user_id, str) or not is_id(user_id) or not isinstance(handle, str):
            raise ChannelUnreachable(f"X does not say whom the keys belong to: {self._words(answer)}")
        return Identity(user_id, handle, answers.server_date(answer.headers))

    def own_posts(self, user_id: str, *, since: str | None) -> Reading:
        """Read the account's own posts, newest first, all pages."""
        bound = lower_bound(since)
        query = {"max_results": "100"} | ({"since_id": bound} if bound else {})
        first = self._page_answer(user_id, query)
        page = page_of(first.body, user_id)
        posts = {post.post_id: post for post in page.posts}
        why_not, tokens = page.why_not, set[str]()
        while page.next_token and not why_not:
            if page.next_token in tokens or len(tokens) == _MOST_PAGES:
                why_not = "the pages of the timeline do not come to an end"
                break
            tokens.add(page.next_token)
            page = self._later_page(user_id, query | {"pagination_token": page.next_token})
            posts |= {post.post_id: post for post in page.posts}
            why_not = page.why_not
        newest_first = sorted(posts.values(), key=lambda post: int(post.post_id), reverse=True)
        why_not = self._present(why_not)
        return Reading(
            tuple(newest_first),
            whole=not why_not,
            why_not=why_not,
            server_date=answers.server_date(first.headers),
            cut=len(tokens) + 1 >= _ALL_PAGES,
        )

    def newest_own_post(self, user_id: str) -> str | None:
        """Read the id of the newest own post, None if the account has none."""
        page = page_of(self._page_answer(user_id, {"max_results": "5"}).body, user_id)
        if page.why_not:
            raise ChannelUnreachable(f"{self._present(page.why_not)}; try again later")
        return max((post.post_id for post in page.posts), key=int, default=None)

    def look_up(self, post_id: str) -> TimelinePost | None:
        """Read one post; None if X says that it is not there."""
        answer = self._get(f"{_POSTS}/{_checked(post_id)}", _READS_FIELDS, also=(404,))
        found = answers.problems(answer.body)
        document = answers.document(answer.body) or {}
        if "data" not in document and any(
            each.type.endswith("/problems/resource-not-found") for each in found
        ):
            return None
        if answer.status != 200 or (found and "data" not in document):
            raise self._refusal(answer, RefusedKind.FORBIDDEN)
        try:
            return post_of(document.get("data"))
        except Unreadable as error:
            raise ChannelUnreachable(f"X's answer about post {post_id} cannot be read: {error}") from None

    def delete(self, post_id: str) -> bool:
        """Delete a post; False if it was gone already."""
        answer = self._ask("DELETE", f"{_POSTS}/{_checked(post_id)}", {}, also=(404,))
        if answer.status == 404:
            return False
        data = (answers.document(answer.body) or {}).get("data")
        if isinstance(data, dict) and data.get("deleted") is True:
            return True
        raise ChannelUnreachable(f"X does not say that post {post_id} is deleted: {self._words(answer)}")

    def upload(self, media: MediaUpload) -> Uploaded:
        """Upload a picture or film with its alt text."""
        return Uploads(self._ask_about_media).upload(media)

    def upload_state(self, media_id: str) -> Uploaded:
        """Ask whether an upload can go with a post."""
        return Uploads(self._ask_about_media).state(_checked(media_id))

    def _ask_about_media(
        self, method: str, route: str, query: dict[str, str], letter: Letter | None
    ) -> Answer:
        return self._ask(method, route, query, also=(201, 202, 204), letter=letter)

    def _page_answer(self, user_id: str, query: dict[str, str]) -> Answer:
        return self._get(f"/2/users/{_checked(user_id)}/tweets", query | _READS_FIELDS)

    def _later_page(self, user_id: str, query: dict[str, str]) -> Page:
        try:
            return page_of(self._page_answer(user_id, query).body, user_id)
        except (ChannelRefused, ChannelUnreachable) as error:
            return Page(why_not=f"a page of the timeline did not come: {error}")

    def _get(self, route: str, query: dict[str, str], also: tuple[int, ...] = ()) -> Answer:
        return self._ask("GET", route, query, also=also)

    def _ask(
        self,
        method: str,
        route: str,
        query: dict[str, str],
        *,
        also: tuple[int, ...],
        letter: Letter | None = None,
    ) -> Answer:
        """Send a request that may be repeated; give its answer if the status is 200 or one of `also`."""
        flight = Flight(self._clock, self._times, max_answer=_LARGEST_PAGE)
        if letter is not None:
            flight.body, flight.kind = letter.body, letter.kind
        self._fly(flight, method, route, query)
        if flight.answer is None:
            raise ChannelUnreachable(
                f"X does not answer {method} {route}: {self._present(flight.fault)}; "
                "check the network and X's status page"
            )
        if flight.answer.status in (200, *also):
            return flight.answer
        kind = REFUSALS.get(
            flight.answer.status, RefusedKind.INVALID if flight.answer.status == 404 else None
        )
        if kind is None:
            raise ChannelUnreachable(
                f"X answers {method} {route} with {flight.answer.status}: {self._words(flight.answer)}; try again later"
            )
        raise self._refusal(flight.answer, kind)

    def _fly(self, flight: Flight, method: str, route: str, query: dict[str, str] | None = None) -> None:
        """Send by tweepy, which signs. What comes of it stands in the flight.

        Tweepy's own verdict is not asked: it trips over bodies that are no JSON object (X API notes, section 11).
        """
        client = tweepy.Client(
            consumer_key=self._credentials.api_key,
            consumer_secret=self._credentials.api_secret,
            access_token=self._credentials.access_token,
            access_token_secret=self._credentials.access_token_secret,
        )
        with Transport(self._endpoint, flight) as session:
            client.session = session
            try:
                client.request(method, route, params=query, user_auth=True)
            except Stopped:
                return
            except Exception as fault:
                flight.fault = describe(fault, flight)

    def _refusal(self, answer: Answer, kind: RefusedKind) -> ChannelRefused:
        message = f"X refuses with {answer.status}: {self._words(answer)}; {_REMEDIES[kind]}"
        return ChannelRefused(message, kind=kind, status=answer.status)

    def _words(self, answer: Answer) -> str:
        return self._present(answers.words(answer.status, answer.body))

    def _present(self, text: str) -> str:
        return presentable(text, self._credentials)


def _checked(given: str) -> str:
    """An id becomes part of the address: nothing but digits may."""
    if not is_id(given):
        raise InputError(f"{given!r} is not an id of X: give its digits only")
    return given
