"""What is known of a photo's people goes with its file, by whatever door it comes again."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.editing import PhotoChange, edit
from newsroom.models import Person, Photo, State, Story
from newsroom.photos import FLAGS, barred, mask_of
from newsroom.pictures import take_along
from newsroom.workflow import MoveRefused, move
from photos import Edits
from tests.newsroom.screens import enter, form_of, fresh, make_story, page, release, save, text_of
from tests.office import Office, coverage

BLUR = Edits(blurs=((0.1, 0.1, 0.3, 0.4),)).to_json()
LIKE = "0123456789abcdef"
NEARLY = "0123456789abcde0"
"""Four bits from LIKE."""


def same_file(story: Story, other: Story) -> None:
    """Let both stories hold one file."""
    Photo.objects.filter(story=other).update(sha256=story.photos.get().sha256)


def put_down(story: Story, by: Person, **fields: Any) -> None:
    """Save the flags of a story's photo as its page does."""
    story, photo = fresh(story), story.photos.get()
    given = {"consent": photo.consent, "consent_from": photo.consent_from}
    given |= {flag: getattr(photo, flag) for flag in FLAGS} | fields
    change = PhotoChange(photo.pk, photo.caption, "", "", photo.order, photo.left_out, **given)
    edit(story, by, {}, [change], seen=story.revision_id)


# The same file


@pytest.mark.parametrize("flag", FLAGS)
def test_a_flag_goes_with_the_file_into_a_later_story_and_the_page_says_whence(
    office: Office, editor: Person, flag: str
) -> None:
    first = make_story(office, 1)
    put_down(first, editor, **{flag: True}, consent="written", consent_from="Formulir 7")
    second = make_story(office, 2, photos=0)
    photo = Photo.objects.create(story=second, sha256=first.photos.get().sha256)
    assert getattr(photo, flag)
    assert photo.flagged_in == first
    assert photo.consent == "", "a consent was given for one story"
    with pytest.raises(MoveRefused):
        move(second, "verify", editor)
    said = enter(editor).get(page(second))
    assert f"Tanda “{FLAGS[flag]}” dibawa dari Judul berita 1." in text_of(said)
    assert f"{page(first)}#foto" in said.content.decode()


def test_a_contributor_is_told_of_a_carried_flag_without_anothers_headline(
    office: Office, editor: Person, writer: Person
) -> None:
    first = make_story(
        office, 1, headline="Berita milik orang lain", contributor=office.contributor("x@y.example")
    )
    put_down(first, editor, child=True)
    mine = make_story(office, 2, photos=0)
    Photo.objects.create(story=mine, sha256=first.photos.get().sha256)
    said = text_of(enter(writer).get(page(mine)))
    assert "dibawa dari berita lain" in said
    assert "milik orang lain" not in said


def test_a_photo_that_comes_again_by_mail_arrives_flagged(office: Office, editor: Person) -> None:
    office.post(coverage("Kegiatan pertama", photos=1))
    office.work()
    put_down(Story.objects.get(), editor, child=True)
    again = coverage(
        "Kegiatan lain sama sekali", photos=1, message_id="<dua@contoh.example>", text="Isi lain."
    )
    office.post(again)
    office.work()
    second = Story.objects.latest("id")
    assert second.headline == "Kegiatan lain sama sekali"
    assert second.photos.get().child
    assert barred(second.photos.get())


def test_a_flag_reaches_the_stories_that_already_hold_the_file_and_those_readers_have_are_named(
    office: Office, editor: Person, second_editor: Person
) -> None:
    waiting, out, refused = (make_story(office, number) for number in (1, 2, 3))
    for other in (out, refused):
        same_file(waiting, other)
    release(out, editor)
    move(refused, "spike", editor, "Bukan liputan.")
    put_down(waiting, second_editor, child=True)
    assert out.photos.get().child
    assert out.photos.get().exposed
    assert refused.photos.get().child
    line = fresh(out).log.latest("id")
    assert (line.verb, line.by) == ("carry_flags", second_editor)
    assert "Judul berita 1" in line.note
    assert "Judul berita 2" in text_of(enter(editor).get(reverse("attention")))


def test_a_form_opened_before_a_flag_was_carried_does_not_take_it_away(
    office: Office, editor: Person, second_editor: Person
) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    same_file(one, other)
    client = enter(second_editor)
    form = form_of(client.get(page(other)))
    put_down(one, editor, document=True)
    answer = client.post(save(other), form | {"headline": "Judul lain"})
    assert answer.status_code == 409
    assert form_of(answer)[f"foto-{other.photos.get().pk}-document"] == "on"
    assert other.photos.get().document


def test_a_flag_taken_off_is_logged_and_stays_in_other_stories(
    office: Office, editor: Person, second_editor: Person
) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    same_file(one, other)
    put_down(one, editor, victim=True)
    put_down(one, second_editor, victim=False)
    line = one.log.get(verb="unflag_photo")
    assert line.by == second_editor
    assert "Korban atau pasien" in line.note
    assert not one.photos.get().victim
    assert other.photos.get().victim, "each story is judged by itself"


def test_a_flag_taken_off_while_it_stands_in_another_story_is_asked_about_once_more(
    office: Office, editor: Person
) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    same_file(one, other)
    put_down(one, editor, victim=True)
    put_down(other, editor, victim=False)
    with pytest.raises(MoveRefused, match="Korban atau pasien"):
        move(fresh(other), "verify", editor)
    client = enter(editor)
    answer = client.get(page(other))
    assert "Foto yang sama bertanda “Korban atau pasien dikenali” pada Judul berita 1." in text_of(answer)
    client.post(reverse("tell_apart", args=[other.pk, other.photos.get().pk]), form_of(answer))
    move(fresh(other), "verify", editor)


def test_a_flag_from_the_photos_table_is_carried_too(office: Office, editor: Person) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    same_file(one, other)
    client = enter(editor)
    address = reverse("photo_edit", args=[one.pk, one.photos.get().pk])
    client.post(address, form_of(client.get(address), "foto-sunting") | {"child": "on"})
    assert other.photos.get().child


def test_a_photo_given_along_to_a_story_of_the_same_mail_keeps_its_flags(
    office: Office, editor: Person
) -> None:
    one, made = make_story(office, 1), make_story(office, 2, photos=0)
    put_down(one, editor, child=True)
    Story.objects.filter(pk=one.pk).update(state=State.VERIFIED)
    take_along(fresh(one), made, [one.photos.get().pk], editor)
    assert made.photos.get().child


# Photos that are nearly the same


def like(one: Story, other: Story) -> Photo:
    """Let the photos of two stories look alike; return the second."""
    Photo.objects.filter(story=one).update(dhash=LIKE)
    Photo.objects.filter(story=other).update(dhash=NEARLY)
    photo: Photo = other.photos.get()
    return photo


def test_a_photo_like_a_flagged_one_is_asked_about_before_it_is_verified(
    office: Office, editor: Person
) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    photo = like(one, other)
    assert "Perlu tanda juga?" not in text_of(enter(editor).get(page(other)))
    put_down(one, editor, child=True)
    assert not photo.child, "proposed, not forced"
    said = text_of(enter(editor).get(page(other)))
    assert "Foto ini mirip dengan foto bertanda “Terlihat anak” pada Judul berita 1." in said
    with pytest.raises(MoveRefused, match="sama atau mirip dengan foto bertanda “Terlihat anak”"):
        move(fresh(other), "verify", editor)


def test_the_flag_is_taken_over_by_one_tap(office: Office, editor: Person) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    photo = like(one, other)
    put_down(one, editor, child=True)
    client = enter(editor)
    form = form_of(client.get(page(other))) | {"headline": "Judul yang baru diketik"}
    client.post(reverse("flag_too", args=[other.pk, photo.pk]), form)
    photo.refresh_from_db()
    assert photo.child
    assert photo.flagged_in == one
    assert fresh(other).headline == "Judul yang baru diketik"
    assert "flag_too" in fresh(other).log.values_list("verb", flat=True)
    with pytest.raises(MoveRefused, match="memperlihatkan anak"):
        move(fresh(other), "verify", editor)


def test_told_apart_it_is_asked_no_more_until_another_flag_is_raised(office: Office, editor: Person) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    photo = like(one, other)
    put_down(one, editor, child=True)
    client = enter(editor)
    address = reverse("tell_apart", args=[other.pk, photo.pk])
    client.post(address, form_of(client.get(page(other))))
    line = fresh(other).log.get(verb="tell_apart")
    assert line.by == editor
    assert "Judul berita 1" in line.note
    assert "Perlu tanda juga?" not in text_of(client.get(page(other)))
    move(fresh(other), "verify", editor)
    move(fresh(other), "reopen", editor)
    put_down(one, editor, document=True)
    with pytest.raises(MoveRefused, match="pelat nomor"):
        move(fresh(other), "verify", editor)


def test_one_answer_serves_all_the_photos_of_a_burst_that_was_flagged(office: Office, editor: Person) -> None:
    one, other = make_story(office, 1, photos=3), make_story(office, 2)
    photo = like(one, other)
    one.photos.update(child=True)
    client = enter(editor)
    client.post(reverse("tell_apart", args=[other.pk, photo.pk]), form_of(client.get(page(other))))
    move(fresh(other), "verify", editor)


def test_the_second_of_a_burst_is_not_forgotten_within_one_story(office: Office, editor: Person) -> None:
    story = make_story(office, photos=2)
    first, second = story.photos.all()
    Photo.objects.filter(pk=first.pk).update(dhash=LIKE, child=True, consent="written", consent_from="Wali")
    Photo.objects.filter(pk=second.pk).update(dhash=NEARLY)
    with pytest.raises(MoveRefused, match="Keterangan 2"):
        move(story, "verify", editor)
    Photo.objects.filter(pk=second.pk).update(left_out=True)
    move(story, "verify", editor)


def test_an_unlike_photo_is_not_asked_about(office: Office, editor: Person) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    like(one, other)
    Photo.objects.filter(story=other).update(dhash="f123456789abcd00")
    put_down(one, editor, child=True)
    move(other, "verify", editor)


@pytest.mark.parametrize("verb", ["flag_too", "tell_apart"])
def test_only_editors_answer_and_by_a_form_only(
    office: Office, editor: Person, writer: Person, verb: str
) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    photo = like(one, other)
    put_down(one, editor, child=True)
    address = reverse(verb, args=[other.pk, photo.pk])
    assert enter(writer).post(address, {}).status_code == 403
    assert enter(office.person("op", "operator")).post(address, {}).status_code == 403
    assert Client().post(address, {}).status_code == 302
    assert enter(editor).get(address).status_code == 405
    photo.refresh_from_db()
    assert (photo.child, photo.told_apart) == (False, [])


def test_an_answer_that_comes_second_is_refused(
    office: Office, editor: Person, second_editor: Person
) -> None:
    one, other = make_story(office, 1), make_story(office, 2)
    photo = like(one, other)
    put_down(one, editor, child=True)
    clients = [enter(editor), enter(second_editor)]
    forms = [form_of(client.get(page(other))) for client in clients]
    clients[0].post(reverse("flag_too", args=[other.pk, photo.pk]), forms[0])
    clients[1].post(reverse("tell_apart", args=[other.pk, photo.pk]), forms[1])
    photo.refresh_from_db()
    assert (photo.child, photo.told_apart) == (True, [])


# Consent and blur afterwards


def test_a_consent_withdrawn_after_release_is_named(office: Office, editor: Person) -> None:
    story = make_story(office)
    put_down(story, editor, child=True, consent="written", consent_from="Formulir 7")
    story = release(fresh(story), editor)
    assert not story.photos.get().exposed
    put_down(story, editor, consent="", consent_from="")
    assert story.photos.get().exposed


def test_a_verified_story_whose_photo_is_flagged_elsewhere_is_held_and_can_be_opened_again(
    office: Office, editor: Person, second_editor: Person
) -> None:
    one, held = make_story(office, 1), make_story(office, 2)
    same_file(one, held)
    move(held, "verify", editor)
    put_down(one, editor, child=True)
    with pytest.raises(MoveRefused, match="Batalkan verifikasinya"):
        move(fresh(held), "release", None)
    said = enter(editor).get(reverse("attention"))
    assert "Buka dan batalkan verifikasi" in text_of(said)
    assert "langkah=correct" not in said.content.decode()
    Story.objects.filter(pk=held.pk).update(parked=True, error="Ditahan.")
    move(fresh(held), "reopen", second_editor)
    assert (fresh(held).parked, fresh(held).error) == (False, "")
    assert "Buka dan batalkan" not in text_of(enter(editor).get(reverse("attention")))


def test_a_retraction_brings_back_the_word_that_belongs_to_the_blur_readers_saw(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    photo = story.photos.get()
    photo.child, photo.edits = True, BLUR
    photo.masked = mask_of(photo)
    photo.save()
    story = release(story, editor)
    story.photos.update(edits={}, masked={})
    move(story, "retract", second_editor, "Ada yang keliru.")
    assert not barred(story.photos.get())
    move(story, "restore", second_editor, "Sudah diperiksa.")
