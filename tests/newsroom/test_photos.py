"""What the people in a photo are owed, and what editors do to a photo."""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from django.urls import reverse

from newsroom.editing import PhotoChange, edit
from newsroom.models import Consent, Person, Photo, Story
from newsroom.photos import FLAGS, as_sealed, barred, barred_as_sealed, look_again, mask_of
from newsroom.workflow import MoveRefused, move
from photos import Edits
from tests.newsroom.screens import enter, form_of, fresh, make_story, page, release, save, text_of
from tests.office import Office

BLUR = Edits(blurs=((0.1, 0.1, 0.3, 0.4),)).to_json()


def photo_of(**fields: Any) -> Photo:
    """Return a photo of no story: the rule asks nothing of the database."""
    return Photo(sha256="0" * 64, caption="Foto uji", **fields)


@pytest.mark.parametrize("consent", ["", *Consent.values])
@pytest.mark.parametrize("flag", FLAGS)
def test_only_the_right_consent_lets_a_flagged_photo_out(flag: str, consent: str) -> None:
    enough = {("child", "verbal"), ("child", "written"), ("victim", "written")}
    photo = photo_of(consent=consent, consent_from="Ibu dari anak itu", **{flag: True})
    assert bool(barred(photo)) is ((flag, consent) not in enough)


def test_a_consent_from_nobody_is_none() -> None:
    photo = photo_of(child=True, consent="written", consent_from="  ")
    assert "siapa yang memberi izin" in barred(photo)


def test_an_unflagged_photo_needs_nothing() -> None:
    assert not barred(photo_of())


@pytest.mark.parametrize("flag", FLAGS)
def test_a_blur_alone_does_not_count_until_an_editor_has_said_that_it_hides_what_is_flagged(
    flag: str,
) -> None:
    photo = photo_of(edits=BLUR, **{flag: True})
    assert barred(photo)
    photo.masked = mask_of(photo)
    assert not barred(photo)


def test_the_word_is_void_once_the_blur_is_another_or_gone() -> None:
    photo = photo_of(edits=BLUR, child=True)
    photo.masked = mask_of(photo)
    photo.edits = Edits(blurs=((0.5, 0.5, 0.6, 0.6),)).to_json()
    assert barred(photo)
    photo.edits = {}
    assert barred(photo)


def test_the_word_covers_only_what_was_flagged_when_it_was_given() -> None:
    photo = photo_of(edits=BLUR, child=True)
    photo.masked = mask_of(photo)
    photo.document = True
    assert "pelat nomor" in barred(photo)


def test_a_crop_hides_a_number_plate_and_a_focus_point_hides_nothing() -> None:
    photo = photo_of(edits=Edits(crop=(0, 0, 0.5, 1)).to_json(), document=True)
    photo.masked = mask_of(photo)
    assert not barred(photo)
    photo.edits = Edits(focus=(0.5, 0.5)).to_json()
    photo.masked = mask_of(photo)
    assert barred(photo)


def test_a_sealed_photo_is_judged_by_its_own_blur_and_by_what_is_known_now() -> None:
    photo = photo_of()
    shown = as_sealed(photo)
    photo.child, photo.edits = True, BLUR
    photo.masked = mask_of(photo)
    assert not barred(photo)
    assert barred(photo, shown), "readers have it without the blur of the draft"
    assert not barred(photo, as_sealed(photo))


# No way past it


def flagged(story: Story, **fields: Any) -> Photo:
    photo: Photo = story.photos.get()
    for name, value in fields.items():
        setattr(photo, name, value)
    photo.save()
    return photo


@pytest.mark.parametrize("verb", ["verify", "correct", "restore"])
@pytest.mark.parametrize("flag", FLAGS)
def test_no_move_that_publishes_lets_a_barred_photo_through(
    office: Office, editor: Person, verb: str, flag: str
) -> None:
    story = make_story(office)
    if verb != "verify":
        release(story, editor)
    if verb == "restore":
        move(story, "retract", editor, "Ada yang dikenali.")
    photo = flagged(story, consent="official", consent_from="Lurah", **{flag: True})
    with pytest.raises(MoveRefused, match="oto “Keterangan"):
        move(story, verb, editor, "Isi catatan.")
    flagged(story, left_out=True)
    move(story, verb, editor, "Isi catatan.")
    assert photo.sha256 not in [sealed["sha256"] for sealed in fresh(story).sealed().photos]


def test_whatever_is_flagged_agreed_and_blurred_what_is_sealed_was_allowed(
    office: Office, editor: Person
) -> None:
    """Every combination, by the one move that seals first: the rule and the gate never differ."""
    story = make_story(office)
    let_out = 0
    for flags, consent, edits in itertools.product(
        itertools.product((False, True), repeat=3), ("", *Consent.values), ({}, BLUR)
    ):
        photo = flagged(
            story, consent=consent, consent_from="Wali", edits=edits, **dict(zip(FLAGS, flags, strict=True))
        )
        if reason := barred(photo):
            with pytest.raises(MoveRefused) as refusal:
                move(story, "verify", editor)
            assert str(refusal.value) == reason
        else:
            move(story, "verify", editor)
            assert not barred_as_sealed(story, story.sealed().photos)
            let_out += 1
            move(story, "reopen", editor)
    unflagged, child, victim, both = 5 * 2, 2 * 2, 1 * 2, 1 * 2
    assert let_out == unflagged + child + victim + both


def test_a_photo_flagged_after_its_release_waits_for_a_correction_or_a_retraction(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office), editor)
    client = enter(second_editor)
    assert "masih tayang" not in text_of(client.get(reverse("attention")))
    form = form_of(client.get(page(story))) | {f"foto-{story.photos.get().pk}-child": "on"}
    client.post(save(story), form)
    said = client.get(reverse("attention"))
    assert "memperlihatkan anak tanpa izin" in text_of(said)
    assert f"{page(story)}?langkah=retract" in said.content.decode()
    assert client.get(f"{page(story)}?langkah=retract").status_code == 200
    story = fresh(story)
    photo = story.photos.get()
    change = PhotoChange(photo.pk, photo.caption, "", "", 0, left_out=True, child=True)
    edit(story, second_editor, {}, [change], seen=story.revision_id)
    assert story.photos.get().exposed, "a draft changes nothing for readers"
    move(story, "correct", second_editor, "Foto dikeluarkan.")
    assert not story.photos.get().exposed


def test_a_retraction_ends_the_alarm_and_a_restoration_is_not_let_through(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office), editor)
    flagged(story, child=True)
    look_again(story)
    move(story, "retract", second_editor, "Ada anak.")
    assert not story.photos.get().exposed
    assert "masih tayang" not in text_of(enter(editor).get(reverse("attention")))


def test_a_consent_found_afterwards_ends_the_alarm(office: Office, editor: Person) -> None:
    story = release(make_story(office), editor)
    flagged(story, child=True)
    look_again(story)
    assert story.photos.get().exposed
    flagged(story, consent="written", consent_from="Formulir 7")
    look_again(story)
    assert not story.photos.get().exposed


def test_what_was_flagged_stays_flagged_when_two_editors_save(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    photo = story.photos.get()
    late = form_of(enter(second_editor).get(page(story)))
    client = enter(editor)
    client.post(save(story), form_of(client.get(page(story))) | {f"foto-{photo.pk}-document": "on"})
    answer = enter(second_editor).post(save(story), late | {"headline": "Judul lain"})
    assert answer.status_code == 409
    assert form_of(answer)[f"foto-{photo.pk}-document"] == "on"
    assert Photo.objects.get(pk=photo.pk).document


def test_free_words_on_consent_become_a_choice_and_stay_as_who_gave_it() -> None:
    from importlib import import_module

    module = import_module("newsroom.migrations.0011_photo_flags")
    assert module.choice_of("Izin tertulis orang tua") == "written"
    assert module.choice_of("pejabat") == "official"
    assert module.choice_of("Ruang publik") == "public_place"
    assert module.choice_of("sekolah") == "verbal"


# The table for one photo


def table(story: Story) -> str:
    return reverse("photo_edit", args=[story.pk, story.photos.get().pk])


def test_an_editor_blurs_a_child_says_so_and_the_story_may_go_out(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(table(story)), "foto-sunting")
    form |= {"kabur-kiri": ["10", ""], "kabur-atas": ["10,5", ""], "kabur-kanan": ["30", ""]}
    form |= {"kabur-bawah": ["40", ""], "child": "on", "tersamar": "on"}
    assert client.post(table(story), form).status_code == 302
    photo = story.photos.get()
    assert photo.edits == {"blurs": [[0.1, 0.105, 0.3, 0.4]]}
    assert photo.child
    assert not barred(photo)
    verbs = list(fresh(story).log.values_list("verb", "by__username"))
    assert verbs[-2:] == [("edit_photo", "bram"), ("mask_photo", "bram")]
    assert "tersamar" in form_of(client.get(table(story)), "foto-sunting")
    move(fresh(story), "verify", editor)
    assert fresh(story).sealed().photos[0]["edits"] == photo.edits


def test_the_word_is_not_taken_while_nothing_is_blurred(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(table(story)), "foto-sunting") | {"child": "on", "tersamar": "on"}
    answer = client.post(table(story), form)
    assert answer.status_code == 422
    assert "Belum ada bagian yang dikaburkan" in text_of(answer)
    assert not story.photos.get().child
    assert form_of(answer, "foto-sunting")["child"] == "on"


@pytest.mark.parametrize("value", ["abc", "nan", "300", "<script>"])
def test_numbers_that_are_none_are_told_and_stay_on_the_screen(
    office: Office, editor: Person, value: str
) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(table(story)), "foto-sunting") | {"potong-kanan": value}
    answer = client.post(table(story), form)
    assert answer.status_code == 422
    assert form_of(answer, "foto-sunting")["potong-kanan"] == value
    assert story.photos.get().edits == {}


def test_of_two_editors_at_one_photo_the_second_is_told_and_keeps_their_boxes(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    first, second = enter(editor), enter(second_editor)
    forms = [form_of(client.get(table(story)), "foto-sunting") for client in (first, second)]
    first.post(table(story), forms[0] | {"potong-kanan": "50", "victim": "on"})
    answer = second.post(table(story), forms[1] | {"potong-kanan": "80"})
    assert answer.status_code == 409
    assert "Bram menyimpan berita ini lebih dulu" in text_of(answer)
    assert story.photos.get().edits == {"crop": [0, 0, 0.5, 1]}
    again = form_of(answer, "foto-sunting")
    assert (again["potong-kanan"], again["victim"]) == ("80", "on"), "what the first flagged stays flagged"
    assert second.post(table(story), again).status_code == 302
    assert story.photos.get().edits == {"crop": [0, 0, 0.8, 1]}


def test_back_to_the_original_takes_the_word_back_too(office: Office, editor: Person) -> None:
    story = make_story(office)
    photo = flagged(story, child=True, edits=BLUR)
    flagged(story, masked=mask_of(photo))
    client = enter(editor)
    form = form_of(client.get(table(story)), "foto-sunting")
    assert client.post(reverse("reset_photo", args=[story.pk, photo.pk]), form).status_code == 302
    photo = story.photos.get()
    assert (photo.edits, photo.masked, photo.child) == ({}, {}, True)
    assert barred(photo)
    assert fresh(story).log.latest("id").verb == "reset_photo"


def test_what_was_typed_on_the_storys_page_is_saved_on_the_way_to_the_table(
    office: Office, editor: Person
) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"headline": "Judul baru"}
    answer = client.post(reverse("open_photo", args=[story.pk, story.photos.get().pk]), form)
    assert answer["Location"] == table(story)
    assert fresh(story).headline == "Judul baru"


def test_a_verified_story_is_not_retouched(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(table(story)), "foto-sunting") | {"potong-kanan": "50"}
    move(story, "verify", editor)
    assert client.post(table(story), form).status_code == 422
    assert story.photos.get().edits == {}


def test_a_photo_of_another_story_is_not_found(office: Office, editor: Person) -> None:
    story, other = make_story(office, 1), make_story(office, 2)
    address = reverse("photo_edit", args=[story.pk, other.photos.get().pk])
    assert enter(editor).get(address).status_code == 404


def test_an_edit_is_seen_in_the_differences_of_a_correction(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office), editor)
    client = enter(second_editor)
    client.post(table(story), form_of(client.get(table(story)), "foto-sunting") | {"potong-kanan": "50"})
    assert "dipotong (0–50% × 0–100%)" in text_of(client.get(page(story)))
