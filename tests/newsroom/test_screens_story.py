"""A story's page: reading, writing, deciding."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.urls import reverse

from newsroom.editing import first_revision
from newsroom.models import Contributor, Letter, LogEntry, Person, Photo, Story
from newsroom.workflow import move
from tests.newsroom.screens import (
    SITES,
    decide,
    enter,
    form_of,
    fresh,
    make_story,
    page,
    release,
    save,
    text_of,
)
from tests.office import Office


def test_the_page_shows_the_mail_beside_the_story(office: Office, editor: Person) -> None:
    story = make_story(office)
    words = text_of(enter(editor).get(page(story)))
    for shown in ("Perihal 1", "Nala Ayuningtias", "Teks surel nomor 1.", "Media Center"):
        assert shown in words
    assert "ke 3 situs, sekarang" in words


def test_saving_the_page_as_it_stands_changes_nothing(office: Office, editor: Person) -> None:
    story = make_story(office, body="Paragraf satu.\n\nParagraf dua.\n", photos=2)
    client = enter(editor)
    response = client.post(save(story), form_of(client.get(page(story))))
    assert response.status_code == 302
    assert story.revisions.count() == 1
    assert fresh(story).body == "Paragraf satu.\n\nParagraf dua.\n"


def test_what_an_editor_writes_is_saved_as_a_revision(office: Office, editor: Person) -> None:
    story = make_story(office, photos=2)
    client = enter(editor)
    form = form_of(client.get(page(story)))
    photo = story.photos.get(order=0)
    form |= {
        "headline": "Judul baru",
        "body": "Isi baru.\r\n\r\nLagi.",
        f"foto-{photo.pk}-caption": "Caption baru",
    }
    assert client.post(save(story), form).status_code == 302
    story = fresh(story)
    assert (story.headline, story.body) == ("Judul baru", "Isi baru.\n\nLagi.")
    assert story.photos.get(pk=photo.pk).caption == "Caption baru"
    assert story.revision is not None
    assert (story.revision.by, story.revisions.count()) == (editor, 2)


def test_photos_are_put_in_the_order_the_editor_numbers_them(office: Office, editor: Person) -> None:
    story = make_story(office, photos=3)
    client = enter(editor)
    form = form_of(client.get(page(story)))
    first, second, third = story.photos.all()
    form |= {f"foto-{first.pk}-place": "3", f"foto-{third.pk}-place": "1"}
    client.post(save(story), form)
    assert list(story.photos.all()) == [third, second, first]


def test_sites_and_embargo_are_saved_in_the_offices_zone(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"sites": ["kota"], "embargo_until": "2031-01-02T08:00"}
    assert client.post(save(story), form).status_code == 302
    story = fresh(story)
    assert story.sites == ["kota"]
    assert story.embargo_until == datetime(2031, 1, 2, 1, 0, tzinfo=UTC)
    words = text_of(client.get(page(story)))
    assert "ke 1 situs, setelah embargo Kamis, 2 Januari 2031 pukul 08.00 WIB" in words


def test_an_unlikely_embargo_is_told_and_nothing_is_lost(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"embargo_until": "0001-01-01T00:00", "headline": "Judul baru"}
    response = client.post(save(story), form)
    assert response.status_code == 422
    assert "Tahun embargo ini tidak mungkin" in text_of(response)
    assert form_of(response)["headline"] == "Judul baru"
    assert fresh(story).headline == "Judul berita 1"


def test_a_story_without_a_headline_is_not_saved(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"headline": "  ", "body": "Isi yang sudah ditulis"}
    response = client.post(save(story), form)
    assert response.status_code == 422
    assert "Judul wajib diisi" in text_of(response)
    assert form_of(response)["body"] == "Isi yang sudah ditulis"


def test_verifying_saves_what_was_written_and_seals_just_that(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"body": "Isi yang belum disimpan."}
    assert client.post(decide(story, "verify"), form).status_code == 302
    story = fresh(story)
    assert story.state == "verified"
    assert story.sealed().body == "Isi yang belum disimpan."


def test_nothing_is_verified_that_could_not_be_saved(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"headline": "", "body": "Isi baru"}
    response = client.post(decide(story, "verify"), form)
    assert response.status_code == 422
    assert fresh(story).state == "queued"
    assert form_of(response)["body"] == "Isi baru"


def test_a_story_bound_for_no_site_is_kept_but_not_verified(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"sites": []}
    response = client.post(decide(story, "verify"), form)
    assert "Belum ada situs yang dipilih" in text_of(response)
    assert (fresh(story).state, fresh(story).sites) == ("queued", [])


def test_a_child_without_consent_is_not_published(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    photo = story.photos.get()
    form = form_of(client.get(page(story))) | {f"foto-{photo.pk}-child": "on"}
    response = client.post(decide(story, "verify"), form)
    assert "memperlihatkan anak tanpa izin" in text_of(response)
    assert fresh(story).state == "queued"
    assert Photo.objects.get(pk=photo.pk).child, "what the editor marked is saved all the same"


def test_sending_back_needs_a_note_and_mails_it(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    form = form_of(client.get(page(story)))
    refused = client.post(decide(story, "send_back"), form)
    assert refused.status_code == 409
    assert "Catatan untuk kontributor wajib diisi" in text_of(refused)
    note = {"note_send_back": "Mohon sebut nama narasumber."}
    assert client.post(decide(story, "send_back"), form_of(refused) | note).status_code == 302
    assert fresh(story).state == "returned"
    assert "Mohon sebut nama narasumber." in Letter.objects.get(story=story).body


def test_a_note_is_still_there_when_the_move_is_refused(office: Office, editor: Person) -> None:
    story = make_story(office, body="")
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"headline": "", "note_spike": "Bukan liputan."}
    response = client.post(decide(story, "spike"), form)
    assert form_of(response)["note_spike"] == "Bukan liputan."


# Whose story it is


def test_an_editor_who_wrote_the_story_reads_why_they_may_not_verify_it(
    office: Office, editor: Person
) -> None:
    Contributor.objects.filter(address="nala@contoh.example").update(person=editor)
    story = make_story(office)
    client = enter(editor)
    response = client.get(page(story))
    assert "Penulis tidak boleh memverifikasi beritanya sendiri" in text_of(response)
    assert decide(story, "verify") not in response.content.decode()
    assert client.post(decide(story, "verify"), form_of(response)).status_code == 403
    assert fresh(story).state == "queued"


def test_a_contributor_mends_and_resubmits_their_returned_story(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office)
    move(story, "send_back", editor, "Mohon sebut jumlah peserta.")
    client = enter(writer)
    response = client.get(page(story))
    assert "Mohon sebut jumlah peserta." in text_of(response)
    form = form_of(response) | {"body": "Acara dihadiri 120 peserta."}
    assert client.post(decide(story, "resubmit"), form).status_code == 302
    assert (fresh(story).state, fresh(story).body) == ("queued", "Acara dihadiri 120 peserta.")


def test_a_contributor_cannot_choose_sites_embargo_or_what_shows_a_child(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office)
    photo = story.photos.get()
    Photo.objects.filter(pk=photo.pk).update(child=True)
    move(story, "send_back", editor, "Perbaiki.")
    client = enter(writer)
    form = form_of(client.get(page(story))) | {
        "sites": ["kota"],
        "embargo_until": "2031-01-02T08:00",
        f"foto-{photo.pk}-consent": "verbal",
        "headline": "Judul perbaikan",
    }
    form.pop(f"foto-{photo.pk}-child", None)
    assert client.post(save(story), form).status_code == 302
    story, photo = fresh(story), Photo.objects.get(pk=photo.pk)
    assert story.headline == "Judul perbaikan"
    assert (story.sites, story.embargo_until, photo.child, photo.consent) == (SITES, None, True, "")


# After the release


def test_a_correction_is_written_as_a_draft_and_shown_beside_what_readers_have(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office, body="Hadir 100 peserta."), editor)
    client = enter(second_editor)
    form = form_of(client.get(page(story))) | {"body": "Hadir 120 peserta."}
    client.post(save(story), form)
    assert fresh(story).sealed().body == "Hadir 100 peserta."
    response = client.get(page(story))
    assert "<del>100</del><ins>120</ins>" in response.content.decode()
    form = form_of(response)
    refused = client.post(decide(story, "correct"), form)
    assert "Isi ralat, tampil bagi pembaca wajib diisi" in text_of(refused)
    sent = client.post(decide(story, "correct"), form_of(refused) | {"note_correct": "Jumlah peserta 120."})
    assert sent.status_code == 302
    story = fresh(story)
    assert (story.version, story.sealed().body, story.sealed().notice) == (
        2,
        "Hadir 120 peserta.",
        "Jumlah peserta 120.",
    )


def test_a_correction_not_yet_saved_is_shown_before_it_is_sent(office: Office, editor: Person) -> None:
    story = release(make_story(office, body="Hadir 100 peserta.", photos=2), editor)
    client = enter(editor)
    photo = story.photos.get(order=1)
    form = form_of(client.get(page(story))) | {
        "body": "Hadir 120 peserta.",
        f"foto-{photo.pk}-left_out": "on",
    }
    shown = client.post(reverse("changes", args=[story.pk]), form).content.decode()
    assert "<del>100</del><ins>120</ins>" in shown
    assert "Keterangan 2" in shown
    assert "<del>" in shown.partition("Foto")[2]
    assert fresh(story).body == "Hadir 100 peserta."


def test_retracting_names_the_sites_and_the_reason_is_kept(office: Office, editor: Person) -> None:
    story = release(make_story(office, sites=["kota"]), editor)
    client = enter(editor)
    response = client.get(page(story))
    assert "Berita ini ditarik dari Situs Kota." in text_of(response)
    client.post(decide(story, "retract"), form_of(response) | {"note_retract": "Data keliru."})
    assert (fresh(story).state, fresh(story).sealed().notice) == ("retracted", "Data keliru.")


# What is shown


def test_markup_in_a_story_or_a_mail_is_shown_and_not_obeyed(office: Office, editor: Person) -> None:
    bad = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    story = make_story(office, headline=f"Judul {bad}", body=f"Isi {bad} [tekan](javascript:alert(3))")
    mail = story.submissions.get()
    mail.source_text = mail.subject = mail.sender_name = mail.note = bad
    mail.parts = [
        {"number": "1", "content_type": bad, "filename": bad, "size": 1, "fate": "used", "reason": bad}
    ]
    mail.defects = [bad]
    mail.save()
    Photo.objects.filter(story=story).update(caption=bad, filename=bad, problem=bad, credit=bad)
    move(story, "spike", editor, bad)
    client = enter(editor)
    pages = [
        page(story),
        reverse("queue") + "?status=ditolak&q=<script>",
        reverse("submission", args=[mail.pk]),
    ]
    for address in pages:
        html = client.get(address).content.decode()
        assert "<script>alert" not in html, address
        assert "<img src=x" not in html, address
        assert 'href="javascript' not in html, address


def test_the_preview_is_safe_html_of_what_is_being_typed(office: Office, editor: Person) -> None:
    story = make_story(office)
    shown = enter(editor).post(
        reverse("preview", args=[story.pk]), {"body": "**Tebal** <b onclick=x>apa</b>\n\n- satu\n- dua"}
    )
    html = shown.content.decode()
    assert "<strong>Tebal</strong>" in html
    assert "<li>satu</li>" in html
    assert "&lt;b onclick" in html


def test_an_old_revision_is_compared_with_the_present_text_word_by_word(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body="Hadir seratus peserta <b>di</b> aula.")
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"body": "Hadir dua ratus peserta <b>di</b> aula."}
    client.post(save(story), form)
    old = story.revisions.first()
    assert old is not None
    html = client.get(reverse("revision", args=[story.pk, old.pk])).content.decode()
    assert "<del>seratus</del>" in html
    assert "<ins>dua ratus</ins>" in html
    assert "&lt;b&gt;di&lt;/b&gt;" in html


def test_a_revision_of_another_story_is_not_found_under_this_one(office: Office, editor: Person) -> None:
    story, other = make_story(office, 1), make_story(office, 2)
    assert other.revision is not None
    address = reverse("revision", args=[story.pk, other.revision.pk])
    assert enter(editor).get(address).status_code == 404


def test_history_is_told_in_words(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    client.post(save(story), form_of(client.get(page(story))) | {"headline": "Judul lain"})
    client.post(
        decide(story, "send_back"), form_of(client.get(page(story))) | {"note_send_back": "Lengkapi."}
    )
    words = text_of(client.get(page(story)))
    for deed in ("Disunting", "Dikembalikan untuk diperbaiki", "Lengkapi.", "Bram"):
        assert deed in words


def test_a_collage_that_came_by_no_mail_says_so(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = Story.objects.create(
        key="kolase", headline="Kolase", body="Isi", author=second_editor, received_at=datetime.now(UTC)
    )
    first_revision(story, "collage")
    words = text_of(enter(editor).get(page(story)))
    assert "tidak datang lewat surel; dibuat oleh Sulastri" in words


def test_the_page_asks_the_database_no_more_often_with_many_photos_and_revisions(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    small, large = make_story(office, 1, photos=1), make_story(office, 2, photos=30)
    for number in range(30):
        first_revision(large, "edit", editor)
        LogEntry.objects.create(verb="edit", by=editor, story=large, note=str(number))
        large.deliveries.create(site=f"situs-{number}")
    client = enter(editor)
    client.get(page(small))
    with django_assert_max_num_queries(100) as few:
        client.get(page(small))
    with django_assert_max_num_queries(100) as many:
        client.get(page(large))
    assert len(many) == len(few)


def test_a_long_unchanged_text_is_left_out_between_changes(office: Office, editor: Person) -> None:
    middle = "kalimat yang sama " * 200
    story = make_story(office, body=f"Awal lama.\n\n{middle}\n\nAkhir lama.")
    client = enter(editor)
    form = form_of(client.get(page(story))) | {"body": f"Awal baru.\n\n{middle}\n\nAkhir baru."}
    client.post(save(story), form)
    old = story.revisions.first()
    assert old is not None
    html = client.get(reverse("revision", args=[story.pk, old.pk])).content.decode()
    assert html.count("<del>lama</del><ins>baru</ins>") == 2
    assert html.count("kalimat yang sama") < 30
    assert " … " in html
