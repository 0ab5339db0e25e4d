"""By XML-RPC too: whatever happens to the answers, at the end one story, whole, and no stray photo or draft."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from publishers import Receipt, Refused, Unanswered, Unreachable
from tests.publishers.samples import picture, post
from tests.real.test_wordpress_faults import (
    CORRECTED,
    LOSSES,
    PATIENCE,
    ROUNDS,
    Clock,
    Killed,
    MortalLedger,
    settled,
)
from tests.real.test_wordpress_xmlrpc import WRITES, xmlrpc
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = pytest.mark.real

NEW = r"wp\.newPost="
UPLOAD = r"wp\.uploadFile="
FILL = r"wp\.editPost=.*post_thumbnail"
SHOW = r"wp\.editPost=.*post_status"


@pytest.fixture
def clock() -> Clock:
    return Clock()


def assert_exactly_once(
    site: WordPressSite, receipt: Receipt, version_text: str = "Warga datang sejak"
) -> None:
    """One public story with its three photos in their order, and nothing else, in the database and on the disk."""
    (row,) = site.posts()
    assert (row["status"], row["title"], str(row["id"])) == ("publish", post().headline, receipt.remote_id)
    media = {one["title"]: one for one in site.media()}
    assert len(site.media()) == 3
    assert set(media) == {one.caption for one in post().pictures}
    assert all(one["parent"] == row["id"] for one in media.values())
    sizes = Counter(re.sub(r"(-\d+x\d+)?\.jpg$", "", name) for name in site.files())
    assert list(sizes.values()) == [sizes.most_common(1)[0][1]] * 3
    assert sizes.most_common(1)[0][1] >= 4
    page = site.get(receipt.url)
    assert page.status_code == 200
    assert page.text.count(version_text) == 1
    numbers = [media[one.caption]["id"] for one in post().pictures]
    shown = re.findall(r"wp-image-(\d+)", page.text)
    assert [int(one) for one in dict.fromkeys(shown)] == numbers
    assert (row["thumbnail"], row["terms"]) == (str(numbers[0]), ["Ekonomi", "pasar murah"])


@pytest.mark.parametrize("number", range(10))
def test_an_answer_lost_after_any_write_leaves_one_story(
    kota: WordPressSite, clock: Clock, number: int
) -> None:
    lost = kota.fault(at="after", route=WRITES, skip=number, **LOSSES[number % len(LOSSES)])
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    with pytest.raises(Unanswered) as caught:
        publisher.create(post(), ledger)
    assert lost.hits == 1
    assert caught.value.wait is not None
    assert 0 < caught.value.wait <= 120
    made = settled(lambda: publisher.create(post(), ledger), clock)
    assert_exactly_once(kota, made)
    assert "change" not in ledger
    assert len(kota.requests("POST", NEW)) == 1
    assert len(kota.requests("POST", UPLOAD)) == 3


@pytest.mark.parametrize("number", range(6))
def test_php_dying_between_a_row_and_what_belongs_to_it_leaves_one_story(
    kota: WordPressSite, clock: Clock, number: int
) -> None:
    death = kota.fault("die", at="row", skip=number)
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    with pytest.raises(Unanswered):
        publisher.create(post(), ledger)
    assert death.hits == 1
    assert kota.posts("publish") == []
    assert_exactly_once(kota, settled(lambda: publisher.create(post(), ledger), clock))


def test_a_half_made_photo_is_deleted_and_sent_anew(kota: WordPressSite, clock: Clock) -> None:
    kota.fault("die", at="row", route=UPLOAD, skip=1)
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    with pytest.raises(Unanswered):
        publisher.create(post(), ledger)
    half = kota.media()[1]["id"]
    with pytest.raises(Unanswered, match="belum menjawab"):  # the site may still be making its sizes
        publisher.create(post(), ledger)
    assert half in [one["id"] for one in kota.media()]
    assert_exactly_once(kota, settled(lambda: publisher.create(post(), ledger), clock))
    assert half not in [one["id"] for one in kota.media()]
    assert len(kota.requests("POST", UPLOAD)) == 4


@pytest.mark.parametrize(("route", "skip"), [(NEW, 0), (UPLOAD, 1), (FILL, 0), (SHOW, 0)])
def test_a_request_that_is_carried_out_late_is_waited_for(
    kota: WordPressSite, clock: Clock, route: str, skip: int
) -> None:
    stalled = kota.fault("stall", route=route, skip=skip)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered, match="tidak menjawab"):
        xmlrpc(kota, now=clock, timeout=PATIENCE).create(post(), ledger)
    assert stalled.hits == 1
    publisher = xmlrpc(kota, now=clock)
    if route in (NEW, UPLOAD):  # the very same update may be sent again, a second post or photo may not
        with pytest.raises(Unanswered, match="belum menjawab") as caught:
            publisher.create(post(), ledger)
        assert caught.value.wait is not None
        assert 100 < caught.value.wait <= 120
        assert len(kota.requests("POST", route)) == skip + 1
    stalled.release()
    assert_exactly_once(kota, settled(lambda: publisher.create(post(), ledger), clock))


def test_a_draft_that_arrives_after_all_waiting_is_swept_away(kota: WordPressSite, clock: Clock) -> None:
    stalled = kota.fault("stall", route=NEW)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        xmlrpc(kota, now=clock, timeout=PATIENCE).create(post(), ledger)
    clock.pass_by(121)
    publisher = xmlrpc(kota, now=clock)
    made = publisher.create(post(), ledger)
    stalled.release()
    assert [row["status"] for row in kota.posts()] == ["publish", "draft"]
    assert_exactly_once(kota, publisher.update(made.remote_id, post(), ledger))


def test_a_sweep_cut_short_leaves_nothing_that_could_be_mistaken(kota: WordPressSite, clock: Clock) -> None:
    stalled = kota.fault("stall", route=NEW)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        xmlrpc(kota, now=clock, timeout=PATIENCE).create(post(), ledger)
    clock.pass_by(121)
    publisher = xmlrpc(kota, now=clock)
    made = publisher.create(post(), ledger)
    stalled.release()
    kota.fault("cut", at="after", route=r"wp\.deletePost=")
    with pytest.raises(Unanswered):
        publisher.update(made.remote_id, post(), ledger)
    assert [row["status"] for row in kota.posts()] == ["publish", "trash"]
    publisher.retract(made.remote_id, "Ditarik.", ledger)
    found = publisher.find(post().key)
    assert found is not None
    assert (found.remote_id, found.state) == (made.remote_id, "hidden")
    assert publisher.update(made.remote_id, post(version=2), {}).state == "live"


def test_an_empty_draft_in_the_trash_is_no_story(kota: WordPressSite) -> None:
    publisher = xmlrpc(kota)
    mark = f"<!-- {publisher.site_key(post().key)} -->"
    number = kota.php(f"echo wp_insert_post(['post_content' => '{mark}', 'post_status' => 'trash']);")
    assert publisher.find(post().key) is None
    assert publisher.create(post(pictures=()), {}).remote_id != number


def test_a_correction_does_not_overtake_an_earlier_one_and_the_site_refuses_the_late_one(
    kota: WordPressSite, clock: Clock
) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    made = publisher.create(post(), ledger)
    # The site tells moments apart by seconds.
    kota.php(
        f"global $wpdb; $wpdb->update($wpdb->posts, ['post_modified_gmt' => '2026-01-01 00:00:00'], "
        f"['ID' => {made.remote_id}]);"
    )
    stalled = kota.fault("stall", route=FILL)
    with pytest.raises(Unanswered):
        xmlrpc(kota, now=clock, timeout=PATIENCE).update(
            made.remote_id, post(version=2, html="<p>Naskah kedua.</p>"), ledger
        )
    third = post(version=3, html="<p>Naskah ketiga.</p>")
    with pytest.raises(Unanswered, match="belum menjawab"):
        publisher.update(made.remote_id, third, ledger)
    clock.pass_by(121)
    assert publisher.update(made.remote_id, third, ledger).version == 3
    stalled.release()
    assert "Naskah ketiga." in kota.get(made.url).text
    assert [row["status"] for row in kota.posts()] == ["publish"]


def test_our_own_change_that_arrived_late_is_no_work_of_others(kota: WordPressSite, clock: Clock) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    made = publisher.create(post(), ledger)
    second = post(version=2, html="<p>Naskah kedua.</p>")
    kota.fault("cut", at="after", route=FILL)
    with pytest.raises(Unanswered):
        publisher.update(made.remote_id, second, ledger)
    assert settled(lambda: publisher.update(made.remote_id, second, ledger), clock).version == 2
    assert len(kota.requests("POST", FILL)) == 2


def test_a_retraction_is_made_at_once_and_outlives_a_late_publication(
    kota: WordPressSite, clock: Clock
) -> None:
    stalled = kota.fault("stall", route=SHOW)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        xmlrpc(kota, now=clock, timeout=PATIENCE).create(post(), ledger)
    publisher = xmlrpc(kota, now=clock)
    number = str(ledger["post"]["id"])
    with pytest.raises(Unanswered):
        publisher.retract(number, "Ditarik.", ledger)
    assert kota.media() == []
    stalled.release()
    hidden = settled(lambda: publisher.retract(number, "Ditarik.", ledger), clock)
    assert hidden.state == "hidden"
    assert [row["status"] for row in kota.posts()] == ["draft"]


def test_a_photo_that_arrives_after_a_retraction_is_deleted_too(kota: WordPressSite, clock: Clock) -> None:
    stalled = kota.fault("stall", route=UPLOAD, skip=2)
    ledger: dict[str, Any] = {}
    with pytest.raises(Unanswered):
        xmlrpc(kota, now=clock, timeout=PATIENCE).create(post(), ledger)
    publisher = xmlrpc(kota, now=clock)
    number = str(ledger["post"]["id"])
    with pytest.raises(Unanswered):
        publisher.retract(number, "Ditarik.", ledger)
    stalled.release()
    assert len(kota.media()) == 1
    settled(lambda: publisher.retract(number, "Ditarik.", ledger), clock)
    assert (kota.media(), kota.files()) == ([], [])


@pytest.mark.parametrize("trash", [False, True])
def test_lost_answers_to_a_retraction_are_healed(kota: WordPressSite, clock: Clock, trash: bool) -> None:
    if trash:
        (kota.faults / "media-trash").touch()
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    made = publisher.create(post(), ledger)
    for number in range(4):
        kota.fault("cut", at="after", route=WRITES, skip=number)
    hidden = settled(lambda: publisher.retract(made.remote_id, "Ditarik.", ledger), clock)
    assert hidden.detail["public"] == 404
    assert [row["status"] for row in kota.posts()] == ["draft"]
    assert (kota.media(), kota.files()) == ([], [])


@pytest.mark.parametrize("committed", [True, False], ids=["after", "before"])
def test_a_worker_killed_at_every_write_of_the_ledger_still_publishes_once(
    kota: WordPressSite, clock: Clock, committed: bool
) -> None:
    ledger = MortalLedger()
    for name, act in ROUNDS.items():
        if name == "restore":
            ledger.die(iter(()))
            xmlrpc(kota, now=clock).retract(str(ledger["post"]["id"]), "Ditarik.", ledger)
        ledger.die((1 + number % 3, committed) for number in range(12))
        kills = 0
        made: Receipt | None = None
        while made is None:
            try:
                made = settled(lambda act=act: act(xmlrpc(kota, now=clock), ledger), clock)
            except Killed:
                kills += 1
        assert kills >= 5
        if name == "update":
            assert [one["title"] for one in kota.media()] == [one.caption for one in CORRECTED.pictures]
            assert "Naskah kedua." in kota.get(made.url).text
        else:
            assert_exactly_once(kota, made)


def test_when_the_ledger_is_lost_at_every_step_photos_are_not_uploaded_again(
    kota: WordPressSite, clock: Clock
) -> None:
    for number in (1, 4, 7):
        kota.fault("die", at="after", route=WRITES, skip=number)
    publisher = xmlrpc(kota, now=clock)
    for _ in range(3):
        with pytest.raises(Unanswered):
            publisher.create(post(), {})
    assert_exactly_once(kota, publisher.create(post(), {}))
    assert len(kota.requests("POST", UPLOAD)) == 3


@pytest.mark.parametrize("route", [r"wp\.getPost=", r"wp\.getPosts=", r"wp\.getMediaLibrary="])
@pytest.mark.parametrize("how", ["truncate", "pollute", "empty"])
def test_a_spoiled_answer_to_a_look_changes_nothing(
    kota: WordPressSite, clock: Clock, route: str, how: str
) -> None:
    spoiled = kota.fault(how, at="after", route=route)
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    with pytest.raises(Unreachable, match="tidak dapat dibaca"):
        publisher.create(post(), ledger)
    assert spoiled.hits == 1
    assert_exactly_once(kota, publisher.create(post(), ledger))


def test_a_site_that_is_down_holds_nothing_and_heals(kota: WordPressSite, clock: Clock) -> None:
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
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
        kota.fault("answer", route=WRITES, skip=number, status=status, headers={"Retry-After": "45"})
    ledger: dict[str, Any] = {}
    publisher = xmlrpc(kota, now=clock)
    with pytest.raises(Unreachable) as caught:
        publisher.create(post(), ledger)
    assert caught.value.wait == 45
    assert_exactly_once(kota, settled(lambda: publisher.create(post(), ledger), clock))


def test_one_site_in_trouble_does_not_touch_the_others(
    sites: tuple[WordPressSite, ...], clock: Clock
) -> None:
    kota, dinas, media = sites
    kota.fault("die", times=50)
    with pytest.raises((Unanswered, Unreachable)):
        xmlrpc(kota, now=clock).create(post(), {})
    for site in (dinas, media):
        assert_exactly_once(site, xmlrpc(site, now=clock).create(post(), {}))


def test_wrong_credentials_are_a_persons_matter_and_nothing_is_made(kota: WordPressSite) -> None:
    kota.password_file.write_text("abcd efgh ijkl mnop qrst uvwx\n")
    ledger: dict[str, Any] = {}
    with pytest.raises(Refused, match="kata sandi"):
        xmlrpc(kota).create(post(pictures=(picture(1),)), ledger)
    assert ledger == {}
    assert kota.posts() == []
