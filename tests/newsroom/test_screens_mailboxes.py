"""The mailbox page: how far back to go, what waits in the mailbox, and what could not be done there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import yaml
from django.urls import reverse
from django.utils import timezone

from newsroom.context import attention_count
from newsroom.models import LogEntry, Mailbox, Person, Sighting
from tests.newsroom.screens import enter, text_of
from tests.office import SETTINGS, Office

RESMI = {
    "name": "resmi",
    "kind": "imap",
    "host": "surel.contoh.example",
    "user": "redaksi@contoh.example",
    "password_env": "UJI",
    "after": "mark",
}


@pytest.fixture
def imap(use: Callable[[str], None]) -> None:
    settings = yaml.safe_load(SETTINGS)
    settings["mailboxes"].append(RESMI)
    use(yaml.safe_dump(settings))


def surveyed(**fields: Any) -> Mailbox:
    answers = {
        "now": {"mails": 0, "bytes": 0},
        "7": {"mails": 120, "bytes": 340_000_000},
        "30": {"mails": 510, "bytes": 1_200_000_000},
        "all": {"mails": 12_034, "bytes": 48_000_000_000},
    }
    survey = {"at": timezone.now().isoformat(), "uidvalidity": 1, "uidnext": 5, "answers": answers}
    return Mailbox.objects.create(name="resmi", survey=survey, checked_at=timezone.now(), **fields)


def left(uid: str = "7", **fields: Any) -> Sighting:
    given = {
        "subject": "Foto Musrenbang",
        "sender": "Nala <nala@contoh.example>",
        "size": 212_000_000,
        "parked": True,
        "error": "Surel ini 212 MB, lebih besar dari batas 150 MB, jadi belum diambil.",
        **fields,
    }
    return Sighting.objects.create(mailbox="resmi", uidvalidity=1, uid=uid, **given)


def test_a_new_mailbox_asks_how_far_back_to_go_and_says_how_much_that_is(
    office: Office, imap: None, editor: Person
) -> None:
    surveyed()
    page = text_of(enter(editor).get(reverse("mailboxes")))
    assert "Dari kapan surel diambil?" in page
    assert "7 hari terakhir 120 surel · 340 MB" in page
    assert "Semua surel 12.034 surel · 48 GB" in page
    assert "Kotak surel yang menunggu pilihan Anda 1" in text_of(enter(editor).get(reverse("attention")))


def test_the_answer_is_kept_and_logged_and_the_mailbox_is_due(
    office: Office, imap: None, editor: Person
) -> None:
    mailbox = surveyed(next_attempt_at=timezone.now() + timedelta(hours=1))
    enter(editor).post(reverse("choose_start", args=[mailbox.pk]), {"jawaban": "7"})
    mailbox.refresh_from_db()
    assert mailbox.start_at is not None
    assert timedelta(days=6) < timezone.now() - mailbox.start_at < timedelta(days=8)
    assert mailbox.next_attempt_at is None
    assert LogEntry.objects.get(verb="choose_start").by == editor
    assert "Dari kapan surel diambil?" not in text_of(enter(editor).get(reverse("mailboxes")))


def test_of_two_people_who_answer_at_once_the_second_is_told(
    office: Office, imap: None, editor: Person, second_editor: Person
) -> None:
    mailbox = surveyed()
    address = reverse("choose_start", args=[mailbox.pk])
    enter(editor).post(address, {"jawaban": "7"})
    mailbox.refresh_from_db()
    first = mailbox.start_at
    page = text_of(enter(second_editor).post(address, {"jawaban": "all"}, follow=True))
    assert "sudah dipilih orang lain" in page
    mailbox.refresh_from_db()
    assert mailbox.start_at == first


def test_an_answer_nobody_offered_changes_nothing(office: Office, imap: None, editor: Person) -> None:
    mailbox = surveyed()
    page = text_of(
        enter(editor).post(reverse("choose_start", args=[mailbox.pk]), {"jawaban": "9999"}, follow=True)
    )
    assert "Pilih salah satu" in page
    mailbox.refresh_from_db()
    assert mailbox.start_at is None


def test_a_mail_too_large_is_shown_with_its_sender_and_fetched_when_asked(
    office: Office, imap: None, editor: Person
) -> None:
    surveyed(start_at=timezone.now())
    mail = left()
    assert attention_count() == 1
    for name in ("mailboxes", "attention"):
        page = text_of(enter(editor).get(reverse(name)))
        assert "Foto Musrenbang" in page
        assert "Nala <nala@contoh.example>" in page
        assert "212 MB" in page
        assert "Ambil juga" in page
    enter(editor).post(reverse("fetch_anyway", args=[mail.pk]))
    mail.refresh_from_db()
    assert (mail.parked, mail.wanted, mail.error) == (False, True, "")
    page = text_of(enter(editor).post(reverse("fetch_anyway", args=[mail.pk]), follow=True))
    assert "sudah diambil atau sedang diambil" in page


def test_a_mail_that_stumbled_once_disturbs_nobody(office: Office, imap: None, editor: Person) -> None:
    surveyed(start_at=timezone.now())
    left(parked=False, attempts=1, error="Sambungan terputus.")
    assert attention_count() == 0


def test_what_waits_is_shown_as_progress(office: Office, imap: None, editor: Person) -> None:
    surveyed(start_at=timezone.now())
    Sighting.objects.bulk_create(
        Sighting(mailbox="resmi", uidvalidity=1, uid=str(number), size=2_000_000) for number in range(40)
    )
    page = text_of(enter(editor).get(reverse("mailboxes")))
    assert "Tersisa 40 dari 40 surel (80 MB)" in page


def test_mails_that_cannot_be_marked_are_told_with_the_cause_and_tried_again_when_asked(
    office: Office, imap: None, editor: Person
) -> None:
    from ingest import RawMessage
    from pipeline.receive import keep

    mailbox = surveyed(start_at=timezone.now())
    submission, _ = keep(RawMessage(data=b"Subject: a\r\n\r\nb", mailbox="resmi"))
    later = timezone.now() + timedelta(hours=3)
    row = left(
        submission=submission,
        parked=False,
        error="",
        settle_attempts=4,
        settle_error="Hanya dapat dibaca.",
        settle_at=later,
    )
    assert attention_count() == 1
    page = text_of(enter(editor).get(reverse("mailboxes")))
    assert (
        "1 surel sudah tersimpan tetapi belum dapat ditandai atau dipindahkan di kotak surel: Hanya dapat dibaca."
        in page
    )
    enter(editor).post(reverse("settle_now", args=[mailbox.pk]))
    row.refresh_from_db()
    assert row.settle_at is None


def test_a_mail_that_tries_to_be_markup_is_shown_as_typed(office: Office, imap: None, editor: Person) -> None:
    surveyed(start_at=timezone.now())
    left(subject="<script>alert(1)</script>")
    page = enter(editor).get(reverse("mailboxes")).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_an_office_without_a_mailbox_is_told_what_to_do(
    office: Office, use: Callable[[str], None], editor: Person
) -> None:
    settings = yaml.safe_load(SETTINGS)
    settings["mailboxes"] = []
    use(yaml.safe_dump(settings))
    assert "Belum ada kotak surel" in text_of(enter(editor).get(reverse("mailboxes")))
