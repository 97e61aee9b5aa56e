"""What will break, when, and which posts there are: drawn from a seed beforehand, so that it can be kept and replayed.

What the operating system makes of it (which thread runs when, how far a worker has come when it is killed) is not replayed.
"""

from __future__ import annotations

import json
import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from itertools import cycle, islice

from bot.application.ports.checkpoint import Step
from bot.domain.profile import Profile
from bot.sandbox.faults import CREATE, MEDIA
from tests.storm.texts import text_of

SCALE = 0.025
"""What the times of the protocol are multiplied by: three seconds of settling."""
FOR_PEOPLE = ("401", "402", "dup_no_match", "identity_401")
"""Faults that rightly stop an account or a post until a person has looked: they have a part of their own, the last one."""
BREAKING = tuple(kind for kind in CREATE if kind not in FOR_PEOPLE)
READING = (
    "stale_reading", "errors_200", "timeline_503", "timeline_429", "look_up_503", "resolved_links",
)  # fmt: skip
BLOWS = (
    "x_kill", "link_cut", "clock", "x_kill", "disk_full", "hand", "x_restart", "locked", "hand", "descriptors", "x_kill",
    "memory", "link_cut", "hand",
)  # fmt: skip
"""What happens to everything but the workers, in turn."""
PLACES = tuple(f"{when}:{step}" for step in Step for when in ("before", "after"))
HANDS = ("edit", "near", "post", "edit", "delete", "near")
ZONES = (
    "Asia/Jakarta", "Asia/Phnom_Penh", "Asia/Vientiane", "Asia/Ho_Chi_Minh", "Asia/Pontianak", "Asia/Hovd",
    "Indian/Christmas", "Asia/Novosibirsk",
)  # fmt: skip
"""Zones of the same rules, which change during a storm, one after the other."""
SHAPES = (1, 1, 1, 2, 1, 3, 1, 2, 1, 4)
"""How many posts announcements have, in turn."""
FILES = (
    ("convert.jpg",),
    ("convert.png", "convert.webp"),
    ("convert-animated.gif",),
    ("convert.jpg",),
    ("ffmpeg.mp4",),
)
"""What goes with every seventh announcement, single posts and threads, in turn."""
PART_FOR_PEOPLE = 0.88
"""The share of the time after which that part begins."""
QUEUED_UNTIL = 0.92


@dataclass(frozen=True, slots=True)
class Wish:
    """What is asked for. `scale` is what all times of the protocol are multiplied by."""

    seed: int
    minutes: float
    workers: int
    accounts: int
    posts: int
    scale: float = SCALE

    @property
    def seconds(self) -> float:
        return self.minutes * 60

    @property
    def pace(self) -> float:
        """How much slower things follow one another when the program's times are long."""
        return max(1.0, math.pow(self.scale / SCALE, 0.75))


@dataclass(frozen=True, slots=True)
class Life:
    """What becomes of one worker: after so many seconds, or at the n-th time at a place, it is killed or frozen.

    `deed`: kill, freeze (thawed after `length`, and killed `tail` seconds later), dies_frozen, calm (ended in good order).
    """

    deed: str
    after: float
    place: str = ""
    count: int = 1
    length: float = 0.0
    tail: float = 0.0


@dataclass(frozen=True, slots=True)
class Blow:
    """Something that breaks at a second of the storm, for so many seconds; `number` picks one among what is there then."""

    at: float
    kind: str
    seconds: float
    amount: float = 0.0
    number: int = 0


@dataclass(frozen=True, slots=True)
class Spell:
    """The faults of the stand-in from a second on."""

    at: float
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queued:
    """An announcement: the account's number, the texts of its posts, the files that go with the first of them.

    `zone`: it has a time in a zone that will change.
    """

    account: int
    texts: tuple[str, ...]
    media: tuple[str, ...] = ()
    zone: str = ""

    def alt(self, file: str) -> str:
        """Give the alt text of one of its files; no other announcement has the same, so that none shares an upload."""
        return f"{file} for {self.texts[0]}"


@dataclass(frozen=True, slots=True)
class Wave:
    """Announcements that are queued at a second of the storm, due a little later."""

    at: float
    announcements: tuple[Queued, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that is drawn."""

    wish: Wish
    lives: tuple[tuple[Life, ...], ...]
    """For each worker's place the workers that follow one another there."""
    blows: tuple[Blow, ...]
    spells: tuple[Spell, ...]
    waves: tuple[Wave, ...]
    zones: tuple[str, ...] = field(default=())

    def as_text(self) -> str:
        """Write it down, the same for the same wish."""
        return json.dumps(asdict(self), indent=1, ensure_ascii=False)


def draw(wish: Wish) -> Plan:
    """Draw a plan; the same wish gives the same one."""
    dice = random.Random(
        f"{wish.seed} {wish.minutes} {wish.workers} {wish.accounts} {wish.posts} {wish.scale}"
    )
    times = Profile().scaled(wish.scale)
    zones = ZONES[: max(1, round(wish.minutes / 2))]
    return Plan(
        wish=wish,
        lives=tuple(tuple(_lives(dice, wish, times)) for _ in range(wish.workers)),
        blows=tuple(_blows(dice, wish, times, zones)),
        spells=tuple(_spells(dice, wish, times)),
        waves=tuple(_waves(dice, wish, zones)),
        zones=zones,
    )


def _lives(dice: random.Random, wish: Wish, times: Profile) -> Iterator[Life]:
    """More than fit into the time: a worker that ends early is followed by the next.

    What is absent is settled by a worker that lives through a whole settling time, so that some are left alone.
    """
    kinds = "kkpkfkppkkdkpkfk"
    calm_every = 22 * wish.workers
    number = 0
    left = wish.seconds * 1.5
    while left > 0:
        number += 1
        life = _life(dice, "c" if number % calm_every == 0 else dice.choice(kinds), wish, times)
        left -= life.after * 0.5 + life.length + life.tail
        yield life


def _life(dice: random.Random, kind: str, wish: Wish, times: Profile) -> Life:
    after = dice.uniform(0.05, 0.45) * wish.pace
    past_all = times.settling + times.total
    past_requests = max(times.lease, times.total, times.user_timeout)
    length = dice.choice([past_requests * 1.1, past_requests * 1.3, past_requests * 1.5, past_all * 1.1])
    tail = dice.uniform(0.2, 0.6) * wish.pace
    place, count = dice.choice(PLACES), dice.randint(1, 4)
    if kind == "c":
        return Life("calm", times.settling * 2.4)
    if kind == "k":
        return Life("kill", after)
    if kind == "p":
        return Life("kill", after, place, count)
    if kind == "d":
        return Life("dies_frozen", after, place, count, times.total * dice.uniform(0.5, 1.5))
    # Above all between the standing connection and the first byte, and with that byte in hand.
    place = dice.choice([place, "before:guard", "before:create", ""])
    return Life("freeze", after, place, count, length, tail)


def _blows(dice: random.Random, wish: Wish, times: Profile, zones: Sequence[str]) -> Iterator[Blow]:
    every = min(3.2 * wish.pace, wish.seconds * 0.8 / len(BLOWS))
    hands = cycle(HANDS)
    found = []
    for number, kind in enumerate(islice(cycle(BLOWS), int(wish.seconds * 0.9 / every))):
        at = every * (number + dice.uniform(0.2, 0.8))
        seconds, amount = _strength(dice, kind, wish, times)
        which = next(hands) if kind == "hand" else kind
        found.append(Blow(round(at, 3), which, round(seconds, 3), amount, dice.randrange(10**6)))
    for number, _ in enumerate(zones):
        at = wish.seconds * 0.85 * (number + 0.6) / len(zones)
        found.append(Blow(round(at, 3), "zone", 0.0, number=number))
    yield from sorted(found, key=lambda blow: blow.at)


def _strength(dice: random.Random, kind: str, wish: Wish, times: Profile) -> tuple[float, float]:
    """How long it lasts (seconds), and how strong it is."""
    match kind:
        case "x_kill" | "x_restart":
            return dice.uniform(0.05, 0.5) * wish.pace, 0.0
        case "link_cut":
            return dice.choice([dice.uniform(0.05, 0.4) * wish.pace, times.user_timeout * 1.3]), 0.0
        case "clock":
            # To and fro by what X's clock lets pass at once, by what it does not, and by what nobody notices.
            step = dice.choice([-25.0, -3.0, -0.5, 0.7, 4.0, 25.0, -70.0, 70.0])
            return dice.uniform(0.5, 2.0) * wish.pace, step
        case "locked":
            # A minute of the protocol's time, and once in a while longer than a writer's patience of ten real seconds.
            return (10.8 if dice.random() < 0.1 and wish.seconds > 120 else 60 * wish.scale), 0.0
        case "descriptors" | "memory":
            return dice.uniform(0.4, 1.2) * wish.pace, dice.choice([0, 1, 2, 3])
        case _:
            return dice.uniform(0.4, 1.6) * wish.pace, 0.0


def _spells(dice: random.Random, wish: Wish, times: Profile) -> Iterator[Spell]:
    every = min(5.0 * wish.pace, wish.seconds / 12)
    creates, reads = _shuffled(dice, BREAKING), _shuffled(dice, READING)
    for number in range(int(wish.seconds / every)):
        at = number * every
        kinds = [next(creates) for _ in range(4)]
        share = dice.choice([3.0, 6.0, 10.0])
        faults = [_fault(dice, kind, share, times) for kind in kinds]
        faults += [_fault(dice, next(reads), dice.choice([20.0, 50.0]), times) for _ in range(2)]
        # Always: what is out and does not show yet, and what will be out though nobody answered.
        faults += [_fault(dice, "lag", 70.0, times), _fault(dice, "exec_delay", 8.0, times)]
        faults += [_fault(dice, kind, 20.0, times) for kind in MEDIA]
        faults.append(_fault(dice, dice.choice(["silent_close", "latency"]), 50.0, times))
        if at >= wish.seconds * PART_FOR_PEOPLE:
            faults += [
                _fault(dice, kind, 25.0 if kind.startswith("id") else 4.0, times) for kind in FOR_PEOPLE
            ]
        yield Spell(round(at, 3), tuple(faults))


def _shuffled(dice: random.Random, kinds: Sequence[str]) -> Iterator[str]:
    """Give all kinds in some order, then all in another: none is left out for long."""
    while True:
        yield from dice.sample(kinds, len(kinds))


def _fault(dice: random.Random, kind: str, share: float, times: Profile) -> str:
    """X's delays together stay within what the settling time allows for: a request carried out late, and shown late."""
    seconds = {
        "exec_delay": times.settling * dice.uniform(0.2, 0.45),
        "lag": times.settling * dice.uniform(0.05, 0.15),
        "stale_reading": times.settling * dice.uniform(0.05, 0.1),
        "429": dice.uniform(0.1, 0.9),
        "latency": times.read * dice.uniform(0.05, 0.3),
        "silent_close": times.guard * dice.uniform(0.5, 6),
    }
    return f"{kind}:{share:g}%" + (f":{seconds[kind]:.3f}" if kind in seconds else "")


def _waves(dice: random.Random, wish: Wish, zones: Sequence[str]) -> Iterator[Wave]:
    """As many posts as were asked for, spread over the time."""
    queued = list(_announcements(dice, wish, wish.posts - 2 * len(zones)))
    every = 2.5 * wish.pace
    number_of = max(1, int(wish.seconds * QUEUED_UNTIL / every))
    moved = dict(_zone_waves(dice, wish, zones, number_of, every))
    for number in range(number_of):
        some = queued[len(queued) * number // number_of : len(queued) * (number + 1) // number_of]
        yield Wave(round(number * every, 3), (*some, *moved.get(number, [])))


def _announcements(dice: random.Random, wish: Wish, wanted: int) -> Iterator[Queued]:
    posts, shapes = 0, cycle(SHAPES)
    for number in range(wanted):
        size = min(next(shapes), wanted - posts)
        if size <= 0:
            return
        texts = tuple(text_of(dice, f"{number}.{part}") for part in range(size))
        media = FILES[number // 7 % len(FILES)] if number % 7 == 3 else ()
        yield Queued(number % wish.accounts, texts, media)
        posts += size


def _zone_waves(
    dice: random.Random, wish: Wish, zones: Sequence[str], waves: int, every: float
) -> Iterator[tuple[int, list[Queued]]]:
    """Two announcements for each zone, queued shortly before its data change."""
    for number, zone in enumerate(zones):
        at = wish.seconds * 0.85 * (number + 0.6) / len(zones)
        some = [
            Queued(number % wish.accounts, (text_of(dice, f"{zone} {part}"),), zone=zone) for part in range(2)
        ]
        yield min(waves - 1, max(0, int(at / every) - 1)), some
