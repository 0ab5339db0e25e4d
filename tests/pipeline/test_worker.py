"""One bad row never stops the others, and two workers never do the same work."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

import ingest
from newsroom.models import Delivery, Lane, Story, Submission
from newsroom.waiting import ClaimLost
from newsroom.workflow import move
from pipeline.flow import ROAD
from pipeline.receive import keep
from pipeline.worker import BACKOFF, Worker, backoff, bury_the_dead
from tests.office import SETTINGS, Office, coverage


def verified(office: Office, number: int = 1) -> Story:
    office.post(coverage(f"Kegiatan {number}", message_id=f"<{number}@contoh.example>"))
    office.work()
    story = Story.objects.latest("id")
    move(story, "verify", office.person())
    return story


def test_a_dead_site_holds_up_no_other_and_heals_by_itself(office: Office) -> None:
    (office.folder / "situs").mkdir()
    (office.folder / "situs" / "kota").write_text("bukan folder")
    first, second = verified(office, 1), verified(office, 2)
    office.work()
    for story in (first, second):
        states = {d.site: (d.state, bool(d.error)) for d in story.deliveries.all()}
        assert states == {"media-center": ("live", False), "info-publik": ("live", False), "kota": ("", True)}

    (office.folder / "situs" / "kota").unlink()
    for row in (*Lane.objects.exclude(error=""), *Delivery.objects.exclude(error="")):
        row.retry()
    office.work()
    assert set(Delivery.objects.values_list("state", "error")) == {("live", "")}


def test_a_waiting_row_is_not_tried_before_its_time(office: Office) -> None:
    (office.folder / "situs").write_text("bukan folder")
    verified(office)
    assert office.work()["deliver"] == (0, 3)
    assert office.work()["deliver"] == (0, 0)
    assert {d.attempts for d in Delivery.objects.all()} == {1}


def test_the_wait_grows_with_each_failure_and_has_an_end() -> None:
    waits = [backoff(attempts) for attempts in range(20)]
    assert waits == sorted(waits)
    assert waits[-1] == BACKOFF[-1]


def test_two_workers_cannot_take_the_same_row(office: Office) -> None:
    submission, _ = keep(ingest.RawMessage(data=coverage(), mailbox="lokal"))
    other = Submission.objects.get(pk=submission.pk)
    assert submission.take("satu:1", Submission.objects.all().unread())
    assert not other.take("dua:1", Submission.objects.all().unread())


def test_a_row_taken_over_refuses_what_its_first_worker_still_writes(office: Office) -> None:
    story = verified(office)
    assert story.take("satu:1", Story.objects.all().due())
    Story.objects.filter(pk=story.pk).update(claimed_until=timezone.now() - timedelta(seconds=1))
    again = Story.objects.get(pk=story.pk)
    assert again.take("dua:1", Story.objects.all().due())
    with pytest.raises(ClaimLost):
        story.hold(embargo_until=None)


def test_one_worker_at_a_time_writes_to_a_site(office: Office) -> None:
    verified(office)
    worker = Worker()
    worker.start()
    release, deliver = (next(step for step in ROAD if step.name == name) for name in ("release", "deliver"))
    assert worker.attempt(release, Story.objects.get())
    lane = Lane.objects.get(name="deliver:kota")
    assert lane.take("lain/1:1", Lane.objects.all().ready())
    kota = Delivery.objects.get(site="kota")
    assert worker.attempt(deliver, kota) is None
    lane.let_go()
    assert worker.attempt(deliver, kota) is True
    worker.stop()


def test_the_work_of_a_dead_worker_is_taken_up_again(office: Office) -> None:
    submission, _ = keep(ingest.RawMessage(data=coverage(), mailbox="lokal"))
    dead = Worker()
    dead.beat()
    assert submission.take(f"{dead.name}:1", Submission.objects.all().unread())
    bury_the_dead()
    submission.refresh_from_db()
    assert submission.claim, "a living worker keeps its claims"
    dead._lock._file.close()  # as the system does when a process dies

    bury_the_dead()

    submission.refresh_from_db()
    assert submission.claim == ""
    office.work()
    assert Story.objects.count() == 1


def test_a_site_no_longer_in_the_settings_waits_without_harm(office: Office, use: object) -> None:
    verified(office)
    use(SETTINGS.replace("  - {name: kota, kind: folder, title: Situs Kota, path: ./situs/kota}\n", ""))  # type: ignore[operator]
    office.work()
    assert {d.site for d in Delivery.objects.all()} == {"media-center", "info-publik"}
