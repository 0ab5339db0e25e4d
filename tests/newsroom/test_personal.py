"""Personal data bars verification until it is masked or overruled with a reason; nothing keeps the number."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom import export
from newsroom.acts import ActRefused
from newsroom.editing import EditRefused, Overtaken, edit, rewrite
from newsroom.masking import mask
from newsroom.models import Letter, LogEntry, Overrule, Person, State, Story
from newsroom.personal import barring, concerns, overrule
from newsroom.workflow import MoveRefused, move
from tests.newsroom.screens import decide, enter, form_of, fresh, make_story, page, release, text_of
from tests.office import Office

NIK = "6271014508900001"
HIDDEN = "62710•••••••0001"
BODY = f"Bantuan diserahkan kepada warga ber-NIK {NIK} di aula kecamatan.\n\nParagraf kedua."


def press(client: Client, story: Story, name: str, *arguments: Any, **typed: str) -> Any:
    form = form_of(client.get(page(story))) | typed
    return client.post(reverse(name, args=[story.pk, *arguments]), form, follow=True)


def token(story: Story) -> str:
    return barring(fresh(story))[0].token


def test_a_story_with_a_nik_cannot_be_verified_and_the_sentence_does_not_repeat_it(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body=BODY)
    client = enter(editor)
    response = client.post(decide(story, "verify"), form_of(client.get(page(story))))
    assert response.status_code == 409
    assert fresh(story).state == State.QUEUED
    with pytest.raises(MoveRefused, match=r"NIK \(isi berita\)") as refused:
        move(fresh(story), "verify", editor)
    assert NIK not in str(refused.value)


@pytest.mark.parametrize("field", ["headline", "byline_writer", "body"])
def test_every_field_readers_see_is_looked_at(office: Office, editor: Person, field: str) -> None:
    story = make_story(office, **{field: f"Warga {NIK} hadir"})
    with pytest.raises(MoveRefused, match="data pribadi"):
        move(story, "verify", editor)


@pytest.mark.parametrize("field", ["caption", "credit", "alt"])
def test_the_words_of_photos_are_looked_at_unless_left_out(
    office: Office, editor: Person, field: str
) -> None:
    story = make_story(office)
    story.photos.update(**{field: f"Warga {NIK}"})
    with pytest.raises(MoveRefused, match="foto"):
        move(story, "verify", editor)
    story.photos.update(left_out=True)
    move(story, "verify", editor)


def test_one_tap_masks_it_everywhere_and_the_story_can_be_verified(office: Office, editor: Person) -> None:
    story = make_story(office, body=BODY, headline="NIK 6271 0145 0890 0001 Tercantum")
    story.photos.update(caption=f"Pemilik {NIK}")
    client = enter(editor)
    assert HIDDEN in text_of(client.get(page(story)))
    press(client, story, "mask_personal", token(story))
    story = fresh(story)
    assert story.headline == f"NIK {HIDDEN} Tercantum"
    assert NIK not in story.body and HIDDEN in story.body
    assert story.photos.get().caption == f"Pemilik {HIDDEN}"
    assert story.revision is not None and story.revision.why == "mask"
    move(story, "verify", editor)


def test_masking_all_takes_each_kind_and_is_undone_by_one_click(office: Office, editor: Person) -> None:
    body = f"{BODY} Hubungi Sarman di 0812-3456-7890. Mobil KH 1234 AB. Call center 112."
    story = make_story(office, body=body)
    story.photos.update(alt="Surel sarman@contoh.example")
    rewrite(story, editor, "edit", seen=story.revision_id)
    client = enter(editor)
    press(client, story, "mask_all_personal")
    assert barring(fresh(story)) == []
    assert "Call center 112" in fresh(story).body
    press(client, story, "undo_text")
    assert fresh(story).body == body
    assert story.photos.get().alt == "Surel sarman@contoh.example"


def test_a_childs_name_is_masked_where_no_age_stands_beside_it_too(office: Office, editor: Person) -> None:
    story = make_story(office, body="Aisyah Putri (12), siswi SD, tampil.\n\nAisyah Putri tersenyum.")
    mask(story, editor, seen=story.revision_id)
    assert fresh(story).body == "A.P. (12), siswi SD, tampil.\n\nA.P. tersenyum."


def test_what_was_typed_is_saved_with_the_mask_and_a_second_editor_is_told(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office, body=BODY)
    first, second = enter(editor), enter(second_editor)
    form = form_of(second.get(page(story))) | {"headline": "Judul dari yang kedua"}
    press(first, story, "mask_personal", token(story), headline="Judul dari yang pertama")
    assert fresh(story).headline == "Judul dari yang pertama"
    response = second.post(reverse("mask_all_personal", args=[story.pk]), form)
    assert response.status_code == 409
    assert fresh(story).headline == "Judul dari yang pertama"
    with pytest.raises((Overtaken, EditRefused)):
        mask(story, second_editor, seen=story.revision_id)


def test_an_overrule_needs_a_reason_and_lets_the_story_through(office: Office, editor: Person) -> None:
    story = make_story(office, body="Pendaftaran lewat Sarman di 0812-3456-7890.")
    client = enter(editor)
    one = token(story)
    said = text_of(press(client, story, "overrule_personal", one))
    assert "Tuliskan alasannya" in said
    assert not Overrule.objects.exists()
    reason = {f"alasan-{one}": "Narahubung panitia, sudah setuju 0812-3456-7890"}
    press(client, story, "overrule_personal", one, **reason)
    row = Overrule.objects.get()
    assert (row.by, row.rule, row.found) == (
        editor,
        "phone",
        hashlib.sha256(b"081234567890").hexdigest(),
    )
    assert row.reason == "Narahubung panitia, sudah setuju 0812•••••890"
    assert barring(fresh(story)) == []
    assert "Narahubung panitia" in text_of(client.get(page(story)))
    move(fresh(story), "verify", editor)


def test_an_overrule_binds_the_number_not_its_spacing_and_not_another_story(
    office: Office, editor: Person
) -> None:
    story, other = make_story(office, 1, body=BODY), make_story(office, 2, body=BODY)
    overrule(story, token(story), "Contoh yang sudah diizinkan", editor)
    assert [one.kind for one in barring(other)] == ["nik"]
    edit(story, editor, {"body": BODY.replace(NIK, "6271 0145 0890 0001")}, seen=story.revision_id)
    assert barring(fresh(story)) == []
    edit(story, editor, {"body": BODY.replace(NIK, "6271014508900002")}, seen=story.revision_id)
    assert [one.kind for one in barring(fresh(story))] == ["nik"]


def test_a_contributor_masks_in_a_returned_story_but_overrules_nothing(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office, body=BODY)
    move(story, "send_back", editor, f"Hapus NIK {NIK} dari naskah.")
    client = enter(writer)
    with pytest.raises(ActRefused, match="Hanya editor"):
        overrule(story, token(story), "Boleh saja dimuat", writer)
    one = token(story)
    press(client, story, "overrule_personal", one, **{f"alasan-{one}": "Boleh saja dimuat"})
    assert not Overrule.objects.exists()
    press(client, story, "mask_personal", one)
    assert HIDDEN in fresh(story).body


def test_a_verified_story_is_not_masked(office: Office, editor: Person) -> None:
    story = make_story(office)
    move(story, "verify", editor)
    Story.objects.filter(pk=story.pk).update(body=BODY)
    with pytest.raises(EditRefused, match="tidak dapat disunting"):
        mask(fresh(story), editor, seen=story.revision_id)


def test_corrections_and_restorations_are_barred_too_but_no_retraction(
    office: Office, editor: Person
) -> None:
    story = release(make_story(office), editor)
    edit(story, editor, {"body": BODY}, seen=story.revision_id)
    with pytest.raises(MoveRefused, match="data pribadi"):
        move(story, "correct", editor, "Data penerima diperbaiki.")
    move(story, "retract", editor, "Berita keliru.")
    edit(story, editor, {"body": BODY}, seen=story.revision_id)
    with pytest.raises(MoveRefused, match="data pribadi"):
        move(story, "restore", editor, "Sudah diperbaiki.")


def test_what_readers_are_told_of_a_correction_holds_none_either(office: Office, editor: Person) -> None:
    story = release(make_story(office), editor)
    edit(story, editor, {"body": "Isi baru yang benar."}, seen=story.revision_id)
    with pytest.raises(MoveRefused, match="memuat NIK"):
        move(story, "correct", editor, f"NIK {NIK} dihapus.")
    move(story, "correct", editor, "Nomor warga dihapus.")


def test_no_log_no_letter_and_no_finding_of_the_export_holds_the_number(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body=BODY, headline=f"Warga {NIK} Dibantu")
    move(story, "send_back", editor, f"Hapus NIK {NIK} dari naskah.")
    overrule(story, token(story), f"Nomor {NIK} hanya contoh", editor)
    mask(fresh(story), editor, seen=story.revision_id, token=concerns(story)[0].token)
    kept = [*LogEntry.objects.values_list("note", flat=True), *Letter.objects.values_list("body", flat=True)]
    kept += [
        *Letter.objects.values_list("subject", flat=True),
        *Overrule.objects.values_list("reason", flat=True),
    ]
    assert any(HIDDEN in words for words in kept)
    assert not any(NIK in words for words in kept)
    other = make_story(office, 2, body=BODY)
    assert export.story(other)["pii"] == [{"kind": "nik", "places": "isi berita", "blocks": True}]
    assert NIK not in json.dumps(export.story(other)["pii"])


def test_the_address_of_a_button_says_nothing_of_the_number(office: Office, settings: Any) -> None:
    (one,) = concerns(make_story(office, body=BODY))
    address = one.token
    settings.SECRET_KEY = "kunci kantor lain"
    (elsewhere,) = concerns(make_story(office, 2, body=BODY))
    assert address != elsewhere.token
    assert one.digest == elsewhere.digest


def test_the_queue_says_which_stories_hold_some(office: Office, editor: Person) -> None:
    story = make_story(office, 1, body=BODY)
    make_story(office, 2)
    client = enter(editor)
    assert text_of(client.get(reverse("queue"))).count("data pribadi") == 1
    overrule(story, token(story), "Contoh yang sudah diizinkan", editor)
    assert "data pribadi" not in text_of(client.get(reverse("queue")))


def test_the_page_shows_the_words_around_each_and_what_an_office_announces(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body=f"{BODY} Hubungi call center 112.")
    words = text_of(enter(editor).get(page(story)))
    assert f"kepada warga ber-NIK {NIK} di aula kecamatan" in words
    assert "Bukan data pribadi / boleh dimuat" in words
    assert "1 nomor atau alamat layanan umum, tidak menahan" in words


def test_buttons_answer_posts_only(office: Office, editor: Person) -> None:
    story = make_story(office, body=BODY)
    for name, arguments in (
        ("mask_all_personal", []),
        ("mask_personal", ["x"]),
        ("overrule_personal", ["x"]),
    ):
        address = reverse(name, args=[story.pk, *arguments])
        assert enter(editor).get(address).status_code == 405
        assert enter(editor, enforce_csrf_checks=True).post(address).status_code == 403
    assert fresh(story).body == BODY
