"""No photo readers must not see goes to a site or into a collage, whatever happened in between."""

from __future__ import annotations

import io
import random
from datetime import timedelta

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageChops, ImageStat

from newsroom.candidates import gather, propose
from newsroom.editing import first_revision
from newsroom.models import Collage, Consent, Photo, Story
from newsroom.photos import FLAGS, as_sealed, barred, mask_of
from newsroom.workflow import move
from photos import Edits
from pipeline import collage_outputs
from pipeline.collages import CollageRefused, ask, check_open, make_collage, recipe_of
from pipeline.release import release
from pipeline.stores import originals
from tests.office import Office, coverage, picture

BLUR = Edits(blurs=((0.1, 0.1, 0.6, 0.6),)).to_json()


def verified(office: Office, number: int = 1) -> Story:
    """Bring a story with two photos as far as its verification; the worker has not sent it."""
    name = f"<{number}@contoh.example>"
    office.post(coverage(f"Kegiatan {number}", message_id=name, seed=10 * number))
    office.work()
    story: Story = Story.objects.latest("id")
    move(story, "verify", office.person())
    return story


def sent(office: Office) -> list[bytes]:
    return [path.read_bytes() for path in (office.folder / "situs").rglob("*.jpg")]


@pytest.mark.parametrize("flag", FLAGS)
def test_a_photo_flagged_between_verification_and_release_holds_the_story_before_anything_is_sent(
    office: Office, flag: str
) -> None:
    story = verified(office)
    story.photos.filter(order=0).update(**{flag: True})
    office.work()
    assert not sent(office)
    story.refresh_from_db()
    assert (story.state, story.parked) == ("verified", True)
    assert "Batalkan verifikasinya" in story.error
    assert not story.deliveries.exists()


def test_a_held_story_goes_out_once_it_was_opened_again_without_the_photo(office: Office) -> None:
    story = verified(office)
    story.photos.filter(order=0).update(child=True)
    office.work()
    story.refresh_from_db()
    move(story, "reopen", office.person())
    story.photos.filter(order=0).update(left_out=True)
    move(story, "verify", office.person())
    office.work()
    assert len(sent(office)) == 3, "the other photo, on three sites, and no reader is told of a correction"


def test_a_photo_flagged_between_release_and_sending_is_not_sent(office: Office) -> None:
    story = verified(office)
    assert story.take("uji:1", Story.objects.all())
    release(story)
    story.photos.filter(order=0).update(child=True)
    office.work()
    assert not sent(office)
    for delivery in story.deliveries.all():
        assert delivery.parked
        assert "belum dikirim ke situs" in delivery.error
    story.refresh_from_db()
    story.photos.filter(order=0).update(left_out=True)
    move(story, "correct", office.person("lain"), "Foto dikeluarkan.")
    office.work()
    assert len(sent(office)) == 3, "the correction is tried without anybody asking for it"


def test_a_flag_holds_a_photo_that_is_on_no_row_any_more(office: Office) -> None:
    story = verified(office)
    other = Story.objects.create(key="lain", headline="Lain", received_at=timezone.now())
    sealed = story.sealed()
    sealed.photos[0]["victim"] = True
    sealed.save()
    story.photos.update(story=other)
    office.work()
    assert not sent(office)


def test_sites_receive_the_blur_and_a_correction_replaces_the_photo_they_had(office: Office) -> None:
    story = verified(office)
    office.work()
    before = sent(office)
    story.refresh_from_db()
    photo = story.photos.get(order=0)
    photo.child, photo.edits = True, BLUR
    photo.masked = mask_of(photo)
    photo.save()
    move(story, "correct", office.person("lain"), "Wajah dikaburkan.")
    office.work()
    after = sent(office)
    assert len(before) == len(after) == 6
    assert len(set(before) - set(after)) == 1, "the unblurred one is gone from every site"
    (blurred,) = set(after) - set(before)
    (plain,) = set(before) - set(after)
    face = (80, 80, 360, 260)
    difference = ImageChops.difference(_part(blurred, face), _part(plain, face))
    assert sum(ImageStat.Stat(difference).mean) > 3
    assert originals().read(photo.sha256) == picture(11), "the original is as it came"


def _part(data: bytes, box: tuple[int, int, int, int]) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("RGB").crop(box)


# Collages


def released(office: Office, count: int) -> list[Photo]:
    """Give the office released stories with `count` photos, without mails and sites."""
    photos = []
    for number in range(count):
        story = Story.objects.create(
            key=f"k{number}", headline=f"Judul {number}", body="Isi.", received_at=timezone.now()
        )
        sha256 = originals().keep(picture(number + 1, (96, 72)))
        photos.append(Photo.objects.create(story=story, sha256=sha256, caption=f"Foto {number}"))
        first_revision(story, "receive")
        story.sites = ["kota"]
        story.save()
        move(story, "verify", office.person())
        Story.objects.filter(pk=story.pk).update(state="released")
    return photos


def test_a_collage_never_chooses_a_barred_photo(office: Office) -> None:
    rows = released(office, 14)
    today = timezone.localdate()
    let_in = 0
    for seed in range(40):
        chance = random.Random(seed)
        for photo in rows:
            for flag in FLAGS:
                setattr(photo, flag, chance.random() < 0.3)
            photo.consent = chance.choice(["", *Consent.values])
            photo.consent_from = chance.choice(["", "Wali"])
            photo.edits = chance.choice([{}, BLUR])
            photo.masked = chance.choice([{}, mask_of(photo)])
        Photo.objects.bulk_update(rows, [*FLAGS, "consent", "consent_from", "edits", "masked"])
        readers_see = [as_sealed(Photo(sha256=photo.sha256)) for photo in rows]
        open_ones = {
            photo.sha256
            for photo, shown in zip(rows, readers_see, strict=True)
            if not barred(photo) and not barred(photo, shown)
        }
        found = gather(today - timedelta(days=100), today)
        chosen = {one.sha256 for one in propose(found, 24).chosen}
        assert chosen == open_ones, seed
        let_in += len(chosen)
    assert 0 < let_in < 40 * 14, "both happened"


def made_of(row: Collage) -> bytes:
    """Return the printed page of a collage that is made now; its row waits again afterwards."""
    row.take("uji:1", Collage.objects.all())
    Collage.objects.filter(pk=row.pk).update(to_queue=False)
    row.refresh_from_db()
    make_collage(row)
    return collage_outputs.read(row.outputs["key"], collage_outputs.PRINT)


def test_a_photo_flagged_in_one_story_stays_out_by_way_of_another(office: Office) -> None:
    rows = released(office, 8)
    Photo.objects.create(
        story=Story.objects.create(key="lain", headline="Lain", received_at=timezone.now()),
        sha256=rows[0].sha256,
        child=True,
    )
    today = timezone.localdate()
    chosen = propose(gather(today - timedelta(days=100), today), 24).chosen
    assert {one.sha256 for one in chosen} == {row.sha256 for row in rows[1:]}


def test_a_collage_shows_the_blur_readers_saw(office: Office) -> None:
    rows = released(office, 6)
    today = timezone.localdate()
    plain = made_of(ask(today - timedelta(days=100), today))
    story = rows[0].story
    story.refresh_from_db()
    Photo.objects.filter(pk=rows[0].pk).update(edits=BLUR)
    move(story, "correct", office.person(), "Dikaburkan.")
    row = ask(today - timedelta(days=100), today)
    assert recipe_of(row).shots[0].edits == Edits.from_json(BLUR)
    assert made_of(row) != plain


def test_a_collage_is_not_kept_when_a_photo_of_it_was_flagged_while_it_was_drawn(office: Office) -> None:
    rows = released(office, 8)
    today = timezone.localdate()
    row = ask(today - timedelta(days=100), today)
    check_open(row, recipe_of(row))
    Photo.objects.filter(pk=rows[3].pk).update(document=True)
    row.take("uji:1", type(row).objects.all())
    with pytest.raises(CollageRefused, match="sejak dipilih: “Foto 3”"):
        make_collage(row)
    assert not Story.objects.filter(headline__startswith="Kolase").exists()
    row.let_go()
    ask(row.start, row.end)
    row.take("uji:2", type(row).objects.all())
    make_collage(row)
    (made,) = Story.objects.filter(headline__startswith="Kolase")
    assert rows[3].sha256 not in {part["sha256"] for part in made.photos.get().drawn_from}


# What the screens show


def seen(client: Client, photo: Photo, size: str, query: str = "") -> HttpResponse:
    response: HttpResponse = client.get(reverse("photo", args=[photo.pk, size]) + query)
    return response


def body(response: HttpResponse) -> bytes:
    return b"".join(response) if response.streaming else response.content


@pytest.mark.parametrize("size", ["kecil", "besar"])
def test_every_size_on_the_screens_carries_the_edits_and_no_browser_keeps_the_plain_one(
    office: Office, size: str
) -> None:
    (photo,) = released(office, 1)
    client = Client()
    client.force_login(office.person())
    plain = seen(client, photo, size)
    assert "immutable" in plain["Cache-Control"]
    Photo.objects.filter(pk=photo.pk).update(edits=BLUR)
    key = Edits.from_json(BLUR).key()
    by_old_address = seen(client, photo, size)
    assert by_old_address["Cache-Control"] == "private, no-store"
    by_new = seen(client, photo, size, f"?s={key}")
    assert "immutable" in by_new["Cache-Control"]
    pictures = [body(answer) for answer in (plain, by_old_address, by_new)]
    assert pictures[1] == pictures[2] != pictures[0]


def test_a_preview_is_what_would_be_saved_and_keeps_nothing(office: Office) -> None:
    (photo,) = released(office, 1)
    client = Client()
    client.force_login(office.person())
    address = reverse("photo_preview", args=[photo.pk])
    answer = client.get(address, {"potong-kanan": "50", "potong-bawah": "100"})
    assert Image.open(io.BytesIO(answer.content)).size == (48, 72)
    assert answer["Cache-Control"] == "no-store"
    assert Photo.objects.get(pk=photo.pk).edits == {}
    assert client.get(address, {"potong-kanan": "x"}).status_code == 422


def test_the_original_is_handed_out_as_it_came_to_those_who_may_see_the_story(office: Office) -> None:
    (photo,) = released(office, 1)
    Photo.objects.filter(pk=photo.pk).update(edits=BLUR)
    client = Client()
    client.force_login(office.person())
    address = reverse("original_photo", args=[photo.pk])
    assert body(client.get(address)) == picture(1, (96, 72))
    client.force_login(office.person("orang-lain", "contributor"))
    assert client.get(address).status_code == 403
    assert seen(client, photo, "kecil").status_code == 403
