"""`--links`: what is asked, what is said where, and that nothing is asked without it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.application.link_check import LinkCheck
from bot.entrypoints.cli.session import Session
from tests.adapters.web.asking import HOST, NAMES, Names, probe
from tests.adapters.x_api.fault_server import FaultServer, Visit
from tests.certificates import Certificate, self_signed
from tests.cli.conftest import Bot


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return self_signed(tmp_path_factory.mktemp("tls"), NAMES)


def page_or_gone(visit: Visit) -> None:
    """A site that has every page but /gone."""
    visit.answer(404 if visit.read_request().target == "/gone" else 200)
    visit.wait_until_hung_up()


@dataclass
class Site:
    """A site, its links, and whether its name was looked up."""

    server: FaultServer
    names: Names
    certificate: Certificate

    def link(self, path: str) -> str:
        return f"https://{HOST}:{self.server.port}{path}"

    def session(self) -> Session:
        session = Session()
        program = session.program
        asking = probe(self.certificate, resolve=self.names)
        program.link_check = LinkCheck(asking, program.configuration)
        return session


@pytest.fixture
def site(certificate: Certificate, project: Path) -> Iterator[Site]:
    with FaultServer(page_or_gone, tls=certificate.server) as server:
        yield Site(server, Names(), certificate)


def write(path: str, *bodies: str) -> None:
    records = [
        f"- {{key: news-{number}, campaign: rsotenyears, due: 2099-03-0{number} 10:00, body: '{body}'}}\n"
        for number, body in enumerate(bodies, start=1)
    ]
    Path(path).write_text("".join(records))


def set_rule(level: str) -> None:
    with Path("schedules/rsotenyears.toml").open("a") as campaign:
        campaign.write(f'\nlint.link-answers = "{level}"\n')


def test_check_says_which_link_is_dead_and_where_it_stands(bot: Bot, site: Site) -> None:
    write("news.yaml", f"The report is out: {site.link('/gone')}", f"Its summary: {site.link('/summary')}")
    ended = bot("check", "news.yaml", "--links", session=site.session())
    dead = f"'{site.link('/gone')}' is not there (404)"
    warning = f"warning: news.yaml:1: news-1: post 1: {dead} [link-answers]"
    assert [line for line in ended.lines if "link-answers" in line] == [warning]
    assert (ended.code, ended.err) == (0, "note: 2 links asked\n")

    (card, other) = bot("check", "news.yaml", "--links", "--json", session=site.session()).json[
        "announcements"
    ]
    (finding,) = [each for each in card["warnings"] if each["rule"] == "link-answers"]
    text = card["posts"][0]["text"]
    assert text[finding["start"] : finding["end"]] == finding["words"] == site.link("/gone")
    assert not [each for each in other["warnings"] if each["rule"] == "link-answers"]


@pytest.mark.parametrize("command", [("check",), ("preview",), ("preview", "--json"), ("check", "--json")])
def test_without_the_option_nothing_is_asked(
    bot: Bot, queue: Path, site: Site, command: Sequence[str]
) -> None:
    write("news.yaml", f"The report is out: {site.link('/gone')}")
    bot(command[0], "news.yaml", *command[1:], session=site.session())
    assert site.names.asked == []
    assert site.server.visits == []


def test_a_link_of_several_posts_and_files_is_asked_once(bot: Bot, site: Site) -> None:
    write("news.yaml", f"The report is out: {site.link('/a')}", f"The report again: {site.link('/a')}")
    Path("note.txt").write_text(f"The report: {site.link('/a')}")
    ended = bot("check", "news.yaml", "note.txt", "--links", session=site.session())
    assert ended.err == "note: 1 link asked\n"
    assert len(site.server.visits) == 1


def test_a_text_without_a_record_is_asked_too(bot: Bot, site: Site) -> None:
    Path("note.txt").write_text(f"The report: {site.link('/gone')}\n")
    ended = bot("check", "note.txt", "--links", session=site.session())
    assert ended.code == 0
    assert ended.lines[1:] == [f"warning: note.txt: '{site.link('/gone')}' is not there (404) [link-answers]"]
    (text,) = bot("check", "note.txt", "--links", "--json", session=site.session()).json["texts"]
    assert text["warnings"][0]["words"] == site.link("/gone")
    assert bot("check", "note.txt", "--json").json["texts"][0]["warnings"] == []


def test_preview_asks_what_is_queued_and_what_lies_in_a_file(bot: Bot, queue: Path, site: Site) -> None:
    write("news.yaml", f"The report is out: {site.link('/gone')}")
    assert "[link-answers]" in bot("preview", "news.yaml", "--links", session=site.session()).out
    assert bot("queue", "import", "news.yaml").code == 0
    ended = bot("preview", "--links", "--html", "page.html", session=site.session())
    assert ended.err == "note: 1 link asked\n"
    assert "is not there (404)" in Path("page.html").read_text()


@pytest.mark.parametrize(("level", "code", "asked"), [("off", 0, 0), ("warning", 0, 1), ("problem", 1, 1)])
def test_a_campaign_says_how_much_a_dead_link_matters(
    bot: Bot, site: Site, level: str, code: int, asked: int
) -> None:
    set_rule(level)
    write("news.yaml", f"The report is out: {site.link('/gone')}")
    ended = bot("check", "news.yaml", "--links", session=site.session())
    assert (ended.code, len(site.names.asked)) == (code, asked)
    assert ended.out.count("[link-answers]") == asked


def test_of_an_approved_text_it_is_a_warning_however_strict_the_campaign_is(
    bot: Bot, queue: Path, site: Site
) -> None:
    set_rule("problem")
    write("news.yaml", f"The report is out: {site.link('/gone')}")
    assert bot("queue", "import", "news.yaml", "--approve", "--yes").code == 0
    ended = bot("preview", "news-1", "--links", "--json", session=site.session())
    (card,) = ended.json["announcements"]
    assert (ended.code, card["frozen"], card["problems"]) == (0, True, [])
    assert "link-answers" in [each["rule"] for each in card["warnings"]]


@pytest.mark.parametrize(
    ("command", "says"),
    [
        (("check", "--json", "-", "--links"), "texts line by line are weighed only"),
        (("preview", "--diff", "--links"), "--diff and --links: give one of the two"),
    ],
)
def test_where_nothing_can_be_asked_it_says_so(
    bot: Bot, queue: Path, command: Sequence[str], says: str
) -> None:
    ended = bot(*command)
    assert ended.code == 2
    assert says in ended.err


def test_with_a_proxy_it_says_what_cannot_be_checked(bot: Bot, project: Path) -> None:
    with (project / ".env").open("a") as env:
        env.write("BOT_PROXY=http://127.0.0.1:1\n")
    write("news.yaml", "The report is out: http://news.example.org/report")
    ended = bot("check", "news.yaml", "--links")
    assert "asked by the proxy of BOT_PROXY: to which addresses it connects" in ended.err
    assert "is http: only https is asked" in ended.out
