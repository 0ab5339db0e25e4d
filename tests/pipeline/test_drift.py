"""What somebody changes at a site is found in the night, told, and never overwritten unless a person says so."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

import publishers
from newsroom.acts import ActRefused
from newsroom.drift import keep_theirs, put_ours_back, take_theirs
from newsroom.editing import edit
from newsroom.models import Choice, Delivery, Drift, LogEntry, Notice, Round, Sight, Story
from newsroom.models.drift import last_time
from newsroom.workflow import move
from pipeline.drift import PHOTOS_IN_A_NIGHT, as_held, open_rounds
from pipeline.notices import troubles
from tests.office import SETTINGS, Office, coverage

ONE_SITE = SETTINGS.replace(SETTINGS[SETTINGS.index("  - {name: info-publik") :], "")
HAND = "<p>Tulisan tangan <script>alert(1)</script>di situs.</p>"


@pytest.fixture
def story(office: Office, use: Callable[[str], None]) -> Story:
    """A story that one folder site shows."""
    use(ONE_SITE)
    office.post(coverage())
    office.work()
    found = Story.objects.get()
    move(found, "verify", office.person())
    office.work()
    found.refresh_from_db()
    return found


def at_site(office: Office, story: Story) -> Path:
    return office.folder / "situs" / "media-center" / only(story).url


def only(story: Story) -> Delivery:
    delivery: Delivery = story.deliveries.select_related("story").get()
    return delivery


def by_hand(page: Path, old: str, new: str) -> None:
    file = page / "index.html"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def a_night(office: Office) -> None:
    open_rounds()
    Round.objects.update(looked_at=timezone.now() - timedelta(days=2))
    assert office.work()["compare_site"] == (1, 0)


def sight() -> Sight:
    return Sight.objects.select_related("delivery__story").get()


def edited(office: Office, story: Story) -> Sight:
    by_hand(at_site(office, story), "Sebanyak 120 peserta", "Sebanyak 90 peserta")
    a_night(office)
    return sight()


def test_a_site_that_is_as_we_left_it_is_looked_at_and_nothing_is_said(office: Office, story: Story) -> None:
    before = timezone.now()
    a_night(office)
    a_night(office)
    assert (sight().drift, sight().looked_at > before) == ("", True)
    assert (Round.objects.get().stories, sight().mark != "") == (1, True)
    assert not LogEntry.objects.filter(verb__startswith="drift").exists()


HANDS: dict[str, tuple[Callable[[Path], None], str]] = {
    "the text": (lambda page: by_hand(page, "Sebanyak 120", "Sebanyak 90"), Drift.EDITED),
    "the headline": (lambda page: by_hand(page, "<h1>Wali Kota", "<h1>Bupati"), Drift.EDITED),
    "the page": (lambda page: (page / "index.html").unlink(), Drift.HIDDEN),
    "a photo": (lambda page: next(page.glob("*.jpg")).unlink(), Drift.PHOTOS),
    "a photo's bytes": (lambda page: next(page.glob("*.jpg")).write_bytes(b"lain"), Drift.PHOTOS),
    "the record": (lambda page: next((page.parents[2] / ".redaksi").glob("*.json")).unlink(), Drift.DELETED),
}


@pytest.mark.parametrize(
    ("what", "looked_before"), [*((what, False) for what in HANDS), ("the text", True), ("a photo", True)]
)
def test_what_a_hand_changed_is_named_and_put_back_when_a_person_wants_it(
    office: Office, story: Story, what: str, looked_before: bool
) -> None:
    if looked_before:
        a_night(office)
    was = at_site(office, story) / "index.html"
    ours, files = was.read_bytes(), sorted(path.name for path in was.parent.iterdir())
    hand, expected = HANDS[what]
    hand(at_site(office, story))
    a_night(office)
    assert (sight().drift, sight().is_open) == (expected, True)
    put_ours_back(sight(), office.person(), seen=sight().token)
    office.work()
    delivery = only(story)
    assert (delivery.error, delivery.sent_version, sight().drift) == ("", story.version, "")
    assert (was.read_bytes(), sorted(path.name for path in was.parent.iterdir())) == (ours, files)
    story.refresh_from_db()
    assert story.version == 1, "no new version"
    a_night(office)
    assert sight().drift == ""


def test_a_kept_version_is_asked_about_again_only_after_another_change(office: Office, story: Story) -> None:
    found = edited(office, story)
    keep_theirs(found, office.person(), seen=found.token)
    a_night(office)
    assert (sight().choice, sight().is_open) == (Choice.KEEP, False)
    by_hand(at_site(office, story), "Sebanyak 90 peserta", "Sebanyak 80 peserta")
    a_night(office)
    assert (sight().drift, sight().choice) == (Drift.EDITED, "")


def test_a_correction_replaces_a_kept_version_without_asking_once_more(office: Office, story: Story) -> None:
    found = edited(office, story)
    keep_theirs(found, office.person(), seen=found.token)
    move(story, "correct", office.person("sulastri", "chief"), "Jumlah diperiksa.")
    office.work()
    assert (only(story).error, only(story).sent_version) == ("", 2)
    assert not Sight.objects.exclude(drift="").exists()


def test_a_correction_meets_a_change_nobody_has_seen_yet_asks_and_shows_it_at_once(
    office: Office, story: Story
) -> None:
    by_hand(at_site(office, story), "Sebanyak 120 peserta", "Sebanyak 90 peserta")
    move(story, "correct", office.person("sulastri", "chief"), "Jumlah diperiksa.")
    office.work()
    assert only(story).parked
    assert "90 peserta" in (at_site(office, story) / "index.html").read_text()
    assert (sight().drift, "90 peserta" in sight().text) == (Drift.EDITED, True)
    assert not Delivery.objects.all().attention().exists(), "a choice is asked for, not another try"
    put_ours_back(sight(), office.person(), seen=sight().token)
    office.work()
    assert (only(story).error, only(story).sent_version) == ("", 2)


def test_letting_a_change_be_keeps_a_waiting_correction_from_it(office: Office, story: Story) -> None:
    by_hand(at_site(office, story), "Sebanyak 120 peserta", "Sebanyak 90 peserta")
    move(story, "correct", office.person("sulastri", "chief"), "Jumlah diperiksa.")
    office.work()
    keep_theirs(sight(), office.person(name="Bram"), seen=sight().token)
    office.work()
    assert "90 peserta" in (at_site(office, story) / "index.html").read_text()
    assert not only(story).owed
    assert only(story).receipts[-1]["detail"]["kept_by"]


def test_a_change_between_looking_and_deciding_is_not_overwritten(office: Office, story: Story) -> None:
    found = edited(office, story)
    put_ours_back(found, office.person(), seen=found.token)
    by_hand(at_site(office, story), "Sebanyak 90 peserta", "Sebanyak 70 peserta")
    office.work()
    assert "70 peserta" in (at_site(office, story) / "index.html").read_text()
    assert (sight().is_open, "70 peserta" in sight().text) == (True, True)


def test_a_correction_between_deciding_and_sending_is_asked_about_again(office: Office, story: Story) -> None:
    found = edited(office, story)
    put_ours_back(found, office.person(), seen=found.token)
    move(story, "correct", office.person("sulastri", "chief"), "Jumlah diperiksa.")
    office.work()
    assert sight().is_open
    assert "90 peserta" in (at_site(office, story) / "index.html").read_text()


def test_of_two_who_decide_at_once_the_second_is_told(office: Office, story: Story) -> None:
    found, same = edited(office, story), sight()
    keep_theirs(found, office.person(name="Bram"), seen=found.token)
    with pytest.raises(ActRefused, match=r"Editor sudah memutuskan|Bram sudah memutuskan"):
        put_ours_back(same, office.person("sulastri", "chief"), seen=same.token)
    assert not only(story).owed


def test_only_editors_decide(office: Office, story: Story) -> None:
    found = edited(office, story)
    for act in (keep_theirs, put_ours_back):
        with pytest.raises(ActRefused, match="tidak berwenang"):
            act(found, office.person("opi", "operator"), seen=found.token)


def test_what_the_site_wrote_becomes_a_draft_that_an_editor_publishes(office: Office, story: Story) -> None:
    page = at_site(office, story)
    by_hand(page, "Sebanyak 120 peserta", f"{HAND[3:-4]} Sebanyak 90 peserta")
    a_night(office)
    before = story.body
    take_theirs(sight(), office.person(), seen=sight().token, revision=story.revision_id)
    story.refresh_from_db()
    assert story.body == before.replace("Sebanyak 120", "Tulisan tangan di situs. Sebanyak 90")
    assert (story.version, story.dateline_city) == (1, "Kota Uji")
    assert "alert" not in story.body
    office.work()
    assert "120 peserta" in story.sealed().body, "nothing is published by itself"
    move(story, "correct", office.person("sulastri", "chief"), "Jumlah peserta diperbaiki.")
    office.work()
    assert (only(story).sent_version, only(story).error) == (2, "")
    assert "Sebanyak 90 peserta" in (page / "index.html").read_text()


def test_a_draft_that_is_being_written_is_not_replaced_by_the_sites_text(
    office: Office, story: Story
) -> None:
    found = edited(office, story)
    edit(story, office.person(), {"body": "Draf ralat.\n\nSedang ditulis."}, seen=story.revision_id)
    with pytest.raises(ActRefused, match="draf ralat"):
        take_theirs(sight(), office.person(), seen=found.token, revision=story.revision_id)
    story.refresh_from_db()
    assert story.body.startswith("Draf ralat.")
    assert sight().is_open


def test_a_story_let_be_as_gone_is_not_sent_again_until_somebody_wants_it(
    office: Office, story: Story
) -> None:
    page = at_site(office, story) / "index.html"
    page.unlink()
    a_night(office)
    keep_theirs(sight(), office.person(), seen=sight().token)
    move(story, "correct", office.person("sulastri", "chief"), "Jumlah diperiksa.")
    office.work()
    assert (page.exists(), only(story).owed) == (False, False)
    put_ours_back(sight(), office.person(), seen=sight().token)
    office.work()
    assert (page.exists(), only(story).error) == (True, "")


def test_a_withdrawn_story_that_is_shown_again_is_told_by_notice_and_hidden_again(
    office: Office, story: Story
) -> None:
    page = at_site(office, story) / "index.html"
    live = page.read_bytes()
    move(story, "retract", office.person("sulastri", "chief"), "Keliru.")
    office.work()
    a_night(office)
    assert sight().drift == ""
    page.write_bytes(live)
    a_night(office)
    assert sight().drift == Drift.SHOWN
    told = [trouble for trouble in troubles(set()) if trouble.about == "shown_again"]
    assert "Musrenbang" in told[0].body
    with pytest.raises(ActRefused):
        keep_theirs(sight(), office.person(), seen=sight().token)
    put_ours_back(sight(), office.person(), seen=sight().token)
    office.work()
    assert b"120 peserta" not in page.read_bytes()
    a_night(office)
    assert sight().drift == ""
    assert not [trouble for trouble in troubles(set()) if trouble.about == "shown_again"]
    assert not Notice.objects.filter(about="shown_again").exists(), "nobody is named in these settings"


def test_what_the_site_puts_right_by_itself_is_over(office: Office, story: Story) -> None:
    edited(office, story)
    by_hand(at_site(office, story), "Sebanyak 90 peserta", "Sebanyak 120 peserta")
    a_night(office)
    assert sight().drift == ""
    assert list(story.log.filter(verb__startswith="drift").values_list("verb", flat=True)) == [
        "drift",
        "drift_over",
    ]


def test_a_folder_that_is_away_is_no_drift(office: Office, story: Story, use: Callable[[str], None]) -> None:
    a_night(office)
    use(ONE_SITE.replace("path: ./situs/media-center", "path: ./mailbox/new/000001.uji/x"))
    Round.objects.update(looked_at=timezone.now() - timedelta(days=2))
    done = office.work()["compare_site"]
    assert (done, sight().drift) == ((0, 1), "")
    assert Round.objects.get().next_attempt_at is not None


def test_sites_are_compared_once_a_night_each_at_a_time_of_its_own(office: Office) -> None:
    zone = office_zone()
    noon = datetime(2026, 11, 20, 12, 0, tzinfo=zone)
    turns = {name: last_time(name, noon) for name in ("media-center", "info-publik", "kota")}
    assert len(set(turns.values())) == 3
    assert all(turn.date() == noon.date() and 1 <= turn.hour < 5 for turn in turns.values())
    at_night = noon.replace(hour=0, minute=30)
    assert {last_time(name, at_night).date() for name in turns} == {at_night.date() - timedelta(days=1)}
    open_rounds()
    assert not Round.objects.all().due().exists(), "a site that was just made known waits for its night"
    Round.objects.filter(site="kota").update(looked_at=timezone.now() - timedelta(days=2))
    assert [row.site for row in Round.objects.all().due()] == ["kota"]


def test_the_photos_of_large_sites_take_turns(office: Office, story: Story) -> None:
    row = only(story)
    rows: list[Any] = [copy(row) for _ in range(2 * PHOTOS_IN_A_NIGHT + 1)]
    for number, one in enumerate(rows):
        one.pk, one.sight = number, Sight(pk=number)
    site, publisher = compared_site()
    looked = [held.photos for held in as_held(rows, site, publisher)]
    assert sum(looked) == pytest.approx(len(rows) / 3, abs=1)


def office_zone() -> Any:
    return settings.REDAKSI.office.tz


def compared_site() -> Any:
    site = settings.REDAKSI.site("media-center")
    return site, publishers.build(site)
