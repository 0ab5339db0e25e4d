"""The header's line: when the mailboxes were looked into, and how loudly it says that they were not."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom import heartbeat
from newsroom.models import Heartbeat, Mailbox, Person, Submission
from tests.newsroom.screens import enter, text_of
from tests.office import SETTINGS, Office


@pytest.fixture
def worker(office: Office) -> Heartbeat:
    """A worker that has run since yesterday and is alive."""
    now = timezone.now()
    return Heartbeat.objects.create(worker="uji/1", started_at=now - timedelta(days=1), at=now)


def looked(minutes: float, **fields: Any) -> Mailbox:
    at = timezone.now() - timedelta(minutes=minutes)
    return Mailbox.objects.update_or_create(name="lokal", defaults={"checked_at": at, **fields})[0]


def shown(person: Person) -> tuple[str, str]:
    """Return the loudness and the words of the header, as the page's own polling receives them."""
    response = enter(person).get(reverse("mail_heartbeat"))
    words: str = text_of(response)
    return response.context["heartbeat"]["tone"], words


@pytest.mark.parametrize(
    ("missed", "tone"),
    [(0, "good"), (2.9, "good"), (3.1, "soon"), (5.9, "soon"), (6.1, "bad"), (600, "bad")],
)
@pytest.mark.parametrize(("every", "interval"), [(2, 60), (60, 60), (600, 600)])
def test_three_missed_looks_are_amber_and_six_are_red(
    office: Office,
    worker: Heartbeat,
    use: Callable[[str], None],
    missed: float,
    tone: str,
    every: int,
    interval: int,
) -> None:
    use(SETTINGS.replace("path: ./mailbox}", f"path: ./mailbox, every: {every}}}"))
    now = timezone.now()
    Heartbeat.objects.update(started_at=now - timedelta(days=30))
    Mailbox.objects.create(name="lokal", checked_at=now - timedelta(seconds=missed * interval))
    assert heartbeat.beats(now)[0].tone == tone


def test_the_header_counts_what_came_today(office: Office, editor: Person, worker: Heartbeat) -> None:
    looked(2.5)
    today = timezone.localtime(timezone.now(), office_zone()).replace(hour=0, minute=0, second=1)
    for number, at in enumerate((today, today, today - timedelta(seconds=2))):
        Submission.objects.create(
            sha256=hashlib.sha256(str(number).encode()).hexdigest(),
            size=1,
            mailbox="lokal",
            received_at=at,
            kept_at=at,
        )
    tone, words = shown(editor)
    assert tone == "good"
    assert "Surel terakhir diperiksa 2 menit lalu · 2 surel baru hari ini" in words
    assert "Diperiksa 2 menit lalu · 2 baru" in words, "a phone has room for less"


def office_zone() -> Any:
    from django.conf import settings

    return settings.REDAKSI.office.tz


def test_a_mailbox_that_fails_is_amber_at_first_and_red_when_it_lasts(
    office: Office, editor: Person, worker: Heartbeat
) -> None:
    looked(1, error="Server menolak kata sandi.")
    assert shown(editor)[0] == "soon"
    looked(7, error="Server menolak kata sandi.")
    tone, words = shown(editor)
    assert (tone, "Kotak surel bermasalah, terakhir diperiksa 7 menit lalu" in words) == ("bad", True)


def test_red_says_how_to_be_told_unless_somebody_is(
    office: Office, editor: Person, worker: Heartbeat, use: Callable[[str], None]
) -> None:
    looked(30)
    assert "pemberitahuan belum diatur" in shown(editor)[1]
    use(SETTINGS + "notices: {urls_env: UJI_ALAMAT}\n")
    assert "pemberitahuan belum diatur" not in shown(editor)[1]
    use(SETTINGS)
    looked(4)
    assert "pemberitahuan belum diatur" not in shown(editor)[1], "amber needs no notice"


def test_a_dead_worker_is_red_whatever_the_mailbox_says(
    office: Office, editor: Person, worker: Heartbeat
) -> None:
    looked(0)
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=59))
    assert shown(editor)[0] == "good"
    Heartbeat.objects.update(at=timezone.now() - timedelta(seconds=61))
    tone, words = shown(editor)
    assert (tone, "Pekerja Redaksi tidak berjalan sejak" in words) == ("bad", True)
    Heartbeat.objects.all().delete()
    assert "Pekerja Redaksi tidak berjalan; surel tidak diperiksa" in shown(editor)[1]


def test_of_several_mailboxes_the_worst_speaks_by_its_name(
    office: Office, editor: Person, worker: Heartbeat, use: Callable[[str], None]
) -> None:
    use(SETTINGS.replace("proof:", "  - {name: humas, kind: folder, path: ./humas}\nproof:"))
    looked(1)
    other = Mailbox.objects.create(name="humas", checked_at=timezone.now() - timedelta(minutes=2, seconds=1))
    tone, words = shown(editor)
    assert (tone, "diperiksa 2 menit lalu" in words) == ("good", True), "the one waited for longest"
    looked(4)
    tone, words = shown(editor)
    assert (tone, "lokal: Surel terakhir diperiksa 4 menit lalu" in words) == ("soon", True)
    other.error = "Sertifikat kedaluwarsa."
    other.checked_at -= timedelta(minutes=10)
    other.save()
    tone, words = shown(editor)
    assert (tone, "humas: Kotak surel bermasalah" in words) == ("bad", True)
    Mailbox.objects.update(error="", checked_at=timezone.now())
    assert shown(editor)[0] == "good"


def test_a_first_look_is_waited_for_from_the_workers_start(office: Office, worker: Heartbeat) -> None:
    Mailbox.objects.create(name="lokal")
    now = timezone.now()
    Heartbeat.objects.update(started_at=now - timedelta(minutes=5))
    assert [(beat.state, beat.tone) for beat in heartbeat.beats(now)] == [("never", "soon")]
    Heartbeat.objects.update(started_at=now - timedelta(minutes=7))
    assert [(beat.state, beat.tone) for beat in heartbeat.beats(now)] == [("silent", "bad")]


def test_a_machine_that_was_off_at_night_is_amber_at_dawn_and_not_red(
    office: Office, worker: Heartbeat
) -> None:
    looked(480)
    now = timezone.now()
    Heartbeat.objects.update(started_at=now - timedelta(minutes=1))
    assert heartbeat.beats(now)[0].tone == "soon"


def test_a_long_look_that_takes_mails_in_is_no_silence(office: Office, worker: Heartbeat) -> None:
    row = looked(60)
    now = timezone.now()
    Mailbox.objects.filter(pk=row.pk).update(claim="uji/1:1", claimed_until=now + timedelta(minutes=14))
    assert heartbeat.beats(now)[0].tone == "good", "it was renewed a minute ago"
    Mailbox.objects.filter(pk=row.pk).update(claimed_until=now + timedelta(minutes=5))
    assert heartbeat.beats(now)[0].tone == "bad", "it hangs since ten minutes"


def test_a_mailbox_that_waits_for_a_choice_says_so(office: Office, editor: Person, worker: Heartbeat) -> None:
    looked(0, survey={"answers": [1]}, start_at=None)
    tone, words = shown(editor)
    assert (tone, "Kotak surel menunggu pilihan Anda" in words) == ("soon", True)


def test_the_line_leads_to_the_mailboxes_and_renews_itself(
    office: Office, editor: Person, worker: Heartbeat
) -> None:
    looked(0)
    page = enter(editor).get("/antrean/").content.decode()
    assert f'href="{reverse("mailboxes")}"' in page
    assert f'hx-get="{reverse("mail_heartbeat")}" hx-trigger="every 60s"' in page
