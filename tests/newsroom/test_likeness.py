"""Which photos are one photo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from newsroom.editing import first_revision
from newsroom.likeness import bursts, count_same, is_among, mark_alike
from newsroom.models import Person, Photo, Story
from tests.newsroom.screens import enter, form_of, fresh, make_story, page, save, text_of
from tests.office import Office

HELD = ("a" * 64, f"{0b1111_0000_1111_0000:016x}")


@pytest.mark.parametrize(("bits", "same"), [(0, True), (5, True), (6, False), (32, False)])
def test_a_photo_compressed_again_differs_in_few_bits(bits: int, same: bool) -> None:
    dhash = f"{int(HELD[1], 16) ^ ((1 << bits) - 1) << 20:016x}"
    assert is_among({"sha256": "b" * 64, "dhash": dhash}, [HELD]) is same


def test_the_same_bytes_are_the_same_photo_and_no_likeness_is_like_nothing() -> None:
    assert is_among({"sha256": "a" * 64, "dhash": ""}, [HELD])
    assert not is_among({"sha256": "b" * 64, "dhash": ""}, [("a" * 64, "")])
    assert not is_among({"sha256": "b" * 64}, [HELD])


def test_pictures_are_counted_once_each() -> None:
    ours = [{"sha256": "a" * 64, "dhash": ""}, {"sha256": "c" * 64, "dhash": HELD[1]}, {"sha256": "d" * 64}]
    assert count_same(ours, [HELD, HELD]) == 2


# Photos that look alike, among the archive's and within one story


BASE = 0x3C5A_96E1_0F7B_D248


def put(story: Story, number: int, bits: int, **fields: Any) -> Photo:
    """Give the story a photo whose likeness differs from the others' in `bits` bits."""
    dhash = f"{BASE ^ ((1 << bits) - 1) << 20:016x}"
    sha256 = f"{story.pk:032d}{number:032d}"
    given = {"sha256": sha256, "dhash": dhash, "width": 4000, "height": 3000, "order": number, **fields}
    return Photo.objects.create(story=story, **given)


def shot(second: int) -> datetime:
    return datetime(2026, 11, 20, 9, 0, second, tzinfo=UTC)


def alike_of(story: Story, photo: Photo) -> list[Photo]:
    rows = list(story.photos.all())
    mark_alike(story, rows)
    return list(next(row for row in rows if row.pk == photo.pk).alike)  # type: ignore[attr-defined]


@pytest.mark.parametrize(("bits", "found"), [(0, True), (3, True), (7, True), (8, False), (30, False)])
def test_a_like_photo_of_the_archive_is_found_by_how_few_bits_differ(
    office: Office, bits: int, found: bool
) -> None:
    old, new = make_story(office, 1, photos=0), make_story(office, 2, photos=0)
    other = put(old, 1, bits)
    assert (other in alike_of(new, put(new, 1, 0))) is found


def test_the_same_file_in_another_story_is_told_elsewhere_and_not_twice(office: Office) -> None:
    old, new = make_story(office, 1, photos=0), make_story(office, 2, photos=0)
    same = put(old, 1, 0)
    mine = put(new, 1, 0, sha256=same.sha256)
    assert alike_of(new, mine) == []


def test_photos_of_one_story_are_told_by_their_scene_and_a_plain_surface_is_like_nothing(
    office: Office,
) -> None:
    story = make_story(office, 1, photos=0)
    first, second, third = put(story, 1, 0), put(story, 2, 10), put(story, 3, 25)
    plain = put(story, 4, 0, dhash="")
    assert alike_of(story, first) == [second]
    assert alike_of(story, third) == []
    assert alike_of(story, plain) == []


def test_the_sharpest_of_a_burst_is_proposed(office: Office) -> None:
    story = make_story(office, 1, photos=0)
    blurred = put(story, 1, 0, taken_at=shot(1), sharpness=40.0, exposure=0.5)
    sharp = put(story, 2, 4, taken_at=shot(2), sharpness=300.0, exposure=0.5)
    dark = put(story, 3, 8, taken_at=shot(9), sharpness=280.0, exposure=0.03)
    put(story, 4, 6, taken_at=shot(50), sharpness=900.0, exposure=0.5)
    put(story, 5, 30, taken_at=shot(2), sharpness=900.0, exposure=0.5)
    (burst,) = bursts(list(story.photos.all()))
    assert burst.best == sharp
    assert set(burst.others) == {blurred, dark}


def test_without_measures_the_largest_is_proposed_and_without_times_only_nearly_equal_ones(
    office: Office,
) -> None:
    story = make_story(office, 1, photos=0)
    small = put(story, 1, 0, width=800, height=600)
    large = put(story, 2, 5)
    put(story, 3, 16)
    (burst,) = bursts(list(story.photos.all()))
    assert (burst.best, burst.others) == (large, (small,))


def test_one_tap_leaves_the_others_out_and_one_takes_them_back(office: Office, editor: Person) -> None:
    story = make_story(office, 1, photos=0)
    for number in range(3):
        put(story, number, number, taken_at=shot(number), sharpness=10.0 * number)
    first_revision(story, "receive")
    client = enter(editor)
    shown = client.get(page(story))
    assert "3 foto dari saat yang sama" in text_of(shown)
    assert story.photos.filter(left_out=True).count() == 0, "nothing is done by itself"
    best = story.photos.get(order=2)
    client.post(reverse("leave_out", args=[story.pk, best.pk]), form_of(shown))
    assert list(story.photos.filter(left_out=False)) == [best]
    assert fresh(story).log.latest("id").verb == "leave_out"
    again = client.get(page(story))
    assert "dari saat yang sama" not in text_of(again)
    client.post(reverse("put_photos_back", args=[story.pk]), form_of(again))
    assert story.photos.filter(left_out=False).count() == 3
    assert len(fresh(story).revision.photos) == 3  # type: ignore[union-attr]
    late = client.post(
        reverse("put_photos_back", args=[story.pk]), form_of(client.get(page(story))), follow=True
    )
    assert "Tidak ada yang dapat diurungkan" in text_of(late)


def test_a_page_that_is_behind_leaves_nothing_out(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office, 1, photos=0)
    for number in range(2):
        put(story, number, number, taken_at=shot(number), sharpness=10.0 * number)
    first_revision(story, "receive")
    late = form_of(enter(second_editor).get(page(story)))
    client = enter(editor)
    client.post(save(story), form_of(client.get(page(story))) | {"headline": "Judul lain"})
    best = story.photos.get(order=1)
    answer = enter(second_editor).post(reverse("leave_out", args=[story.pk, best.pk]), late)
    assert answer.status_code == 409
    assert not story.photos.filter(left_out=True).exists()


@pytest.mark.sqlite
def test_the_archive_is_searched_by_index_and_not_row_by_row(office: Office) -> None:
    story = make_story(office, 1, photos=0)
    put(story, 1, 0)
    with CaptureQueriesContext(connection) as asked:
        mark_alike(story, list(story.photos.all()))
    query = next(entry["sql"] for entry in asked.captured_queries if '"band_0" IN' in entry["sql"])
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN QUERY PLAN {query}")
        plan = " ".join(str(row[-1]) for row in cursor.fetchall())
    assert plan.count("USING INDEX") >= 4, plan
    assert "SCAN newsroom_photo" not in plan
