"""What one part does at a site meets what another has left there: hands, removals, moves, withdrawals, pauses."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from newsroom.drift import keep_theirs, put_ours_back
from newsroom.models import Delivery, Drift, Lane, Round, State, Story
from newsroom.schedule import schedule
from newsroom.sites import figures, retry
from newsroom.tasks import Answer, question, tell
from newsroom.views.standing import site_lines
from newsroom.workflow import move
from pipeline.deliver import deliver
from pipeline.drift import compare_site, open_rounds
from pipeline.flow import ROAD, Step
from pipeline.notices import troubles
from pipeline.worker import Worker
from tests.newsroom.screens import fresh
from tests.office import Office, coverage
from tests.pipeline.small_wordpress import Asked, Illness, SmallWordPress
from tests.pipeline.test_drift import ONE_SITE, a_night, at_site, by_hand, only, sight
from tests.publishers.portal import Portal, portal

ELSEWHERE = ONE_SITE.replace("name: media-center", "name: pusat-media")


def step_of(work: Callable[[Any], None]) -> Step:
    return next(step for step in ROAD if step.work is work)


@pytest.fixture
def story(office: Office, use: Callable[[str], None]) -> Story:
    """A story that one folder site shows."""
    use(ONE_SITE)
    return published(office)


def published(office: Office, photos: int = 2) -> Story:
    office.post(coverage(photos=photos))
    office.work()
    found = Story.objects.latest("id")
    move(found, "verify", office.person())
    office.work()
    found.refresh_from_db()
    return found


def act(office: Office, story: Story, verb: str, note: str = "") -> None:
    move(story, verb, office.person(), note=note)
    office.work()
    story.refresh_from_db()


@pytest.mark.parametrize("damage", [lambda file: file.unlink(), lambda file: file.write_text("{")])
def test_a_take_down_reaches_a_folder_whose_record_a_hand_has_spoiled(
    office: Office, story: Story, damage: Callable[[Path], None]
) -> None:
    page = at_site(office, story)
    damage(next((page.parents[2] / ".redaksi").glob("*.json")))
    act(office, story, "retract", "Datanya keliru.")
    assert (only(story).error, only(story).state) == ("", "hidden")
    assert not list(page.glob("*.jpg"))
    assert "120 peserta" not in (page / "index.html").read_text()
    assert "Datanya keliru." in (page / "index.html").read_text()


def test_a_take_down_is_done_where_the_folder_holds_nothing_of_the_story(
    office: Office, story: Story
) -> None:
    Delivery.objects.update(remote_id="57")
    shutil.rmtree(office.folder / "situs")
    act(office, story, "retract", "Datanya keliru.")
    assert (only(story).error, only(story).sent_version) == ("", story.version)


@pytest.fixture
def wordpress(office: Office, use: Callable[[str], None]) -> Iterator[SmallWordPress]:
    with SmallWordPress() as site:
        (office.folder / "sandi").write_text("rahasia")
        use(ONE_SITE[: ONE_SITE.index("sites:")] + "sites:\n" + site.settings())
        yield site


def test_what_was_let_be_as_a_draft_is_corrected_again_once_wordpress_shows_it(
    office: Office, wordpress: SmallWordPress
) -> None:
    story = published(office, photos=0)
    wordpress.posts[1]["status"] = "draft"
    a_night(office)
    assert sight().drift == Drift.HIDDEN
    keep_theirs(sight(), office.person(), seen=sight().token)
    act(office, story, "correct", "Jumlah peserta 90, bukan 120.")
    assert "Jumlah peserta 90" not in wordpress.posts[1]["content"]["raw"]
    a_night(office)
    assert (sight().drift, sight().choice) == (Drift.HIDDEN, "keep"), "nothing has changed there"
    wordpress.posts[1]["status"] = "publish"
    a_night(office)
    office.work()
    assert "Jumlah peserta 90" in wordpress.posts[1]["content"]["raw"]
    assert (sight().drift, only(story).error) == ("", "")


def test_what_comes_back_edited_is_asked_about_and_not_overwritten(
    office: Office, wordpress: SmallWordPress
) -> None:
    story = published(office, photos=0)
    wordpress.posts[1]["status"] = "draft"
    a_night(office)
    keep_theirs(sight(), office.person(), seen=sight().token)
    theirs = wordpress.posts[1]["content"]["raw"].replace("120", "75")
    wordpress.posts[1] |= {"status": "publish", "content": {"raw": theirs}}
    act(office, story, "correct", "Jumlah peserta 90, bukan 120.")
    assert wordpress.posts[1]["content"]["raw"] == theirs
    assert (sight().drift, sight().is_open) == (Drift.EDITED, True)


def test_what_was_let_be_as_hidden_is_corrected_again_once_the_site_shows_it(
    office: Office, story: Story
) -> None:
    page = at_site(office, story) / "index.html"
    was = page.read_bytes()
    page.unlink()
    a_night(office)
    keep_theirs(sight(), office.person(), seen=sight().token)
    page.write_bytes(was)
    act(office, story, "correct", "Jumlah peserta 90, bukan 120.")
    assert "Jumlah peserta 90" in page.read_text()


def test_a_version_passed_over_is_sent_once_the_site_shows_the_story_again(
    office: Office, story: Story
) -> None:
    page = at_site(office, story) / "index.html"
    was = page.read_bytes()
    page.unlink()
    a_night(office)
    keep_theirs(sight(), office.person(), seen=sight().token)
    act(office, story, "correct", "Jumlah peserta 90, bukan 120.")
    assert not page.exists()
    page.write_bytes(was)
    a_night(office)
    office.work()
    assert "Jumlah peserta 90" in page.read_text()


def test_a_take_down_never_touches_another_story_that_has_our_number(
    office: Office, wordpress: SmallWordPress
) -> None:
    """The site was made anew, or its address now is another's, and its first post is not ours."""
    story = published(office, photos=0)
    row = only(story)
    Delivery.objects.update(ledger={**row.ledger, f"photo {row.ledger['key']}-m0123456789": {"id": 9}})
    theirs = {"title": {"raw": "Jadwal imunisasi"}, "slug": "jadwal", "content": {"raw": "<p>Lain</p>"}}
    wordpress.posts[1] |= theirs
    wordpress.link = "/jadwal/?p="
    act(office, story, "retract", "Datanya keliru.")
    assert wordpress.posts[1]["status"] == "publish"
    assert "kini tulisan lain" in only(story).error
    wordpress.posts[1]["status"] = "draft"
    retry("kota", office.person())
    office.work()
    assert (only(story).error, only(story).state) == ("", "hidden"), "no reader finds anything there"
    assert not [asked for asked in wordpress.requests if asked.startswith("DELETE")]


def test_neither_a_correction_nor_a_take_down_touches_another_story_of_ours(
    office: Office, wordpress: SmallWordPress
) -> None:
    story = published(office, photos=0)
    ours = wordpress.posts[1]["content"]["raw"]
    key = only(story).ledger["key"]
    wordpress.posts[1]["content"] = {"raw": ours.replace(key, "r0123456789abcd")}
    for verb in ("correct", "retract"):
        act(office, story, verb, "Datanya keliru.")
        assert "kini tulisan lain" in only(story).error
        post = wordpress.posts[1]
        assert (post["status"], "Datanya keliru" in post["content"]["raw"]) == ("publish", False)


def test_a_take_down_finds_a_story_whose_marker_and_address_a_hand_has_changed(
    office: Office, wordpress: SmallWordPress
) -> None:
    story = published(office, photos=0)
    wordpress.posts[1]["content"] = {"raw": "<p>Lain</p>"}
    wordpress.link = "/lain/?p="
    act(office, story, "retract", "Datanya keliru.")
    assert (wordpress.posts[1]["status"], only(story).error) == ("draft", "")


@pytest.fixture
def held() -> Iterator[Portal]:
    with portal() as one:
        yield one


def at_portal(held: Portal, site: str) -> str:
    return ONE_SITE[: ONE_SITE.index("sites:")] + (
        f'sites:\n  - {{name: {site}, kind: assisted, title: Portal, url: "{held.url}"}}\n'
    )


def say(office: Office, story: Story, url: str, reason: str = "") -> None:
    row = only(story)
    tell(row, office.person(), Answer(question(row), row.told.get("at", ""), url, reason))
    office.work()


@pytest.mark.parametrize("before", ["wordpress", "folder"])
def test_a_site_that_became_a_portal_still_has_its_stories_withdrawn(
    office: Office, use: Callable[[str], None], held: Portal, before: str
) -> None:
    use(ONE_SITE)
    story = published(office)
    if before == "wordpress":
        Delivery.objects.update(remote_id="57", url=f"{held.url}?p=57", ledger={"post": {"id": 57}})
    use(at_portal(held, "media-center"))
    act(office, story, "retract", "Datanya keliru.")
    assert only(story).asked
    say(office, story, f"{held.url}berita/sudah-tidak-ada")
    assert (only(story).error, only(story).state) == ("", "hidden")


def test_a_word_given_for_an_earlier_state_does_not_prove_what_is_wanted_after_it(
    office: Office, use: Callable[[str], None], held: Portal
) -> None:
    use(at_portal(held, "media-center"))
    story = published(office, photos=0)
    url = held.post(story.headline, "<p>Halaman anggota.</p>", ())
    say(office, story, url)
    say(office, story, url, "Portal hanya terbuka bagi anggota.")
    assert not only(story).owed
    act(office, story, "retract", "Datanya keliru.")
    say(office, story, url)
    assert only(story).error
    say(office, story, url, "Sudah ditarik redaktur portal.")
    assert not only(story).owed
    a_night(office)
    assert sight().drift == Drift.SHOWN
    put_ours_back(sight(), office.person(), seen=sight().token)
    office.work()
    assert (only(story).owed, only(story).asked) == (True, True)


@pytest.mark.parametrize("kind", ["wordpress", "folder"])
def test_trying_all_again_at_a_site_overwrites_nothing_that_nobody_has_decided_about(
    request: pytest.FixtureRequest, office: Office, use: Callable[[str], None], kind: str
) -> None:
    if kind == "wordpress":
        site = request.getfixturevalue("wordpress")
    else:
        use(ONE_SITE)
    story = published(office, photos=0)
    if kind == "wordpress":
        theirs = site.posts[1]["content"]["raw"].replace("120", "75")
        site.posts[1]["content"] = {"raw": theirs}
    else:
        by_hand(at_site(office, story), "Sebanyak 120", "Sebanyak 75")
    act(office, story, "correct", "Jumlah diperiksa.")
    assert sight().is_open
    assert not [told for told in troubles(set()) if told.about.startswith("site:")], "no site has refused it"
    for again in (lambda: retry(only(story).site, office.person()), lambda: only(story).retry()):
        again()
        office.work()
        held = site.posts[1]["content"]["raw"] if kind == "wordpress" else ""
        held = held or (at_site(office, story) / "index.html").read_text()
        assert "Sebanyak 75" in held and "Jumlah diperiksa" not in held
    put_ours_back(sight(), office.person(), seen=sight().token)
    office.work()
    assert (only(story).owed, sight().drift) == (False, "")


def test_a_story_whose_only_site_was_removed_before_its_time_says_so_and_is_not_called_published(
    office: Office, use: Callable[[str], None]
) -> None:
    use(ONE_SITE)
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    schedule(story, office.person(), timezone.now() + timedelta(hours=1))
    Story.objects.update(embargo_until=timezone.now() - timedelta(seconds=1))
    use(ELSEWHERE)
    office.work()
    story.refresh_from_db()
    assert (story.state, story.parked) == (State.VERIFIED, True)
    assert "tidak ada lagi" in story.error
    use(ONE_SITE)
    story.retry()
    office.work()
    story.refresh_from_db()
    assert (story.state, only(story).state) == (State.RELEASED, "live")


def test_a_version_that_was_not_sent_counts_for_no_site(office: Office, story: Story) -> None:
    (at_site(office, story) / "index.html").unlink()
    a_night(office)
    keep_theirs(sight(), office.person(), seen=sight().token)
    act(office, story, "correct", "Jumlah peserta 90, bukan 120.")
    assert figures("media-center", Lane.to("media-center")).delivered == 1
    assert story.due_at is None, "nothing is owed any more"


def test_a_take_down_for_a_removed_site_says_that_readers_may_still_see_it(
    office: Office, use: Callable[[str], None], story: Story
) -> None:
    use(ELSEWHERE)
    act(office, story, "retract", "Datanya keliru.")
    (line,) = site_lines(story)["standings"]
    assert "tidak ada lagi pada pengaturan" in line.words
    assert "masih melihatnya" in line.words
    use(ONE_SITE)
    office.work()
    (line,) = site_lines(fresh(story))["standings"]
    assert line.words.startswith("Ditarik")


@pytest.mark.parametrize("how", ["never reached", "hidden, its answer lost"])
def test_a_story_is_restored_at_a_site_its_emergency_withdrawal_did_not_end_at(
    office: Office, wordpress: SmallWordPress, how: str
) -> None:
    story = published(office, photos=0)
    chief = office.person("sulastri", "chief")

    def ails(asked: Asked) -> Illness | None:
        if how == "never reached" or wordpress.posts[1]["status"] == "draft":
            return 503, {"Retry-After": "120"}, b""
        if asked.method == "POST" and asked.body == {"status": "draft"}:
            wordpress.answer(asked)
            return 502, {}, b"<h1>Bad Gateway</h1>"
        return None

    wordpress.ails = ails
    move(story, "withdraw", chief)
    office.work()
    assert only(story).owed
    wordpress.ails = None
    story.refresh_from_db()
    move(story, "restore", chief, "Sudah diperiksa, datanya benar.")
    retry("kota", chief)
    office.work()
    story.refresh_from_db()
    assert (only(story).error, only(story).sent_version) == ("", story.version)
    assert wordpress.shown == [story.headline]
    assert "Sudah diperiksa" in wordpress.posts[1]["content"]["raw"]
    a_night(office)
    assert sight().drift == ""


def test_a_story_withdrawn_before_any_site_had_it_can_still_come_back(
    office: Office, wordpress: SmallWordPress
) -> None:
    wordpress.ails = lambda asked: (503, {"Retry-After": "120"}, b"")
    story = published(office, photos=0)
    chief = office.person("sulastri", "chief")
    move(story, "retract", chief, "Keliru.")
    wordpress.ails = None
    retry("kota", chief)
    office.work()
    assert (only(story).owed, wordpress.shown) == (False, [])
    story.refresh_from_db()
    move(story, "restore", chief, "Ternyata benar.")
    office.work()
    assert wordpress.shown == [story.headline]


@pytest.mark.parametrize("step", [deliver, compare_site])
def test_a_site_removed_while_its_lane_is_at_work_is_no_fault_of_the_program(
    office: Office, use: Callable[[str], None], story: Story, step: Callable[[Any], None]
) -> None:
    open_rounds()
    Delivery.objects.update(sent_version=0)
    row = only(story) if step is deliver else Round.objects.get()
    worker = Worker()
    removed = replace(step_of(step), work=lambda row: (use(ELSEWHERE), step(row)))
    Round.objects.update(looked_at=timezone.now() - timedelta(days=2))
    worker.attempt(removed, row)
    worker.stop()
    row.refresh_from_db()
    assert (row.error, row.claim) == ("", "")
