"""What has been uploaded is used again for the same bytes, alt text and account, and for nothing else."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from bot.adapters.store.store import SqlStore
from bot.application.ports.posts import NewPost
from bot.application.ports.store import Store
from bot.application.ports.uploads import KeptUpload
from bot.domain.media import MediaFacts, MediaKind, PostMedia
from tests.contract.database import OTHER, RSO, Database, minutes, queue

FACTS = MediaFacts(
    "a" * 64, MediaKind.VIDEO, "video/mp4", 17_238, 320, 240, 10, 1.0, 10.0, ("AVC", "AAC"), "4:2:0"
)
MEDIA = PostMedia("pictures/film.mp4", "Delegates around a table in กรุงเทพฯ", FACTS)
KEPT = KeptUpload("1800000000000000001", minutes(60), ready=False, check_at=minutes(1))

OTHERS = [
    replace(MEDIA, alt="Other words"),
    replace(MEDIA, facts=replace(FACTS, sha256="b" * 64)),
    replace(MEDIA, facts=replace(FACTS, scaled=True)),
]


def test_an_upload_is_found_again_whatever_its_file_is_called(store: Store) -> None:
    with store.writing() as tx:
        tx.uploads.keep(RSO, MEDIA, KEPT)
    with store.reading() as tx:
        assert tx.uploads.find(RSO, replace(MEDIA, path="elsewhere.mp4")) == KEPT


@pytest.mark.parametrize("other", OTHERS, ids=["alt text", "bytes", "size"])
def test_an_upload_serves_no_other_media_and_no_other_account(store: Store, other: PostMedia) -> None:
    with store.writing() as tx:
        tx.uploads.keep(RSO, MEDIA, KEPT)
        assert tx.uploads.find(RSO, other) is None
        assert tx.uploads.find(OTHER, MEDIA) is None


def test_a_newer_upload_takes_the_place_of_the_one_before_and_can_be_forgotten(store: Store) -> None:
    ready = KeptUpload("1800000000000000002", minutes(90), ready=True)
    with store.writing() as tx:
        tx.uploads.keep(RSO, MEDIA, KEPT)
        tx.uploads.keep(RSO, MEDIA, ready)
        assert tx.uploads.find(RSO, MEDIA) == ready
        tx.uploads.forget(RSO, MEDIA)
        assert tx.uploads.find(RSO, MEDIA) is None


def test_a_frozen_post_keeps_its_media_as_they_were_approved(store: SqlStore, database: Database) -> None:
    announcement = queue(store)
    with store.writing() as tx:
        (post,) = tx.posts.freeze(announcement.id, RSO, [NewPost(0, "Text", Decimal(0), media=(MEDIA,))])
    assert post.media == (MEDIA,)
    assert database.refusal("UPDATE posts SET media = '[]'") == "bot: an approved post is frozen"
