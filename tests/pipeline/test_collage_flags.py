"""A photo that may no longer be shown takes the collages it is drawn into with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.candidates import gather
from newsroom.context import attention_count
from newsroom.editing import PhotoChange, edit, first_revision
from newsroom.models import Collage, Photo, Story
from newsroom.photos import barred, mask_of
from newsroom.workflow import MoveRefused, move
from photos import Edits
from pipeline import collages
from pipeline.prepare import queue_story
from pipeline.release import release
from pipeline.stores import originals
from tests.newsroom.screens import text_of
from tests.office import Office, picture
from tests.pipeline.test_flags import released, sent

TILE = Edits(blurs=((0, 0, 0.5, 0.5),)).to_json()


def collage_of(office: Office, rows: list[Photo]) -> Story:
    """Queue a collage of released photos, as it is chosen; a small picture stands in for the large one."""
    today = timezone.localdate()
    start = today - timedelta(days=100)
    story = queue_story(identity="collage uji", headline="Kolase Foto Uji", body="Isi.")
    drawn_from = [item.as_drawn() for item in gather(start, today).open]
    assert len(drawn_from) == len(rows)
    sha256 = originals().keep(picture(99, (96, 72)))
    Photo.objects.create(story=story, sha256=sha256, caption="Kolase.", drawn_from=drawn_from)
    first_revision(story, "collage")
    Collage.objects.create(start=start, end=today, story=story)
    return story


def drawn(office: Office, count: int = 3) -> tuple[Story, list[Photo]]:
    rows = released(office, count)
    return collage_of(office, rows), rows


def put_down(office: Office, photo: Photo, **fields: object) -> None:
    """Save a photo's flags and consent in its own story, as an editor does."""
    story = Story.objects.get(pk=photo.story_id)
    now = Photo.objects.get(pk=photo.pk)
    given = {"child": now.child, "consent": now.consent, "consent_from": now.consent_from, **fields}
    change = PhotoChange(photo.pk, now.caption, now.credit, now.alt, now.order, now.left_out, **given)
    edit(story, office.person(), {}, [change], seen=story.revision_id)


def said_in_attention(office: Office) -> str:
    client = Client()
    client.force_login(office.person())
    return text_of(client.get(reverse("attention")))


def test_a_collage_remembers_what_is_drawn_into_it(office: Office) -> None:
    rows = released(office, 6)
    today = timezone.localdate()
    row = collages.ask(today - timedelta(days=100), today)
    row.take("uji:1", Collage.objects.all())
    collages.make_collage(row)
    row.refresh_from_db()
    assert row.story is not None
    parts = row.story.photos.get().drawn_from
    assert [part["sha256"] for part in parts] == [photo.sha256 for photo in rows]
    assert [part["story"] for part in parts] == [photo.story_id for photo in rows]


def test_a_photo_flagged_after_its_collage_was_drawn_bars_the_collage_and_is_named(office: Office) -> None:
    story, rows = drawn(office)
    assert "Kolase yang belum boleh tayang" not in said_in_attention(office)
    count = attention_count()
    put_down(office, rows[2], child=True)
    said = said_in_attention(office)
    assert "Kolase yang belum boleh tayang" in said
    assert "Judul 2" in said
    assert "Foto “Foto 2” memperlihatkan anak" in said
    assert attention_count() == count + 2, "the photo in its own released story, and the collage"
    story.refresh_from_db()
    with pytest.raises(MoveRefused, match="Kolase ini memuat foto dari berita “Judul 2”"):
        move(story, "verify", office.person("lain"))
    put_down(office, rows[2], consent="written", consent_from="Formulir 7")
    assert "Kolase yang belum boleh tayang" not in said_in_attention(office)
    move(story, "verify", office.person("lain"))


def test_a_consent_taken_back_bars_the_collage_again(office: Office) -> None:
    story, rows = drawn(office)
    put_down(office, rows[0], child=True, consent="verbal", consent_from="Wali")
    assert not barred(story.photos.get())
    put_down(office, rows[0], child=True, consent="", consent_from="")
    assert barred(story.photos.get())
    assert story.photos.get().exposed


def test_a_part_is_hidden_by_a_blur_of_the_collage_and_another_part_flagged_later_is_not(
    office: Office,
) -> None:
    story, rows = drawn(office)
    put_down(office, rows[0], child=True)
    photo = story.photos.get()
    photo.edits = TILE
    assert barred(photo), "nobody has said that it hides the child"
    photo.masked = mask_of(photo)
    photo.save()
    assert not barred(photo)
    story.refresh_from_db()
    move(story, "verify", office.person("lain"))
    put_down(office, rows[1], child=True)
    assert "“Judul 1”" in barred(story.photos.get())


def test_a_verified_collage_is_not_released_and_a_released_one_is_not_sent(office: Office) -> None:
    story, rows = drawn(office)
    move(story, "verify", office.person("lain"))
    put_down(office, rows[2], child=True)
    assert story.take("uji:1", Story.objects.all())
    with pytest.raises(MoveRefused, match="Judul 2"):
        release(story)
    put_down(office, rows[2], child=False)
    release(story)
    put_down(office, rows[2], child=True)
    office.work()
    assert not [delivery for delivery in story.deliveries.all() if delivery.sent_version]
    assert not sent(office)
    assert "masih tayang" in said_in_attention(office)
    assert "Judul 2" in story.photos.get().exposed


def test_a_collage_sent_in_again_by_mail_is_held_to_the_same_parts(office: Office) -> None:
    story, rows = drawn(office)
    put_down(office, rows[0], child=True)
    other = Story.objects.create(key="lain", headline="Lain", received_at=timezone.now())
    again = Photo.objects.create(story=other, sha256=story.photos.get().sha256)
    assert barred(again)


def test_a_blur_readers_saw_is_what_was_drawn_and_needs_no_second_word(office: Office) -> None:
    rows = released(office, 2)
    story = rows[0].story
    story.refresh_from_db()
    photo = story.photos.get()
    photo.child, photo.edits = True, TILE
    photo.masked = mask_of(photo)
    photo.save()
    move(story, "correct", office.person(), "Dikaburkan.")
    made = collage_of(office, rows).photos.get()
    assert made.drawn_from[0]["edits"] == TILE
    assert not barred(made)
    Photo.objects.filter(pk=photo.pk).update(edits={}, masked={})
    assert not barred(made), "a blur undone in a draft undoes none that is burned in"
