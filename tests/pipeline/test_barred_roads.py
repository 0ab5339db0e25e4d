"""Every road a photo could take to readers, tried with one that must not be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.desk import retry
from newsroom.models import Photo, Story
from newsroom.workflow import MoveRefused, move
from pipeline.stores import originals
from tests.newsroom.screens import decide, form_of, page
from tests.office import SETTINGS, Office, coverage, picture
from tests.pipeline.test_flags import body, sent, verified

WORDPRESS = """
  - {name: portal, kind: wordpress, title: Portal, url: "http://127.0.0.1:9", user: redaksi,
     password_env: UJI_SANDI, categories: {default: 1}}
"""


def arrived(office: Office) -> Story:
    office.post(coverage(photos=1))
    office.work()
    story: Story = Story.objects.get()
    return story


def test_whoever_is_signed_out_is_shown_no_size_no_preview_and_no_original(office: Office) -> None:
    photo = arrived(office).photos.get()
    addresses = [
        *(reverse("photo", args=[photo.pk, size]) for size in ("kecil", "besar")),
        reverse("photo_preview", args=[photo.pk]),
        reverse("original_photo", args=[photo.pk]),
        reverse("original_mail", args=[photo.submission_id]),
        reverse("photo_edit", args=[photo.story_id, photo.pk]),
    ]
    for address in addresses:
        answer = Client().get(address)
        assert answer.status_code == 302, address
        assert answer["Location"].startswith(reverse("account_login"))


def test_a_site_that_was_away_receives_no_photo_that_was_flagged_meanwhile(
    office: Office, use: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UJI_SANDI", "sandi")
    use(SETTINGS + WORDPRESS.lstrip("\n"))
    story = verified(office)
    Story.objects.filter(pk=story.pk).update(sites=["portal"])
    office.work()
    delivery = story.deliveries.get()
    assert delivery.next_attempt_at, "nobody listens there, so it is tried again"
    story.photos.filter(order=0).update(document=True)
    retry(delivery, office.person())
    office.work()
    delivery.refresh_from_db()
    assert delivery.parked
    assert "pelat nomor" in delivery.error
    retry(delivery, office.person())
    office.work()
    delivery.refresh_from_db()
    assert "pelat nomor" in delivery.error, "asking again opens nothing"


@pytest.mark.parametrize("verb", ["verify", "correct", "restore"])
def test_the_screens_open_no_road_the_rules_close(office: Office, verb: str) -> None:
    story = arrived(office)
    if verb != "verify":
        move(story, "verify", office.person())
        office.work()
        story.refresh_from_db()
    if verb == "restore":
        move(story, "retract", office.person(), "Ditarik dahulu.")
        office.work()
        story.refresh_from_db()
    before = sent(office)
    client = Client()
    client.force_login(office.person())
    form = form_of(client.get(page(story)))
    form |= {f"foto-{story.photos.get().pk}-child": "on", f"note_{verb}": "Catatan."}
    answer = client.post(decide(story, verb), form)
    assert answer.status_code == 409
    assert "memperlihatkan anak" in answer.content.decode()
    office.work()
    assert sent(office) == before
    assert story.photos.get().child, "the flag itself was saved"


def test_a_retraction_takes_a_barred_photo_off_every_site(office: Office) -> None:
    story = verified(office)
    office.work()
    assert len(sent(office)) == 6
    story.refresh_from_db()
    story.photos.update(child=True)
    move(story, "retract", office.person(), "Ada anak.")
    office.work()
    assert not sent(office)
    with pytest.raises(MoveRefused):
        story.refresh_from_db()
        move(story, "restore", office.person(), "Dipulihkan.")


# What a browser, or somebody who is none, may send to the photo's table

AREA = {"kiri": "10", "atas": "10", "kanan": "30", "bawah": "30"}
HOSTILE: dict[str, dict[str, Any]] = {
    "no number": {"kanan": "NaN"},
    "endless": {"kanan": "inf"},
    "too large to hold": {"kanan": "1e999"},
    "below": {"kiri": "-5"},
    "beyond": {"kanan": "130"},
    "turned round": {"kiri": "60"},
    "of no width": {"kanan": "10"},
    "of no width at the edge": {"kiri": "100", "kanan": "100,9"},
    "markup": {"kiri": "<script>"},
    "very long": {"kiri": "9" * 200_000},
    "empty side": {"bawah": ""},
}


@pytest.mark.parametrize("name", HOSTILE)
def test_an_area_that_is_none_is_refused_and_changes_nothing(office: Office, name: str) -> None:
    photo = arrived(office).photos.get()
    client = Client()
    client.force_login(office.person())
    address = reverse("photo_edit", args=[photo.story_id, photo.pk])
    area = AREA | HOSTILE[name]
    form = form_of(client.get(address), "foto-sunting") | {
        f"kabur-{side}": [told] for side, told in area.items()
    }
    answer = client.post(address, form | {"child": "on", "tersamar": "on"})
    assert answer.status_code == 422
    assert "<script>" not in answer.content.decode().replace("<script src", "")
    if name != "very long":
        seen = client.get(
            reverse("photo_preview", args=[photo.pk]), {f"kabur-{k}": v for k, v in area.items()}
        )
        assert seen.status_code == 422
    assert Photo.objects.get(pk=photo.pk).edits == {}


@pytest.mark.parametrize(("count", "status"), [(50, 302), (51, 422), (1000, 422)])
def test_areas_are_limited_in_number(office: Office, count: int, status: int) -> None:
    photo = arrived(office).photos.get()
    client = Client()
    client.force_login(office.person())
    address = reverse("photo_edit", args=[photo.story_id, photo.pk])
    form = form_of(client.get(address), "foto-sunting")
    for side, told in AREA.items():
        form[f"kabur-{side}"] = [f"{float(told) + number * 0.01:.2f}" for number in range(count)]
    assert client.post(address, form).status_code == status


def test_an_area_of_which_a_side_was_lost_on_the_way_is_not_dropped_unseen(office: Office) -> None:
    photo = arrived(office).photos.get()
    client = Client()
    client.force_login(office.person())
    address = reverse("photo_edit", args=[photo.story_id, photo.pk])
    form = form_of(client.get(address), "foto-sunting") | {
        f"kabur-{side}": [told, told] for side, told in AREA.items()
    }
    answer = client.post(address, form | {"kabur-bawah": ["30"]})
    assert answer.status_code == 422
    assert Photo.objects.get(pk=photo.pk).edits == {}


def test_the_original_is_the_same_byte_for_byte_whatever_was_done_to_its_photo(office: Office) -> None:
    photo = arrived(office).photos.get()
    file = originals().path(photo.sha256)
    written = file.stat().st_mtime_ns
    client = Client()
    client.force_login(office.person())
    address = reverse("photo_edit", args=[photo.story_id, photo.pk])
    for told in ({**AREA}, {**AREA, "kiri": "5"}):
        form = form_of(client.get(address), "foto-sunting") | {f"kabur-{k}": [v] for k, v in told.items()}
        form |= {"potong-kanan": "80", "fokus-x": "40", "fokus-y": "40", "child": "on", "tersamar": "on"}
        assert client.post(address, form).status_code == 302
        for size in ("kecil", "besar"):
            assert body(client.get(reverse("photo", args=[photo.pk, size])))
    client.post(
        reverse("reset_photo", args=[photo.story_id, photo.pk]), form_of(client.get(address), "foto-sunting")
    )
    assert file.read_bytes() == picture(1)
    assert file.stat().st_mtime_ns == written
    assert Photo.objects.get(pk=photo.pk).edits == {}
