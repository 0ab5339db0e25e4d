"""A verified story's time, changed up to its very moment; a story withdrawn first and explained after."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom.acts import ActRefused
from newsroom.models import Delivery, LogEntry, Person, State, Story
from newsroom.schedule import schedule
from newsroom.workflow import MOVES, MoveRefused, allowed, move
from pipeline.notices import troubles
from pipeline.release import release as release_step
from tests.newsroom.screens import enter, form_of, make_story, page, release, text_of
from tests.office import Office, coverage


@pytest.fixture
def verified(office: Office, editor: Person) -> Story:
    story = make_story(office, 1)
    Story.objects.filter(pk=story.pk).update(embargo_until=timezone.now() + timedelta(hours=2))
    story.refresh_from_db()
    move(story, "verify", editor)
    return story


def about_to_go_out(story: Story) -> Story:
    """Return the story as a worker holds it that has just found its time come."""
    Story.objects.filter(pk=story.pk).update(embargo_until=timezone.now() - timedelta(seconds=1))
    row: Story = Story.objects.all().due().get()
    assert row.take("pekerja:1", Story.objects.all().due())
    return row


def test_an_editor_sets_another_time_and_it_is_told_in_all_three_zones(
    office: Office, editor: Person, verified: Story
) -> None:
    client = enter(editor)
    answer = client.post(
        reverse("reschedule", args=[verified.pk]), {"jadwal": "2031-01-02T08:00"}, follow=True
    )
    verified.refresh_from_db()
    assert verified.embargo_until == datetime(2031, 1, 2, 1, 0, tzinfo=UTC)
    assert "Dijadwalkan Kamis, 2 Januari 2031 pukul 08.00 WIB." in text_of(answer)
    assert "08.00 WIB · 09.00 WITA · 10.00 WIT" in text_of(answer)
    entry = LogEntry.objects.get(story=verified, verb="schedule")
    assert (entry.by, entry.note.replace("\u00a0", " ")) == (editor, "Kamis, 2 Januari 2031 pukul 08.00 WIB")


def test_now_is_now(office: Office, editor: Person, verified: Story) -> None:
    enter(editor).post(reverse("reschedule", args=[verified.pk]), {"sekarang": "1", "jadwal": ""})
    office.work()
    verified.refresh_from_db()
    assert verified.state == State.RELEASED


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("", "Tulis tanggal dan jamnya"),
        ("2026-01-01T08:00", "sudah lewat"),
        ("0001-01-01T08:00", "tidak mungkin"),
        ("besok", "Tulis tanggal dan jamnya lengkap"),
    ],
)
def test_a_time_that_makes_no_sense_is_told(
    office: Office, editor: Person, verified: Story, written: str, told: str
) -> None:
    answer = enter(editor).post(reverse("reschedule", args=[verified.pk]), {"jadwal": written}, follow=True)
    assert told in text_of(answer)
    before = verified.embargo_until
    verified.refresh_from_db()
    assert verified.embargo_until == before


def test_only_editors_set_times_and_only_of_verified_stories(
    office: Office, editor: Person, verified: Story
) -> None:
    with pytest.raises(ActRefused):
        schedule(verified, office.person("op", "operator"), None)
    with pytest.raises(ActRefused):
        schedule(make_story(office, 2), editor, None)


def test_of_two_who_set_a_time_the_second_is_told(office: Office, editor: Person, verified: Story) -> None:
    late = Story.objects.get(pk=verified.pk)
    schedule(verified, editor, timezone.now() + timedelta(hours=5))
    with pytest.raises(ActRefused, match="orang lain"):
        schedule(late, office.person("kedua"), None)


def test_a_later_time_set_at_the_last_second_holds(office: Office, editor: Person, verified: Story) -> None:
    row = about_to_go_out(verified)
    schedule(Story.objects.get(pk=row.pk), editor, timezone.now() + timedelta(hours=1))
    release_step(row)
    row.let_go()
    row.refresh_from_db()
    assert (row.state, row.error, row.parked) == (State.VERIFIED, "", False)
    assert not Delivery.objects.exists()


def test_a_story_rejected_at_the_last_second_does_not_go_out(
    office: Office, editor: Person, verified: Story
) -> None:
    row = about_to_go_out(verified)
    move(Story.objects.get(pk=row.pk), "spike", editor, "Ternyata keliru.")
    release_step(row)
    row.let_go()
    row.refresh_from_db()
    assert (row.state, row.error) == (State.SPIKED, "")
    assert not Delivery.objects.exists()


def test_once_it_is_out_its_time_is_no_longer_changed(
    office: Office, editor: Person, verified: Story
) -> None:
    row = about_to_go_out(verified)
    seen = Story.objects.get(pk=row.pk)
    release_step(row)
    with pytest.raises(ActRefused, match="tayang"):
        schedule(seen, editor, timezone.now() + timedelta(hours=1))


def test_a_story_a_minute_late_is_named_where_it_needs_attention(
    office: Office, editor: Person, verified: Story
) -> None:
    late = timezone.now() - timedelta(seconds=61)
    client = enter(editor)
    Story.objects.filter(pk=verified.pk).update(embargo_until=late)
    assert "Waktu tayangnya sudah lewat" not in text_of(client.get(reverse("attention")))  # just verified
    Story.objects.filter(pk=verified.pk).update(sealed_at=late)
    assert "Waktu tayangnya sudah lewat" in text_of(client.get(reverse("attention")))


def test_an_emergency_withdrawal_needs_no_words_and_owes_its_reason_within_a_day(
    office: Office, editor: Person
) -> None:
    story = release(make_story(office, 1), editor)
    client = enter(editor)
    answer = client.post(
        reverse("decide", args=[story.pk, "withdraw"]), form_of(client.get(page(story))), follow=True
    )
    story.refresh_from_db()
    assert (story.state, story.version) == (State.RETRACTED, 2)
    assert story.reason_due_at is not None
    assert timedelta(hours=23, minutes=59) < story.reason_due_at - timezone.now() <= timedelta(hours=24)
    assert "Umumkan alasannya sebelum" in text_of(answer)
    assert "Ditarik darurat, alasannya belum diumumkan" in text_of(client.get(reverse("attention")))
    assert story.sealed().notice == MOVES["withdraw"].says
    assert story.sealed().body == story.sealed(1).body, "the archive keeps what readers saw"


def test_the_reason_given_afterwards_takes_the_place_of_the_first_words(
    office: Office, editor: Person
) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", editor)
    office.work()
    story.refresh_from_db()
    move(story, "withdraw", editor)
    office.work()
    story.refresh_from_db()
    assert "explain" in allowed(story, editor)
    with pytest.raises(MoveRefused, match="wajib diisi"):
        move(story, "explain", editor, " ")
    move(story, "explain", editor, "Memuat identitas anak.")
    assert story.reason_due_at is None
    assert "explain" not in allowed(story, editor)
    with pytest.raises(MoveRefused, match="sudah diumumkan"):
        move(story, "explain", editor, "Lagi.")
    office.work()
    story.refresh_from_db()
    assert {(d.sent_version, d.state) for d in story.deliveries.all()} == {(3, "hidden")}
    told = [file.read_text() for file in (office.folder / "situs" / "kota").rglob("*.html")]
    assert any("Memuat identitas anak." in html for html in told)
    assert not any("Alasannya menyusul" in html for html in told)


def test_a_restored_story_owes_no_reason(office: Office, editor: Person) -> None:
    story = release(make_story(office, 1), editor)
    move(story, "withdraw", editor)
    move(story, "restore", editor, "Ternyata benar.")
    assert story.reason_due_at is None


def test_the_office_hears_of_a_reason_that_is_overdue(office: Office, editor: Person) -> None:
    story = release(make_story(office, 1), editor)
    move(story, "withdraw", editor)
    assert not [one for one in troubles(set()) if one.about == "unexplained"]
    Story.objects.filter(pk=story.pk).update(reason_due_at=timezone.now() - timedelta(minutes=1))
    (told,) = [one for one in troubles(set()) if one.about == "unexplained"]
    assert "Judul berita 1" in told.body


def test_what_must_go_from_sight_is_sent_before_what_may_wait(office: Office, editor: Person) -> None:
    older, newer = release(make_story(office, 1), editor), release(make_story(office, 2), editor)
    move(newer, "withdraw", editor)
    Delivery.objects.update(sent_version=0)
    due = list(Delivery.objects.all().due().values_list("story_id", flat=True))
    assert (due[0], set(due)) == (newer.pk, {older.pk, newer.pk})
