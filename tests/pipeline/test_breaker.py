"""A dead site costs one knock a minute, delays no other, and everything that waited leaves when it is back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Event

import pytest
from django.db.models import F
from django.utils import timezone

from newsroom.models import Delivery, Lane, Story
from newsroom.sites import pause, resume
from newsroom.workflow import move
from pipeline import breaker
from pipeline.flow import ROAD, Step
from pipeline.worker import Worker
from tests.newsroom.screens import make_story
from tests.office import SETTINGS, Office
from tests.pipeline.small_wordpress import Asked, Illness, SmallWordPress
from tests.ports import free_port

DELIVER: Step = next(step for step in ROAD if step.name == "deliver")
Use = Callable[[str], None]
LOST = (
    401,
    {"Content-Type": "application/json"},
    b'{"code": "incorrect_password", "message": "x", "data": {}}',
)


@pytest.fixture
def worker(office: Office) -> Iterator[Worker]:
    made = Worker()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def site(office: Office, use: Use) -> Iterator[SmallWordPress]:
    with SmallWordPress() as made:
        connect(office, use, made)
        yield made


def connect(office: Office, use: Use, site: SmallWordPress, timeout: float = 2) -> None:
    """Let the site of the name `kota` be this one."""
    (office.folder / "sandi").write_text("rahasia")
    kept = [line for line in SETTINGS.splitlines(keepends=True) if "name: kota" not in line]
    use("".join(kept) + site.settings(timeout=timeout))


def released(
    office: Office, count: int, *, first: int = 1, sites: tuple[str, ...] = ("kota",)
) -> list[Story]:
    """Let stories be released to the sites; nothing is delivered yet."""
    made = []
    for number in range(first, first + count):
        story = make_story(office, number, photos=0, sites=list(sites))
        move(story, "verify", office.person())
        move(story, "release", None)
        for name in sites:
            story.deliveries.create(site=name)
        made.append(story)
    return made


def walk(worker: Worker) -> Counter[str]:
    """Deliver until nothing is due."""
    count: Counter[str] = Counter()
    while worker._pass(DELIVER, count):
        pass
    return count


def pass_by(seconds: int) -> None:
    """Let time pass for everything that waits for it, without waiting."""
    gone = timedelta(seconds=seconds)
    for model in (Lane, Delivery):
        model._default_manager.exclude(next_attempt_at=None).update(
            next_attempt_at=F("next_attempt_at") - gone
        )


def kota() -> Lane:
    return Lane.to("kota")


def only(title: str) -> Callable[[Asked], Illness | None]:
    """Fall ill over one story alone, as a wall does that dislikes a word."""

    def ails(asked: Asked) -> Illness | None:
        return (403, {}, b"<h1>Forbidden</h1>") if asked.body.get("title") == title else None

    return ails


def test_fifty_stories_knock_once_a_minute_at_a_dead_site_and_all_leave_when_it_is_back(
    office: Office, use: Use, worker: Worker
) -> None:
    port = free_port()
    with SmallWordPress(port) as site:
        connect(office, use, site)
    stories = released(office, 50)
    failed = walk(worker)["failed"]
    for minute in range(1, 11):
        pass_by(30)
        released(office, 1, first=100 + minute, sites=("media-center",))
        assert walk(worker) == Counter(done=1), "another site waits for none"
        pass_by(30)
        failed += walk(worker)["failed"]
    assert failed == 11, "at once, and then once in each of ten minutes"
    assert not Delivery.objects.filter(site="kota").exclude(state="").exists()

    with SmallWordPress(port) as site:
        pass_by(60)
        assert walk(worker)["done"] == 50, "nobody waits for a backoff of their own"
        assert sorted(site.shown) == sorted(story.headline for story in stories)
    assert (kota().error, kota().attempts, kota().next_attempt_at) == ("", 0, None)


def test_a_site_under_maintenance_is_left_in_peace_as_long_as_it_asks(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 5)
    site.ails = lambda asked: (503, {"Retry-After": "300"}, b"")
    walk(worker)
    first = len(site.requests)
    assert first == 2, "where the API is, by both its addresses"
    for _ in range(4):
        pass_by(72)
        walk(worker)
    assert len(site.requests) == first
    pass_by(12)
    walk(worker)
    assert len(site.requests) == 2 * first


def test_a_site_that_asks_for_no_time_at_all_is_not_knocked_at_more_often(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 5)
    site.ails = lambda asked: (503, {"Retry-After": "0"}, b"")
    assert walk(worker)["failed"] == 1


def test_a_site_whose_every_answer_is_broken_is_left_in_peace_after_the_second_story(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 12)
    site.ails = lambda asked: (500, {}, b"<h1>Error establishing a database connection</h1>")
    assert walk(worker)["failed"] == 2
    knocks = 0
    for _ in range(10):
        pass_by(30)
        knocks += walk(worker)["failed"]
    assert knocks == 5


def test_a_site_that_never_answers_is_left_in_peace_after_the_second_story(
    office: Office, use: Use, worker: Worker, site: SmallWordPress
) -> None:
    released(office, 5)
    released(office, 1, first=6, sites=("media-center",))
    connect(office, use, site, timeout=0.1)
    over = Event()
    site.ails = lambda asked: (503, {}, b"") if over.wait(10) else None
    assert walk(worker) == Counter(done=1, failed=2)
    over.set()
    assert "tidak menjawab" in kota().error


def test_a_lost_login_parks_the_site_and_no_story(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 6)
    site.ails = lambda asked: LOST
    assert walk(worker)["failed"] == 1
    assert kota().refused
    assert "kata sandi aplikasi" in kota().error
    assert not Delivery.objects.filter(parked=True).exists()
    assert not Delivery.objects.exclude(error="").exists()
    pass_by(3500)
    assert walk(worker)["failed"] == 0

    site.ails = None
    pass_by(100)
    assert walk(worker)["done"] == 6, (
        "asked once an hour, it heals by itself when somebody has mended it there"
    )
    assert not kota().refused


def test_a_password_file_that_is_gone_is_the_sites_trouble(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 3)
    (office.folder / "sandi").unlink()
    walk(worker)
    assert kota().refused
    assert "sandi" in kota().error
    assert not Delivery.objects.filter(parked=True).exists()


def test_one_story_that_a_wall_dislikes_never_holds_up_the_others(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    stories = released(office, 4)
    site.ails = only(stories[0].headline)
    assert walk(worker) == Counter(done=3, failed=1)
    for number in range(5, 9):
        released(office, 1, first=number)
        pass_by(20)
        walk(worker)
        assert f"Judul berita {number}" in site.shown, "it left at once"
    assert stories[0].headline not in site.shown
    assert kota().error == ""


def test_a_bad_story_is_not_every_sites_probe(office: Office, site: SmallWordPress, worker: Worker) -> None:
    """It is the oldest, so it would be tried first each time."""
    stories = released(office, 3)
    site.ails = lambda asked: (500, {}, b"")
    walk(worker)
    site.ails = only(stories[0].headline)
    pass_by(60)
    walk(worker)
    assert sorted(site.shown) == [stories[1].headline, stories[2].headline]


def test_with_the_first_success_a_long_backoff_is_over(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    first, second = released(office, 2)
    first.deliveries.update(attempts=5)
    second.deliveries.update(attempts=6)
    site.ails = lambda asked: (500, {}, b"")
    assert walk(worker)["failed"] == 2
    waits = first.deliveries.get().next_attempt_at
    assert waits and waits > timezone.now() + timedelta(minutes=5)
    site.ails = None
    pass_by(60)
    assert walk(worker)["done"] == 2


def test_a_take_down_goes_first_when_the_site_is_back(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    (old,) = released(office, 1)
    walk(worker)
    released(office, 3, first=2)
    site.ails = lambda asked: (503, {}, b"")
    walk(worker)
    move(old, "retract", office.person(), "Salah orang.")
    site.ails = None
    pass_by(60)
    site.requests.clear()
    walk(worker)
    assert "POST /wp/v2/posts/1" in site.requests[:3]


def test_an_unanswered_story_waits_alone(office: Office, site: SmallWordPress, worker: Worker) -> None:
    stories = released(office, 3)
    seen = []

    def ails(asked: Asked) -> Illness | None:
        if asked.body.get("title") == stories[0].headline and not seen:
            seen.append(asked)
            return (500, {}, b"")
        return None

    site.ails = ails
    assert walk(worker)["done"] >= 2
    assert kota().error == ""


def test_a_restarted_worker_knows_that_the_site_is_away(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 5)
    site.ails = lambda asked: (503, {}, b"")
    walk(worker)
    before = len(site.requests)
    worker.stop()
    again = Worker()
    again.start()
    walk(again)
    again.stop()
    assert len(site.requests) == before


def test_two_workers_share_one_knock_a_minute(office: Office, site: SmallWordPress, worker: Worker) -> None:
    released(office, 5)
    other = Worker()
    other.start()
    site.ails = lambda asked: (503, {}, b"")
    rows = list(DELIVER.waits())
    outcomes = [who.attempt(DELIVER, row) for row in rows for who in (worker, other)]
    other.stop()
    assert outcomes.count(False) == 1
    assert outcomes.count(None) == len(outcomes) - 1


def test_a_folder_that_is_gone_heals_by_itself(office: Office, worker: Worker) -> None:
    (office.folder / "situs").mkdir()
    (office.folder / "situs" / "kota").write_text("bukan folder")
    released(office, 5)
    assert walk(worker)["failed"] == 2
    assert "folder" in kota().error.lower()
    (office.folder / "situs" / "kota").unlink()
    pass_by(60)
    assert walk(worker)["done"] == 5


def test_failures_are_counted_by_day_and_forgotten_after_a_month(office: Office) -> None:
    lane = kota()
    now = timezone.now()
    row = Delivery(site="kota", story=make_story(office, 1))
    for days in (40, 2, 2, 0):
        breaker.failed(lane, row, breaker.SiteAway("x"), now - timedelta(days=days))
        lane.refresh_from_db()
    assert sorted(kota().failures.values()) == [1, 2]


# Paused by people


def test_a_paused_site_gets_nothing_and_others_go_on(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 3, sites=("kota", "media-center"))
    pause("kota", office.person(), "Pindah server.")
    assert walk(worker)["done"] == 3
    assert site.requests == []
    resume("kota", office.person())
    assert walk(worker)["done"] == 3


def test_a_pause_during_a_delivery_lets_it_end_and_takes_no_other(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    released(office, 3)

    def deliver(row: Delivery) -> None:
        pause("kota", office.person(), "Pindah server.")
        DELIVER.work(row)

    count: Counter[str] = Counter()
    worker._pass(replace(DELIVER, work=deliver), count)
    assert count == Counter(done=1)
    assert len(site.shown) == 1
    assert kota().paused_reason == "Pindah server."


def test_a_take_down_passes_a_pause_and_a_correction_does_not(
    office: Office, site: SmallWordPress, worker: Worker
) -> None:
    gone, kept = released(office, 2)
    walk(worker)
    pause("kota", office.person(), "Pemeliharaan.")
    move(gone, "retract", office.person(), "Salah orang.")
    move(kept, "correct", office.person(), "Nama diperbaiki.")
    assert walk(worker) == Counter(done=1)
    assert site.shown == [kept.headline]
    assert gone.deliveries.get().state == "hidden"
    assert kept.deliveries.get().sent_version == 1
