"""The clocks of the procedure: when they run, stand still, begin anew and end."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from django.utils import timezone

from newsroom import clocks
from newsroom.acts import ActRefused
from newsroom.models import Delivery, Pause, Person, State, Story
from newsroom.views.clock import clock_of
from newsroom.workflow import move
from tests.newsroom.screens import fresh, make_story, release
from tests.office import Office

HOUR = timedelta(hours=1)


def minutes_left(story: Story, at: datetime | None = None) -> int | None:
    rest = clocks.left(fresh(story), at or timezone.now())
    return None if rest is None else round(rest / timedelta(minutes=1))


def shift(story: Story, **by: Any) -> None:
    """Let time pass for a story: every moment of its clock moves back."""
    row = fresh(story)
    moved = {
        name: getattr(row, name) - timedelta(**by) for name in ("due_at", "paused_at") if getattr(row, name)
    }
    Story.objects.filter(pk=story.pk).update(**moved)
    story.refresh_from_db()


def promise(story: Story, *sites: str) -> None:
    """Do as the worker does: make the promises, then let the move follow."""
    for site in sites or story.sites:
        Delivery.objects.create(story=story, site=site)
    move(story, "release", None)


def confirm(story: Story, site: str) -> None:
    story.deliveries.filter(site=site).update(sent_version=story.version)
    clocks.settle(story)


def test_a_story_is_to_be_verified_three_hours_after_its_arrival(office: Office) -> None:
    story = make_story(office, minutes=50)
    assert fresh(story).due_at == story.received_at + 3 * HOUR
    assert minutes_left(story) == 130


def test_the_database_takes_no_queued_story_without_a_clock(office: Office) -> None:
    story = make_story(office)
    with pytest.raises(IntegrityError):
        Story.objects.filter(pk=story.pk).update(due_at=None)


def test_verification_starts_the_two_hours_of_publishing(office: Office, editor: Person) -> None:
    story = make_story(office, minutes=170)
    move(story, "verify", editor)
    assert minutes_left(story) == 120
    promise(story)
    assert minutes_left(story) == 120


def test_with_an_embargo_the_two_hours_begin_when_it_ends(office: Office, editor: Person) -> None:
    story = make_story(office, embargo_until=timezone.now() + 5 * HOUR)
    move(story, "verify", editor)
    assert minutes_left(story) == 7 * 60


def test_the_clock_ends_with_the_last_site_and_not_before(office: Office, editor: Person) -> None:
    story = make_story(office)
    move(story, "verify", editor)
    promise(story)
    now = timezone.now()
    for site in ("media-center", "info-publik"):
        confirm(story, site)
        assert clocks.needing(Story.objects.all(), now).get() == story
    confirm(story, "kota")
    assert not clocks.needing(Story.objects.all(), now).exists()
    assert fresh(story).due_at is None


def test_a_site_that_confirmed_while_the_clock_was_not_looked_at_ends_the_need_all_the_same(
    office: Office, editor: Person
) -> None:
    story = make_story(office)
    move(story, "verify", editor)
    promise(story)
    story.deliveries.update(sent_version=1)  # as a worker leaves it that is killed right after
    assert fresh(story).due_at is not None
    assert not clocks.running(Story.objects.all()).exists()


def test_a_site_no_longer_in_the_settings_keeps_no_clock_running(office: Office, editor: Person) -> None:
    story = make_story(office)
    move(story, "verify", editor)
    promise(story, "kota", "situs-lama")
    confirm(story, "kota")
    assert fresh(story).due_at is None


def test_a_correction_is_to_be_on_all_sites_within_two_hours(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office), editor)
    confirm(story, "kota")
    assert minutes_left(story) is None
    move(story, "correct", second_editor, "Angka diperbaiki.")
    assert minutes_left(story) == 120
    assert clocks.running(Story.objects.all()).get() == story


def test_what_is_sent_back_has_no_clock_and_a_new_one_when_it_returns(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office, minutes=175)
    move(story, "send_back", editor, "Siapa narasumbernya?")
    assert minutes_left(story) is None
    move(story, "resubmit", writer)
    assert minutes_left(story) == 180


def test_what_was_rejected_by_mistake_comes_back_with_the_time_it_had(office: Office, editor: Person) -> None:
    late = make_story(office, 1, minutes=190)
    early = make_story(office, 2, minutes=30)
    for story in (late, early):
        move(story, "spike", editor, "Bukan liputan.")
        assert minutes_left(story) is None
        move(story, "unspike", editor)
    assert (minutes_left(late), minutes_left(early)) == (-10, 150)


def test_a_decision_taken_back_is_looked_at_anew(office: Office, editor: Person) -> None:
    story = make_story(office, minutes=170)
    move(story, "verify", editor)
    move(story, "reopen", editor)
    assert minutes_left(story) == 180


def test_a_paused_clock_stands_still_and_the_pause_does_not_count(office: Office, editor: Person) -> None:
    story = make_story(office, minutes=60)
    clocks.pause(story, editor, "Menunggu konfirmasi narasumber")
    shift(story, hours=5)
    assert minutes_left(story) == 120
    told = clock_of(fresh(story), timezone.now())
    assert told
    assert (told.words, told.tone) == ("dijeda, sisa 1 jam 59 menit", "paused")
    clocks.resume(story, editor)
    assert minutes_left(story) == 120
    shift(story, minutes=30)
    assert minutes_left(story) == 90


def test_a_pause_says_who_why_and_since_when_and_is_in_the_log(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    clocks.pause(story, editor, "  Gangguan   internet di kantor  ")
    row = Pause.objects.get()
    assert (row.by, row.reason, row.ended_at) == (editor, "Gangguan internet di kantor", None)
    clocks.resume(story, second_editor)
    row.refresh_from_db()
    assert row.ended_by == second_editor
    assert row.ended_at
    lines = story.log.filter(verb__in=("pause", "resume")).values_list("verb", "by__username", "note")
    assert list(lines) == [("pause", "bram", "Gangguan internet di kantor"), ("resume", "sulastri", "")]


def test_a_pause_without_a_reason_is_refused(office: Office, editor: Person) -> None:
    story = make_story(office)
    for reason in ("", "   ", "ya"):
        with pytest.raises(ActRefused, match="alasan jeda"):
            clocks.pause(story, editor, reason)
    assert fresh(story).paused_at is None


def test_the_reason_of_a_pause_keeps_nobodys_number(office: Office, editor: Person) -> None:
    story = make_story(office)
    clocks.pause(story, editor, "Menunggu pemilik NIK 6271011505900001 menjawab")
    assert "6271011505900001" not in Pause.objects.get().reason
    assert "6271011505900001" not in story.log.get(verb="pause").note


def test_of_two_who_pause_at_once_the_second_is_told(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    clocks.pause(fresh(story), editor, "Menunggu narasumber")
    with pytest.raises(ActRefused, match="sudah dijeda"):
        clocks.pause(story, second_editor, "Menunggu foto")
    assert Pause.objects.count() == 1
    clocks.resume(story, editor)
    with pytest.raises(ActRefused, match="tidak sedang dijeda"):
        clocks.resume(story, second_editor)


def test_a_story_without_a_clock_cannot_be_paused(office: Office, editor: Person) -> None:
    story = make_story(office)
    move(story, "send_back", editor, "Lengkapi.")
    with pytest.raises(ActRefused, match="tidak sedang berjalan"):
        clocks.pause(story, editor, "Menunggu narasumber")


def test_a_contributor_stops_no_clock(office: Office, writer: Person) -> None:
    with pytest.raises(ActRefused, match="tidak berwenang"):
        clocks.pause(make_story(office), writer, "Saya belum selesai")


def test_a_decision_ends_the_pause(office: Office, editor: Person, second_editor: Person) -> None:
    story = make_story(office, minutes=60)
    clocks.pause(story, editor, "Menunggu narasumber")
    move(fresh(story), "verify", second_editor)
    row = Pause.objects.get()
    assert row.ended_by == second_editor
    assert fresh(story).paused_at is None
    assert minutes_left(story) == 120


def test_what_the_worker_does_leaves_a_pause_as_it_is(office: Office, editor: Person) -> None:
    story = make_story(office)
    move(story, "verify", editor)
    clocks.pause(story, editor, "Situs tujuan sedang mati")
    promise(story)
    assert fresh(story).paused_at
    for site in story.sites:
        confirm(story, site)
    assert not Pause.objects.filter(ended_at=None).exists()
    assert fresh(story).paused_at is None


def test_a_rejected_story_keeps_the_time_it_had_when_it_was_paused(office: Office, editor: Person) -> None:
    story = make_story(office, minutes=60)
    clocks.pause(story, editor, "Menunggu narasumber")
    shift(story, hours=9)
    move(story, "spike", editor, "Batal.")
    move(story, "unspike", editor)
    assert minutes_left(story) == 120


def test_late_soon_and_neither_are_told_apart_at_their_very_bounds(office: Office, editor: Person) -> None:
    now = timezone.now()
    bounds = {"lewat": -1, "pas": 0, "mendesak": 45 * 60, "lapang": 45 * 60 + 1}
    for number, (name, seconds) in enumerate(bounds.items()):
        story = make_story(office, number, headline=name)
        Story.objects.filter(pk=story.pk).update(due_at=now + timedelta(seconds=seconds))
    every = Story.objects.all()
    assert {row.headline for row in clocks.late(every, now)} == {"lewat"}
    assert {row.headline for row in clocks.soon(every, now)} == {"pas", "mendesak"}
    Story.objects.update(state=State.VERIFIED)
    assert {row.headline for row in clocks.soon(every, now)} == {"pas"}
    Story.objects.filter(headline="lapang").update(due_at=now + timedelta(minutes=30))
    assert {row.headline for row in clocks.soon(every, now)} == {"pas", "lapang"}
