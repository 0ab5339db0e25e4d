"""Needs attention: everything that is stuck is there, with its reason and what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils import timezone

from newsroom.context import attention_count, counting, stuck
from newsroom.models import (
    Collage,
    Contributor,
    Delivery,
    Disposition,
    Letter,
    LogEntry,
    Mailbox,
    Package,
    Person,
    Story,
    Submission,
)
from newsroom.workflow import move
from tests.newsroom.screens import enter, make_story, release, text_of
from tests.office import SETTINGS, Office

ATTENTION = "/perhatian/"


def held(number: int = 1, **fields: Any) -> Submission:
    given = {
        "disposition": Disposition.HELD,
        "reason": "Pengirim belum dikenal (baru@asing.example).",
        "sender_address": "baru@asing.example",
        "sender_name": "Pengirim Baru",
        "subject": f"Rilis {number}",
        "source_text": "Mohon dimuat.",
        **fields,
    }
    return Submission.objects.create(
        sha256=f"{number:064d}", size=2_100_000, mailbox="lokal", received_at=timezone.now(), **given
    )


def everything(office: Office, editor: Person) -> Story:
    story = release(make_story(office, 1), editor)
    held(1)
    held(2, disposition=Disposition.FAILED, reason="Surel ini tidak dapat dibaca.", subject="")
    held(3, disposition="", reason="", error="Terjadi kesalahan saat membaca.", subject="Tersandung")
    Delivery.objects.filter(story=story, site="kota").update(
        sent_version=0, error="Situs menolak foto.", parked=True, attempts=2
    )
    Mailbox.objects.create(name="lokal", error="Server surel menolak kata sandi.", parked=True)
    Package.objects.filter(story=story).update(
        path="kunci/v1",
        checked_at=timezone.now(),
        sound=False,
        error="Berkas photos/01.jpg berubah.",
        parked=True,
    )
    letter = {"to": "nala@contoh.example", "subject": "Re: Rilis", "body": "…", "message_id": "<surat@x>"}
    Letter.objects.create(story=story, error="Server surat keluar tidak menjawab.", **letter)
    Collage.objects.create(
        start=date(2026, 1, 1), end=date(2026, 6, 30), error="Baru ada 2 foto.", parked=True, state="wanted"
    )
    waiting = make_story(office, 2)
    move(waiting, "verify", editor)
    Story.objects.filter(pk=waiting.pk).update(error="Terjadi kesalahan pada program.")
    return story


def test_every_kind_of_trouble_is_listed_and_counted(office: Office, editor: Person) -> None:
    everything(office, editor)
    words = text_of(enter(editor).get(ATTENTION))
    for sentence in (
        "Pengirim belum dikenal (baru@asing.example).",
        "Mohon dimuat.",
        "Surel ini tidak dapat dibaca.",
        "Terjadi kesalahan saat membaca.",
        "Situs Kota Situs menolak foto. Judul berita 1",
        "Menunggu tindakan Anda. Sudah dicoba 2 kali.",
        "Server surel menolak kata sandi.",
        "Berkas photos/01.jpg berubah.",
        "Server surat keluar tidak menjawab.",
        "1 Januari 2026 – 30 Juni 2026 Baru ada 2 foto.",
        "Terjadi kesalahan pada program.",
        "Perlu perhatian 9",
    ):
        assert sentence in words, sentence


def test_when_nothing_is_stuck_the_page_says_so(office: Office, editor: Person) -> None:
    assert "Semua berjalan lancar" in text_of(enter(editor).get(ATTENTION))


def test_a_held_mail_is_let_in_and_its_sender_remembered(office: Office, editor: Person) -> None:
    mail = held()
    client = enter(editor)
    assert "Terima dan ingat pengirim" in text_of(client.get(ATTENTION))
    response = client.post(reverse("admit", args=[mail.pk]), {"ingat": "1"}, follow=True)
    assert "Surel diterima" in text_of(response)
    mail.refresh_from_db()
    assert (mail.disposition, mail.admitted_by) == ("", editor)
    assert Contributor.objects.get(address="baru@asing.example").name == "Pengirim Baru"
    again = client.post(reverse("admit", args=[mail.pk]), follow=True)
    assert "sudah ditangani orang lain" in text_of(again)


def test_enter_in_the_name_of_a_sender_remembers_the_sender(office: Office, editor: Person) -> None:
    held()
    page = enter(editor).get(ATTENTION).content.decode()
    [form] = [form for form in re.findall(r"(?s)<form\b.*?</form>", page) if 'name="nama"' in form]
    # Enter presses the first button of the form the cursor is in (HTML, implicit submission).
    buttons = re.findall(r"(?s)<button[^>]*>", form)
    assert len(buttons) == 1
    assert 'name="ingat" value="1"' in buttons[0]


def test_admitting_without_remembering_makes_no_contributor(office: Office, editor: Person) -> None:
    mail = held()
    enter(editor).post(reverse("admit", args=[mail.pk]))
    assert not Contributor.objects.filter(address="baru@asing.example").exists()


def test_a_mail_that_failed_was_set_aside_and_is_admitted_is_read_again(
    office: Office, editor: Person
) -> None:
    mail = held(disposition=Disposition.FAILED, parked=True, attempts=3, error="Gagal.")
    client = enter(editor)
    client.post(reverse("set_aside", args=[mail.pk]), {"alasan": "Iklan."})
    assert "Iklan." in text_of(client.get(reverse("ignored")))
    answer = client.post(reverse("admit", args=[mail.pk]), {"dari": "dikesampingkan"})
    assert answer.headers["Location"] == reverse("ignored")
    assert mail in Submission.objects.all().unread()


def test_a_failed_mail_is_tried_again(office: Office, editor: Person) -> None:
    mail = held(disposition=Disposition.FAILED, parked=True, attempts=3, error="Gagal.")
    enter(editor).post(reverse("retry", args=["surel", mail.pk]))
    assert mail in Submission.objects.all().unread()
    entry = LogEntry.objects.get(submission=mail)
    assert (entry.verb, entry.by) == ("retry", editor)


def test_a_stuck_delivery_is_due_again_at_once(office: Office, editor: Person) -> None:
    story = everything(office, editor)
    delivery = Delivery.objects.get(story=story, site="kota")
    assert delivery not in Delivery.objects.all().due()
    enter(editor).post(reverse("retry", args=["tayangan", delivery.pk]))
    assert delivery in Delivery.objects.all().due()
    assert "Dicoba lagi" in text_of(enter(editor).get(reverse("story", args=[story.pk])))


def test_a_dead_site_is_one_trouble_and_tried_again_as_one(office: Office, editor: Person) -> None:
    for number in range(1, 4):
        release(make_story(office, number), editor)
    held_up = Delivery.objects.filter(site="kota")
    held_up.update(
        sent_version=0, error="Situs tidak menjawab.", next_attempt_at=timezone.now() + timedelta(hours=1)
    )
    client = enter(editor)
    words = text_of(client.get(ATTENTION))
    assert words.count("Situs tidak menjawab.") == 1
    assert all(f"Judul berita {number}" in words for number in range(1, 4))
    client.post(reverse("retry_site", args=["kota"]))
    assert set(Delivery.objects.all().due()) == set(held_up)


def test_a_damaged_package_stays_in_sight_until_it_is_found_whole(office: Office, editor: Person) -> None:
    story = everything(office, editor)
    package = Package.objects.get(story=story)
    client = enter(editor)
    client.post(reverse("retry", args=["paket", package.pk]))
    assert package in Package.objects.all().unchecked()
    assert package in Package.objects.all().attention()
    assert "Rusak" in text_of(client.get(reverse("record", args=[story.pk])))


def test_each_retry_button_of_the_page_works(office: Office, editor: Person) -> None:
    everything(office, editor)
    client = enter(editor)
    html = client.get(ATTENTION).content.decode()
    addresses = [
        part.partition('"')[0] for part in html.split('action="')[1:] if "coba-lagi" in part.partition('"')[0]
    ]
    assert len(addresses) == 8
    for address in addresses:
        assert client.post(address).status_code == 302, address
    assert "Perlu perhatian 2" in text_of(client.get(ATTENTION)), "the held mail and the package remain"


def test_one_mails_page_shows_all_that_is_known_of_it(office: Office, editor: Person) -> None:
    mail = held(
        parts=[
            {
                "number": "1",
                "content_type": "text/plain",
                "filename": "",
                "size": 20,
                "fate": "used",
                "reason": "naskah",
            },
            {
                "number": "2",
                "content_type": "image/gif",
                "filename": "logo.gif",
                "size": 900,
                "fate": "refused",
                "reason": "gambar tanda tangan",
            },
        ],
        defects=["Baris perihal rusak dan diperbaiki."],
        note="Salam dari kami.",
    )
    mail.attachments.create(
        sha256="0" * 64, filename="undangan.pdf", content_type="application/pdf", size=12_345
    )
    response = enter(editor).get(reverse("submission", args=[mail.pk]))
    words = text_of(response)
    for shown in (
        "Rilis 1",
        "baru@asing.example",
        "2 bagian surel dan nasibnya",
        "logo.gif",
        "gambar tanda tangan",
        "Baris perihal rusak dan diperbaiki.",
        "Salam dari kami.",
        "undangan.pdf",
        "2,1 MB",
        "Kesampingkan",
    ):
        assert shown in words, shown
    assert "Ditahan" in words


def test_a_mail_with_no_facts_at_all_has_a_page(office: Office, editor: Person) -> None:
    mail = held(
        subject="", sender_address="", sender_name="", reason="", source_text="", disposition="failed"
    )
    words = text_of(enter(editor).get(reverse("submission", args=[mail.pk])))
    assert "Tanpa perihal" in words
    assert "tidak diketahui" in words


def test_a_site_that_was_taken_from_the_settings_does_not_break_the_page(
    office: Office, editor: Person
) -> None:
    story = release(make_story(office, 1), editor)
    Delivery.objects.create(story=story, site="dulu", error="Situs hilang.", url="x/")
    client = enter(editor)
    for address in (ATTENTION, "/tayang/", reverse("story", args=[story.pk])):
        words = text_of(client.get(address))
        assert "dulu" in words, address


def test_what_every_page_counts_takes_two_questions_whatever_the_moment_and_the_settings(
    office: Office, editor: Person, use: Callable[[str], None], django_assert_num_queries: Any
) -> None:
    everything(office, editor)
    Mailbox.objects.create(name="lain", error="Server surel tidak menjawab.", parked=True)
    counts = []
    for text in (SETTINGS, SETTINGS.replace("lokal", "lain"), re.sub(r"mailboxes:\n.*\n", "", SETTINGS)):
        use(text)
        with django_assert_num_queries(2):
            counts.append(attention_count())
        assert counts[-1] == sum(rows.count() for rows in stuck().values())
    assert counts[0] == counts[1] == counts[2] + 1 > 7
    late = make_story(office, 3)
    move(late, "verify", editor)
    before = attention_count()
    Story.objects.filter(pk=late.pk).update(sealed_at=timezone.now() - timedelta(hours=1))
    assert attention_count() == before + 1 == sum(rows.count() for rows in stuck().values())
    asked = connection.vendor, (), ()
    assert counting.__wrapped__(*asked) == counting.__wrapped__(*asked), "no time of day is in the question"


def test_many_troubles_cost_no_more_queries(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    story = everything(office, editor)
    client = enter(editor)
    client.get(ATTENTION)
    with django_assert_max_num_queries(100) as few:
        client.get(ATTENTION)
    for number in range(10, 80):
        held(number)
        Letter.objects.create(story=story, to="a@b", subject="x", body="x", message_id=str(number), error="x")
        Delivery.objects.create(
            story=story, site=f"s{number}", error="x", next_attempt_at=timezone.now() + timedelta(1)
        )
    with django_assert_max_num_queries(100) as many:
        page = client.get(ATTENTION)
    assert len(many) == len(few)
    assert "Seluruhnya 71; sisanya tampil setelah yang di atas ditangani." in text_of(page)
