"""Whatever happens to the answers: at the end one story, whole, and no stray photo or draft."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, MutableMapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from publishers import Receipt, Refused, Unanswered, Unreachable
from tests.publishers.samples import picture, post
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = pytest.mark.real

POSTS = r"/wp/v2/posts\?"
"""A post is made."""
ONE_POST = r"/wp/v2/posts/\d+\?"
"""A post is changed."""
UPLOAD = r"/wp/v2/media\?"
PATIENCE = 2.0
"""Seconds to wait for a stalled answer: enough for any that is not."""


class Clock:
    """Time as the publisher sees it; it passes when a test says so."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead

    def pass_by(self, seconds: float) -> None:
        self.ahead += timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def settled(act: Callable[[], Receipt], clock: Clock) -> Receipt:
    """Do as the road does: come back when the publisher says so, until it is done."""
    for _ in range(12):
        try:
            return act()
        except (Unanswered, Unreachable) as error:
            clock.pass_by(error.wait if error.wait is not None else 60)
    raise AssertionError("not done after twelve attempts")


def assert_exactly_once(site: WordPressSite, receipt: Receipt, pictures: int = 3) -> None:
    """One public story with its photos in their order, and nothing else, in the database and on the disk."""
    (row,) = site.posts()
    assert (row["status"], row["title"]) == ("publish", post().headline)
    assert str(row["id"]) == receipt.remote_id
    media = site.media()
    assert [one["alt"] for one in media] == [one.alt for one in post().pictures[:pictures]]
    assert all(one["parent"] == row["id"] for one in media)
    sizes = Counter(re.sub(r"(-\d+x\d+)?\.jpg$", "", name) for name in site.files())
    assert list(sizes.values()) == [sizes.most_common(1)[0][1]] * pictures
    assert sizes.most_common(1)[0][1] >= 4
    page = site.get(receipt.url)
    assert page.status_code == 200
    assert page.text.count("Warga datang sejak") == 1
    assert f"wp-image-{media[0]['id']}" in page.text
    front = site.get(site.url).text
    assert (
        front.count(f'rel="bookmark">{post().headline}<') + front.count(f'">{post().headline}</a></h2>') == 1
    )
    assert (row["thumbnail"], row["terms"]) == (str(media[0]["id"]), ["Ekonomi", "pasar murah"])


LOSSES: tuple[dict[str, Any], ...] = (
    {"do": "truncate"},
    {"do": "cut"},
    {"do": "answer", "status": 502},
    {"do": "answer", "status": 504},
    {"do": "empty"},
    {"do": "pollute"},
    {"do": "die"},
)
REQUESTS = range(7)
"""The writes of one creation: reserve, three uploads, tag, fill, publish."""


@pytest.mark.parametrize("number", REQUESTS)
def test_an_answer_lost_after_any_write_leaves_one_story(
    kota: WordPressSite, clock: Clock, number: int
) -> None:
    lost = kota.fault(at="after", skip=number, **LOSSES[number % len(LOSSES)])
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    with pytest.raises(Unanswered) as caught:
        publisher.create(post(), ledger)
    assert lost.hits == 1
    assert caught.value.wait is not None
    assert 0 < caught.value.wait <= 120
    made = settled(lambda: publisher.create(post(), ledger), clock)
    assert_exactly_once(kota, made)
    assert "change" not in ledger
    uploads = kota.requests("POST", UPLOAD)
    assert len(uploads) == 3


@pytest.mark.parametrize("do", ["die", "empty", "truncate", "pollute"])
def test_an_upload_that_names_its_attachment_is_gone_on_with_at_once(kota: WordPressSite, do: str) -> None:
    broken = kota.fault(do, at="after", route=UPLOAD, skip=1)
    ledger: dict[str, Any] = {}
    assert_exactly_once(kota, kota.publisher().create(post(), ledger))
    assert broken.hits == 1
    assert len(kota.requests("POST", UPLOAD)) == 3


def test_a_photo_whose_sizes_were_cut_short_is_finished_at_once_and_not_sent_again(
    newest: WordPressSite,
) -> None:
    death = newest.fault("die", at="sizes")
    assert_exactly_once(newest, newest.publisher().create(post(), {}))
    assert death.hits == 1
    assert len(newest.requests("POST", UPLOAD)) == 3
    assert len(newest.requests("POST", "/post-process")) == 1


def test_a_site_that_can_never_finish_a_photo_is_a_persons_matter_and_later_healed(
    kota: WordPressSite, clock: Clock
) -> None:
    kota.fault("die", at="sizes")
    kota.fault("die", route="/post-process", times=99)
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    with pytest.raises(Refused, match="memory_limit"):
        settled(lambda: publisher.create(post(), ledger), clock)
    assert len(kota.requests("POST", UPLOAD)) == 1
    assert len(kota.requests("POST", "/post-process")) == 3
    kota.end_faults()
    assert_exactly_once(kota, settled(lambda: publisher.create(post(), ledger), clock))


@pytest.mark.parametrize("number", range(6))
def test_php_dying_between_a_row_and_its_terms_leaves_one_story(
    kota: WordPressSite, clock: Clock, number: int
) -> None:
    death = kota.fault("die", at="row", skip=number)
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    with pytest.raises(Unanswered):
        publisher.create(post(), ledger)
    assert death.hits == 1
    assert [row for row in kota.posts("publish") if number < 5] == []
    made = settled(lambda: publisher.create(post(), ledger), clock)
    assert_exactly_once(kota, made)


@pytest.mark.parametrize(("route", "number"), [(POSTS, 0), (UPLOAD, 1), (ONE_POST, 0), (ONE_POST, 1)])
def test_a_request_that_is_carried_out_late_is_waited_for(
    kota: WordPressSite, clock: Clock, route: str, number: int
) -> None:
    stalled = kota.fault("stall", route=route, skip=number)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered, match="tidak menjawab"):
        kota.publisher(now=clock, timeout=PATIENCE).create(post(), ledger)
    assert stalled.hits == 1
    before = len(kota.requests("POST", route))
    publisher = kota.publisher(now=clock)
    if route != ONE_POST:  # the very same update may be sent again, a second post or photo may not
        with pytest.raises(Unanswered, match="belum menjawab") as caught:
            publisher.create(post(), ledger)
        assert caught.value.wait is not None
        assert 100 < caught.value.wait <= 120
        assert len(kota.requests("POST", route)) == before
    stalled.release()
    assert_exactly_once(kota, settled(lambda: publisher.create(post(), ledger), clock))


def test_a_draft_that_arrives_after_all_waiting_is_swept_away(kota: WordPressSite, clock: Clock) -> None:
    stalled = kota.fault("stall", route=POSTS)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        kota.publisher(now=clock, timeout=PATIENCE).create(post(), ledger)
    clock.pass_by(121)
    publisher = kota.publisher(now=clock)
    made = publisher.create(post(), ledger)
    stalled.release()
    assert [row["status"] for row in kota.posts()] == ["publish", "draft"]
    made = publisher.update(made.remote_id, post(), ledger)
    assert_exactly_once(kota, made)


def test_a_correction_does_not_overtake_an_earlier_one(kota: WordPressSite, clock: Clock) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    made = publisher.create(post(), ledger)
    second = post(version=2, html="<p>Naskah kedua.</p>")
    third = post(version=3, html="<p>Naskah ketiga.</p>")
    stalled = kota.fault("stall", route=ONE_POST)
    with pytest.raises(Unanswered):
        kota.publisher(now=clock, timeout=PATIENCE).update(made.remote_id, second, ledger)
    sent = len(kota.requests("POST", ONE_POST))
    with pytest.raises(Unanswered, match="belum menjawab"):
        publisher.update(made.remote_id, third, ledger)
    assert len(kota.requests("POST", ONE_POST)) == sent
    stalled.release()
    assert "Naskah kedua." in kota.get(made.url).text
    clock.pass_by(121)
    done = publisher.update(made.remote_id, third, ledger)
    assert done.version == 3
    assert "Naskah ketiga." in kota.get(made.url).text
    (row,) = kota.posts()
    assert row["status"] == "publish"


def test_a_retraction_is_made_at_once_and_outlives_a_late_publication(
    kota: WordPressSite, clock: Clock
) -> None:
    stalled = kota.fault("stall", route=ONE_POST, skip=1)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        kota.publisher(now=clock, timeout=PATIENCE).create(post(), ledger)
    publisher = kota.publisher(now=clock)
    number = str(ledger["post"]["id"])
    with pytest.raises(Unanswered):
        publisher.retract(number, "Ditarik.", ledger)
    assert kota.media() == []
    stalled.release()
    assert [row["status"] for row in kota.posts()] == ["publish"]
    hidden = settled(lambda: publisher.retract(number, "Ditarik.", ledger), clock)
    assert hidden.state == "hidden"
    assert [row["status"] for row in kota.posts()] == ["draft"]


def test_a_hiding_sent_twice_does_not_undo_a_restoration_when_the_first_arrives(
    kota: WordPressSite, clock: Clock
) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    made = publisher.create(post(), ledger)
    stalled = kota.fault("stall", route=ONE_POST)
    with pytest.raises(Unanswered):
        kota.publisher(now=clock, timeout=PATIENCE).retract(made.remote_id, "Ditarik.", ledger)
    with pytest.raises(Unanswered, match="belum menjawab"):
        publisher.retract(made.remote_id, "Ditarik.", ledger)
    with pytest.raises(Unanswered, match="belum menjawab"):
        publisher.update(made.remote_id, post(version=3), ledger)
    assert kota.posts("publish") == []
    stalled.release()
    assert settled(lambda: publisher.update(made.remote_id, post(version=3), ledger), clock).state == "live"
    assert [row["status"] for row in kota.posts()] == ["publish"]


def test_a_photo_that_arrives_after_a_retraction_is_deleted_too(kota: WordPressSite, clock: Clock) -> None:
    stalled = kota.fault("stall", route=UPLOAD, skip=2)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        kota.publisher(now=clock, timeout=PATIENCE).create(post(), ledger)
    publisher = kota.publisher(now=clock)
    number = str(ledger["post"]["id"])
    with pytest.raises(Unanswered):
        publisher.retract(number, "Ditarik.", ledger)
    stalled.release()
    assert len(kota.media()) == 1
    settled(lambda: publisher.retract(number, "Ditarik.", ledger), clock)
    assert kota.media() == []
    assert kota.files() == []


def test_a_photo_that_arrives_after_a_correction_has_dropped_it_is_deleted(
    kota: WordPressSite, clock: Clock
) -> None:
    stalled = kota.fault("stall", route=UPLOAD, skip=2)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        kota.publisher(now=clock, timeout=PATIENCE).create(post(), ledger)
    publisher = kota.publisher(now=clock)
    second = post(version=2, pictures=(picture(1), picture(2)))
    with pytest.raises(Unanswered):
        publisher.create(second, ledger)
    stalled.release()
    assert len(kota.media()) == 3
    settled(lambda: publisher.create(second, ledger), clock)
    assert [one["alt"] for one in kota.media()] == [one.alt for one in second.pictures]


def test_drafts_made_twice_are_swept_away_by_a_take_down_too(kota: WordPressSite, clock: Clock) -> None:
    """A reservation that stalls, another whose answer is lost, and then nothing but a take-down."""
    stalled = kota.fault("stall", route=POSTS)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        kota.publisher(now=clock, timeout=PATIENCE).create(post(), ledger)
    clock.pass_by(121)
    publisher = kota.publisher(now=clock)
    kota.fault("empty", at="after", route=POSTS)
    with pytest.raises(Unanswered):
        publisher.create(post(), ledger)
    stalled.release()
    assert [row["status"] for row in kota.posts()] == ["draft", "draft"]
    found = publisher.find(post().key)
    assert found is not None
    hidden = settled(lambda: publisher.retract(found.remote_id, "Ditarik.", ledger), clock)
    assert hidden.state == "hidden"
    assert [str(row["id"]) for row in kota.posts()] == [found.remote_id]
    assert "sent" not in ledger["post"]


def test_a_lost_answer_to_a_retraction_is_healed(kota: WordPressSite, clock: Clock) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    made = publisher.create(post(), ledger)
    for number in range(4):
        kota.fault("cut", at="after", skip=number)
    hidden = settled(lambda: publisher.retract(made.remote_id, "Ditarik.", ledger), clock)
    assert hidden.detail["public"] == 404
    assert [row["status"] for row in kota.posts()] == ["draft"]
    assert kota.files() == []


class Killed(BaseException):
    """The worker has ended."""


class MortalLedger(MutableMapping[str, Any]):
    """A ledger whose worker is killed at a given write, just before or just after it is committed."""

    def __init__(self) -> None:
        self.rows: dict[str, Any] = {}
        self.writes = 0
        self.deaths: Iterator[tuple[int, bool]] = iter(())
        self._next: tuple[int, bool] | None = None

    def die(self, deaths: Iterator[tuple[int, bool]]) -> None:
        self.deaths = deaths
        self.writes = 0
        self._next = next(deaths, None)

    def _write(self, act: Callable[[], None]) -> None:
        number, committed = self._next or (0, False)
        self.writes += 1
        if self.writes != number:
            act()
            return
        self._next = next(self.deaths, None)
        self.writes = 0
        if committed:
            act()
        raise Killed

    def __setitem__(self, name: str, value: Any) -> None:
        self._write(lambda: self.rows.__setitem__(name, value))

    def __delitem__(self, name: str) -> None:
        self._write(lambda: self.rows.__delitem__(name))

    def __getitem__(self, name: str) -> Any:
        return self.rows[name]

    def __iter__(self) -> Iterator[str]:
        return iter(dict(self.rows))

    def __len__(self) -> int:
        return len(self.rows)


ROUNDS = {
    "create": lambda site, ledger: site.create(post(), ledger),
    "update": lambda site, ledger: site.update(str(ledger["post"]["id"]), CORRECTED, ledger),
    "restore": lambda site, ledger: site.update(str(ledger["post"]["id"]), post(version=3), ledger),
}
CORRECTED = post(version=2, html="<p>Naskah kedua.</p>", pictures=(picture(3), picture(4)))


@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
def test_a_worker_killed_at_every_write_of_the_ledger_still_publishes_once(
    kota: WordPressSite, clock: Clock, committed: bool
) -> None:
    ledger = MortalLedger()
    for name, act in ROUNDS.items():
        if name == "restore":
            ledger.die(iter(()))
            kota.publisher(now=clock).retract(str(ledger["post"]["id"]), "Ditarik.", ledger)
        # Each attempt lives for one, two or three more writes: over and over at every place of the protocol.
        ledger.die((1 + number % 3, committed) for number in range(12))
        kills = 0
        made: Receipt | None = None
        while made is None:
            try:
                made = settled(lambda act=act: act(kota.publisher(now=clock), ledger), clock)
            except Killed:
                kills += 1
        assert kills >= 5
        if name == "update":
            assert [one["alt"] for one in kota.media()] == [one.alt for one in CORRECTED.pictures]
            assert "Naskah kedua." in kota.get(made.url).text
        else:
            assert_exactly_once(kota, made)


def test_when_the_ledger_is_lost_at_every_step_photos_are_not_uploaded_again(
    kota: WordPressSite, clock: Clock
) -> None:
    for number in (2, 2, 3):  # the second photo, the third, the text
        kota.fault("cut", at="after", skip=number)
    publisher = kota.publisher(now=clock)
    for _ in range(3):
        with pytest.raises(Unanswered):
            publisher.create(post(), {})
    made = publisher.create(post(), {})
    assert_exactly_once(kota, made)
    assert len(kota.requests("POST", UPLOAD)) == 3


def test_a_site_that_is_down_holds_nothing_and_heals(kota: WordPressSite, clock: Clock) -> None:
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    with kota.down(), pytest.raises(Unreachable, match="tidak dapat dihubungi"):
        publisher.create(post(), ledger)
    assert ledger == {}
    made = publisher.create(post(), ledger)
    with kota.down(), pytest.raises(Unreachable):
        publisher.update(made.remote_id, post(version=2), ledger)
    assert_exactly_once(kota, publisher.update(made.remote_id, post(version=2), ledger))


@pytest.mark.parametrize("status", [403, 406, 429, 503])
def test_a_wall_in_front_of_the_site_is_come_back_to(kota: WordPressSite, clock: Clock, status: int) -> None:
    for number in (0, 3):
        kota.fault("answer", skip=number, status=status, headers={"Retry-After": "45"})
    ledger: dict[str, Any] = {}
    publisher = kota.publisher(now=clock)
    with pytest.raises(Unreachable) as caught:
        publisher.create(post(), ledger)
    assert caught.value.wait == 45
    assert_exactly_once(kota, settled(lambda: publisher.create(post(), ledger), clock))


def test_one_site_in_trouble_does_not_touch_the_others(
    sites: tuple[WordPressSite, ...], clock: Clock
) -> None:
    kota, dinas, media = sites
    kota.fault("die", times=50)
    with pytest.raises(Unanswered):
        kota.publisher(now=clock).create(post(), {})
    for site in (dinas, media):
        assert_exactly_once(site, site.publisher(now=clock).create(post(), {}))


def test_wrong_credentials_are_a_persons_matter_and_nothing_is_made(kota: WordPressSite) -> None:
    kota.password_file.write_text("abcd efgh ijkl mnop qrst uvwx\n")
    ledger: dict[str, Any] = {}
    with pytest.raises(Refused, match="kata sandi aplikasi"):
        kota.publisher().create(post(), ledger)
    kota.password_file.write_text(kota.passwords["redaksi"])
    assert ledger == {}
    assert kota.posts() == []
