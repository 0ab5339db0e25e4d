"""The sites' pages: how each is, what waits for it, pause and resume, and one card however many stories wait."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom.acts import ActRefused
from newsroom.context import attention_count
from newsroom.models import Delivery, Lane, LogEntry, Person, Story
from newsroom.sites import figures, pause, resume
from newsroom.workflow import move
from tests.newsroom.screens import enter, make_story, release, text_of
from tests.office import SETTINGS, Office
from tests.pipeline.small_wordpress import SmallWordPress

AWAY = "Situs Kota (kota.contoh.go.id) tidak dapat dihubungi. Kami coba lagi dengan sendirinya."


def owed(office: Office, editor: Person, count: int, first: int = 1) -> list[Story]:
    """Let stories wait for the site `kota`."""
    stories = [
        release(make_story(office, number, photos=0), editor) for number in range(first, first + count)
    ]
    Delivery.objects.filter(story__in=stories, site="kota").update(
        sent_version=0, state="", receipts=[], url=""
    )
    return stories


def shut(refused: bool = False, error: str = AWAY) -> Lane:
    lane = Lane.to("kota")
    lane.shut(error, timezone.now() + timedelta(seconds=50), refused=refused)
    lane.refresh_from_db()
    return lane


def health(person: Person, name: str = "kota") -> str:
    return text_of(enter(person).get(reverse("site_health", args=[name])))


@pytest.fixture
def operator(office: Office) -> Person:
    person: Person = office.person("rini", "operator", "Rini")
    return person


def test_the_list_says_of_each_site_how_it_is(office: Office, editor: Person, operator: Person) -> None:
    owed(office, editor, 3)
    shut()
    Lane.to("info-publik").free(succeeded_at=timezone.now())
    pause("media-center", editor, "Server dipindahkan.")
    page = text_of(enter(operator).get(reverse("site_list")))
    assert "Situs Kota terputus Tidak dapat dipakai sejak" in page
    assert "3 berita menunggu" in page
    assert "Info Publik baik Berjalan baik Tidak ada yang menunggu · terakhir berhasil" in page
    assert "Media Center dijeda Dijeda oleh Bram sejak" in page
    assert "Server dipindahkan." in page


def test_fifty_stories_at_a_dead_site_are_one_trouble(office: Office, editor: Person) -> None:
    owed(office, editor, 8)
    Delivery.objects.filter(site="kota").update(
        error=AWAY, next_attempt_at=timezone.now() + timedelta(minutes=1), attempts=1
    )
    before = attention_count()
    shut()
    assert before == 8
    assert attention_count() == 1
    page = text_of(enter(editor).get(reverse("attention")))
    assert "Situs yang terputus atau dijeda 1 " in page
    assert page.count(AWAY) == 1
    assert "Tertahan di situs" not in page


def test_a_story_with_a_trouble_of_its_own_is_still_told_while_the_site_is_away(
    office: Office, editor: Person
) -> None:
    owed(office, editor, 2)
    row = Delivery.objects.filter(site="kota").first()
    assert row
    Delivery.objects.filter(pk=row.pk).update(error="Kategori tidak dikenal.", parked=True)
    shut()
    assert attention_count() == 2
    page = health(editor)
    assert "Kategori tidak dikenal. Menunggu tindakan Anda." in page
    assert page.count("Menunggu situs pulih") == 1


def test_every_line_of_a_story_says_who_paused_its_site_and_why(office: Office, editor: Person) -> None:
    (story,) = owed(office, editor, 1)
    pause("kota", editor, "Pindah  server\nmalam ini.")
    for address in (
        reverse("story", args=[story.pk]),
        reverse("published"),
        reverse("record", args=[story.pk]),
    ):
        page = text_of(enter(editor).get(address))
        assert "Dijeda oleh Bram sejak" in page, address
        assert "Pindah server malam ini." in page, address
    move(story, "retract", editor, "Salah orang.")
    page = text_of(enter(editor).get(reverse("story", args=[story.pk])))
    assert "Dijeda oleh" not in page, "a take-down passes a pause"
    assert "Menunggu ditarik" in page


def test_a_storys_line_says_what_the_whole_site_has_and_when_it_is_tried_again(
    office: Office, editor: Person
) -> None:
    (story,) = owed(office, editor, 1)
    shut()
    browser = enter(editor)
    page = text_of(browser.get(reverse("story", args=[story.pk])))
    assert "Tertahan: situs ini tidak dapat dipakai sejak" in page
    assert "Dicoba lagi" in page
    shut(refused=True)
    answer = browser.get(reverse("story", args=[story.pk]))
    assert "Tertahan: situs ini menolak kita sejak" in text_of(answer)
    assert f'href="{reverse("site_health", args=["kota"])}"' in answer.content.decode()


def test_take_downs_that_cannot_leave_are_told_loudly(office: Office, editor: Person) -> None:
    first, _second = owed(office, editor, 2)
    first.deliveries.filter(site="kota").update(state="live", sent_version=1)
    move(first, "retract", editor, "Salah orang.")
    shut()
    page = health(editor)
    assert "1 penarikan ikut menunggu, dan pembaca masih dapat melihatnya" in page
    assert page.index(f"{first.headline} penarikan") < page.index("Judul berita 2"), "it leaves first"


def test_a_pause_needs_a_reason_and_is_logged(office: Office, operator: Person) -> None:
    browser = enter(operator)
    address = reverse("pause_site", args=["kota"])
    assert "Tulis dulu alasan" in text_of(browser.post(address, {"alasan": "  "}, follow=True))
    assert Lane.to("kota").paused_at is None
    assert "Situs dijeda." in text_of(browser.post(address, {"alasan": "Pindah server."}, follow=True))
    entry = LogEntry.objects.get(verb="pause_site")
    assert (entry.by, entry.note) == (operator, "kota: Pindah server.")
    browser.post(reverse("resume_site", args=["kota"]))
    assert Lane.to("kota").paused_at is None
    assert LogEntry.objects.get(verb="resume_site").by == operator


def test_of_two_people_who_pause_at_once_the_second_is_told(
    office: Office, editor: Person, second_editor: Person
) -> None:
    pause("kota", editor, "Pindah server.")
    with pytest.raises(ActRefused, match="sudah dijeda orang lain"):
        pause("kota", second_editor, "Lain.")
    assert Lane.to("kota").paused_reason == "Pindah server."
    resume("kota", second_editor)
    with pytest.raises(ActRefused, match="sudah dilanjutkan orang lain"):
        resume("kota", editor)


def test_a_contributor_can_neither_pause_nor_resume(office: Office, writer: Person) -> None:
    for act in (lambda: pause("kota", writer, "x"), lambda: resume("kota", writer)):
        with pytest.raises(ActRefused, match="tidak berwenang"):
            act()


def test_try_again_frees_the_site_and_what_it_had_parked(
    office: Office, operator: Person, editor: Person
) -> None:
    owed(office, editor, 2)
    Delivery.objects.filter(site="kota").update(error="Ditolak.", parked=True, attempts=1)
    shut(refused=True, error="Sandi ditolak.")
    page = enter(operator).post(reverse("retry_site", args=["kota"]), {"dari": "situs"}, follow=True)
    assert "Semuanya dicoba lagi sekarang." in text_of(page)
    assert page.redirect_chain[-1][0] == reverse("site_health", args=["kota"])
    lane = Lane.to("kota")
    assert (lane.error, lane.refused, lane.next_attempt_at) == ("", False, None)
    assert not Delivery.objects.filter(site="kota", parked=True).exists()


def test_try_again_at_a_paused_site_says_that_it_stays_paused(office: Office, editor: Person) -> None:
    owed(office, editor, 1)
    pause("kota", editor, "Pindah server.")
    page = text_of(enter(editor).post(reverse("retry_site", args=["kota"]), {"dari": "situs"}, follow=True))
    assert "masih dijeda" in page
    assert Lane.to("kota").paused_at


def test_the_figures_count_versions_and_the_usual_time_to_readers(office: Office, editor: Person) -> None:
    now = timezone.now()
    for number, seconds in ((1, 10), (2, 30), (3, 3600)):
        story = release(make_story(office, number, photos=0), editor)
        Story.objects.filter(pk=story.pk).update(released_at=now - timedelta(days=1))
        at = now - timedelta(days=1) + timedelta(seconds=seconds)
        receipts = [{"version": 1, "at": at.isoformat(), "state": "live"}]
        if number == 3:
            receipts.append({"version": 2, "at": now.isoformat(), "state": "live"})
        story.deliveries.filter(site="kota").update(receipts=receipts, confirmed_at=at)
    old = release(make_story(office, 4, photos=0), editor)
    ago = now - timedelta(days=40)
    receipts = [{"version": 1, "at": ago.isoformat(), "state": "live"}]
    old.deliveries.filter(site="kota").update(receipts=receipts, confirmed_at=ago)
    today = timezone.localdate(now)
    days = {today.isoformat(): 2, (today - timedelta(days=31)).isoformat(): 9}
    Lane.objects.update_or_create(name="deliver:kota", defaults={"failures": days})

    found = figures("kota", Lane.to("kota"), now)

    assert (found.delivered, found.stories, found.failures) == (4, 3, 2)
    assert found.usual == timedelta(seconds=30)
    page = health(editor)
    assert "Terkirim 4 berita, ralat, dan penarikan" in page
    assert "30 detik biasanya, dihitung dari 3 berita baru" in page
    assert "Gagal dikirim 2 kali" in page


def test_a_long_queue_is_paged(office: Office, editor: Person) -> None:
    owed(office, editor, 21)
    first = health(editor)
    assert "Halaman 1 dari 2" in first
    assert "Judul berita 21" not in first
    second = text_of(enter(editor).get(reverse("site_health", args=["kota"]), {"hal": 2}))
    assert "Judul berita 21" in second


@pytest.mark.parametrize("name", ["site_list", "site_health", "published", "attention"])
def test_a_page_asks_as_many_questions_for_many_stories_as_for_few(
    office: Office, editor: Person, name: str
) -> None:
    browser = enter(editor)
    address = reverse(name, args=["kota"] if name == "site_health" else [])

    def questions() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert browser.get(address).status_code == 200
        return len(asked)

    owed(office, editor, 2)
    shut()
    browser.get(address)
    few = questions()
    owed(office, editor, 6, first=10)
    assert questions() == few


def test_a_site_that_is_not_in_the_settings_has_no_page(office: Office, editor: Person) -> None:
    browser = enter(editor)
    assert browser.get(reverse("site_health", args=["lain"])).status_code == 404
    assert browser.post(reverse("pause_site", args=["lain"]), {"alasan": "x"}).status_code == 404
    assert not Lane.objects.filter(name="deliver:lain").exists()


# Trying a site now


@pytest.fixture
def small(office: Office, use: Callable[[str], None]) -> Any:
    with SmallWordPress() as site:
        (office.folder / "sandi").write_text("rahasia")
        kept = [line for line in SETTINGS.splitlines(keepends=True) if "name: kota" not in line]
        use("".join(kept) + site.settings())
        yield site


def test_trying_a_site_that_is_back_lets_what_waits_leave(
    office: Office, editor: Person, small: SmallWordPress
) -> None:
    owed(office, editor, 1)
    shut()
    response = enter(editor).post(reverse("check_site", args=["kota"]), headers={"HX-Request": "true"})
    page = text_of(response)
    assert "Masuk sebagai redaksi." in page
    assert "Situs sudah kembali" in page
    assert "<html" not in response.content.decode()
    assert Lane.to("kota").error == ""


def test_trying_a_site_that_still_refuses_frees_nothing(
    office: Office, editor: Person, small: SmallWordPress
) -> None:
    shut(refused=True, error="Sandi ditolak.")
    small.ails = lambda asked: (503, {}, b"")
    page = enter(editor).post(reverse("check_site", args=["kota"]))
    assert "sedang sibuk atau dalam pemeliharaan (503)" in text_of(page)
    assert "Kembali" in text_of(page), "without a script it is a page of its own"
    assert Lane.to("kota").refused
