"""What of the queue is shown: by need and clock, filters, order, search, views kept by name, and what it costs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from newsroom import clocks, editing
from newsroom.models import Contributor, Person, Photo, Presence, SavedView, Story, Submission
from newsroom.pairs import SPELLINGS, add
from newsroom.tickets import ticket
from newsroom.workflow import move
from tests.newsroom.screens import enter, make_story, text_of
from tests.newsroom.test_screens_queue import QUEUE, headlines
from tests.office import Office


def shown(client: Any, query: str) -> set[str]:
    return {headline.removeprefix("Judul berita ") for headline in headlines(client.get(QUEUE + query))}


def test_what_needs_somebody_comes_in_the_order_of_its_clock(office: Office, editor: Person) -> None:
    make_story(office, 1, minutes=10)
    make_story(office, 2, minutes=175)
    verified = make_story(office, 3, minutes=20)
    move(verified, "verify", editor)
    Story.objects.filter(pk=verified.pk).update(due_at=timezone.now() + timedelta(minutes=60))
    paused = make_story(office, 4, minutes=500)
    clocks.pause(paused, editor, "Menunggu narasumber")
    move(make_story(office, 5), "send_back", editor, "Lengkapi.")
    embargoed = make_story(office, 6, embargo_until=timezone.now() + timedelta(days=1))
    move(embargoed, "verify", editor)
    page = enter(editor).get(QUEUE)
    assert headlines(page) == [f"Judul berita {number}" for number in (2, 3, 1, 4)]
    words = text_of(page)
    assert "Jam dijeda Bram sejak" in words
    assert "Menunggu narasumber" in words
    assert "terlambat 5 jam 20 menit" in words.replace("dijeda, ", "")


def test_each_filter_keeps_what_it_says(office: Office, editor: Person, second_editor: Person) -> None:
    make_story(office, 1, minutes=400, category="Kesehatan")
    make_story(office, 2, minutes=150, photos=0)
    make_story(office, 3, embargo_until=timezone.now() + timedelta(days=2))
    other = Contributor.objects.create(address="tirta@contoh.example", name="Tirta", outlet="Dinas Sosial")
    make_story(office, 4, contributor=other, byline_outlet="")
    Submission.objects.filter(story=make_story(office, 5)).update(trust="suspicious")
    clocks.pause(make_story(office, 6), second_editor, "Menunggu foto")
    flawed = make_story(office, 7, body="Walikota datang pada Rabu (31/3/2025).")
    assert flawed.findings
    make_story(office, 8)
    editing.edit(
        Story.objects.get(headline="Judul berita 8"),
        editor,
        {"headline": "Judul berita 8 baru"},
        seen=Story.objects.get(headline="Judul berita 8").revision_id,
    )
    client = enter(editor)
    for query, expected in (
        ("jam=terlambat", {"1"}),
        ("jam=mendesak", {"2"}),
        ("jam=dijeda", {"6"}),
        ("foto=ya", {"2"}),
        ("embargo=ya", {"3"}),
        ("dari=tirta", {"4"}),
        ("dari=dinas+sosial", {"4"}),
        ("kategori=kesehatan", {"1"}),
        ("pengirim=suspicious", {"5"}),
        ("saya=ya", {"8 baru"}),
        ("q=nomor+5", {"5"}),
        ("jam=terlambat&kategori=kesehatan", {"1"}),
        ("jam=mendesak&kategori=kesehatan", set()),
        ("jam=bukan&pengirim=bukan", {"1", "2", "3", "4", "5", "6", "7", "8 baru"}),
    ):
        assert shown(client, f"?status=sekarang&{query}") == expected, query
    found = shown(client, "?status=sekarang&temuan=ya")
    assert "7" in found
    assert found == {
        str(s.headline).removeprefix("Judul berita ") for s in Story.objects.filter(findings__gt=0)
    }


def test_a_filter_is_named_with_the_way_to_take_it_off(office: Office, editor: Person) -> None:
    make_story(office, 1, minutes=400, category="Kesehatan")
    page = enter(editor).get(QUEUE + "?status=antre&jam=terlambat&kategori=Kesehatan").content.decode()
    assert 'href="?status=antre&amp;kategori=Kesehatan">Batas waktu: Terlambat' in page
    assert 'href="?status=antre&amp;jam=terlambat">Kategori: Kesehatan' in page


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("", ["c", "a", "b"]),
        ("jam", ["c", "a", "b"]),
        ("terbaru", ["b", "a", "c"]),
        ("terlama", ["c", "a", "b"]),
        ("judul", ["a", "b", "c"]),
    ],
)
def test_the_order_is_the_one_asked_for(
    office: Office, editor: Person, order: str, expected: list[str]
) -> None:
    for number, (headline, minutes) in enumerate((("a", 60), ("b", 10), ("c", 120))):
        make_story(office, number, headline=headline, minutes=minutes)
    assert headlines(enter(editor).get(f"{QUEUE}?status=antre&urut={order}")) == expected


def test_a_number_typed_into_the_search_field_shows_its_story_without_leaving(
    office: Office, editor: Person
) -> None:
    story = make_story(office, 1)
    make_story(office, 2)
    move(story, "spike", editor, "Ganda.")
    page = enter(editor).get(QUEUE, {"q": ticket(story.pk)}, headers={"HX-Request": "true"})
    assert headlines(page) == ["Judul berita 1"]


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", "Tidak ada yang perlu dikerjakan sekarang"),
        ("?status=antre", "Antrean kosong"),
        ("?status=dikembalikan", "Tidak ada yang sedang diperbaiki"),
        ("?status=terverifikasi", "Tidak ada yang menunggu tayang"),
        ("?status=ditolak", "Tidak ada yang ditolak"),
        ("?jam=terlambat", "Tidak ada yang terlambat"),
        ("?jam=mendesak", "Tidak ada yang hampir habis waktunya"),
        ("?jam=dijeda", "Tidak ada jam yang dijeda"),
        ("?foto=ya", "Tidak ada yang cocok dengan saringan ini"),
        ("?q=zzz", "Tidak ada yang cocok dengan “zzz”"),
    ],
)
def test_every_empty_list_says_why_it_is_empty(
    office: Office, editor: Person, query: str, words: str
) -> None:
    assert words in text_of(enter(editor).get(QUEUE + query))


def test_findings_are_counted_when_a_text_is_saved_and_shown_in_its_row(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body="Kota Uji – Wali Kota Uji datang.\n\nNIK warga 6271011505900001.")
    assert story.personal_findings == 1
    assert story.findings is not None
    words = text_of(enter(editor).get(QUEUE))
    assert "data pribadi" in words
    before = story.findings
    editing.edit(story, editor, {"body": "Walikota hadir pada Rabu (31/3/2025)."}, seen=story.revision_id)
    story.refresh_from_db()
    assert (story.personal_findings, story.findings > 0, story.findings != before) == (0, True, True)
    assert f"{story.findings} temuan" in text_of(enter(editor).get(QUEUE))


def test_a_changed_list_of_the_office_counts_anew(office: Office, editor: Person) -> None:
    story = make_story(office, body="Kota Uji – Musyawarah dibuka di ruang kecamatan oleh pejabat setempat.")
    before = story.findings
    add(SPELLINGS, "pejabat setempat", "pejabat daerah", editor)
    enter(editor).get(QUEUE)
    story.refresh_from_db()
    assert story.findings == (before or 0) + 1


def test_who_has_a_story_open_is_told_to_the_others_for_a_while(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    opener, other = enter(second_editor), enter(editor)
    address = f"/berita/{story.pk}/hadir/"
    assert text_of(opener.post(address)) == ""
    assert text_of(other.post(address)) == "Sulastri sedang membuka"
    assert "Sulastri sedang membuka" in text_of(other.get(QUEUE))
    assert "Bram sedang membuka" not in text_of(other.get(QUEUE)), "one's own is not told"
    Presence.objects.filter(person=second_editor).update(at=timezone.now() - timedelta(minutes=3))
    assert "sedang membuka" not in text_of(other.get(QUEUE))
    opener.post(f"/berita/{make_story(office, 2).pk}/hadir/")
    assert Presence.objects.filter(person=second_editor).count() == 1, "what has expired is not kept"


def test_looking_at_a_story_by_a_link_alone_says_nothing_of_the_reader(
    office: Office, editor: Person
) -> None:
    story = make_story(office)
    client = enter(editor)
    client.get(f"/berita/{story.pk}/")
    assert client.get(f"/berita/{story.pk}/hadir/").status_code == 405
    assert not Presence.objects.exists()


def keep(client: Any, name: str, query: str, **more: str) -> Any:
    return client.post(QUEUE + "tampilan/", {"nama": name, "kembali": query, **more})


def test_a_view_is_kept_under_a_name_and_holds_only_what_a_list_knows(office: Office, editor: Person) -> None:
    client = enter(editor)
    keep(client, " Dinkes   pagi ", "status=antre&jam=mendesak&hal=7&<script>=1&saya=ya")
    view = SavedView.objects.get()
    assert (view.name, view.query) == ("Dinkes pagi", "status=antre&jam=mendesak&saya=ya")
    assert "Dinkes pagi" in text_of(client.get(QUEUE))
    keep(client, "Dinkes pagi", "status=ditolak")
    assert SavedView.objects.get().query == "status=ditolak"
    answer = client.get(keep(client, "Dinkes pagi", f"status=ditolak&q={'😀' * 150}").url)
    assert "Tampilan ini terlalu panjang untuk disimpan." in text_of(answer)
    assert SavedView.objects.get().query == "status=ditolak"


def test_a_shared_view_is_seen_by_others_who_cannot_drop_it(
    office: Office, editor: Person, second_editor: Person
) -> None:
    keep(enter(editor), "Milik bersama", "status=antre&foto=ya", bersama="ya")
    keep(enter(editor), "Milik sendiri", "status=antre&embargo=ya")
    other = enter(second_editor)
    words = text_of(other.get(QUEUE))
    assert "Milik bersama Bram" in words
    assert "Milik sendiri" not in words
    for view in SavedView.objects.all():
        assert other.post(f"{QUEUE}tampilan/{view.pk}/hapus/").status_code == 403
        assert enter(editor).post(f"{QUEUE}tampilan/{view.pk}/hapus/").status_code == 302
    assert not SavedView.objects.exists()


def test_the_first_view_opens_with_the_queue_and_the_last_chosen_one_wins(
    office: Office, editor: Person
) -> None:
    client = enter(editor)
    keep(client, "Satu", "status=antre", pembuka="ya")
    keep(client, "Dua", "status=ditolak", pembuka="ya")
    assert SavedView.objects.get(first=True).name == "Dua"
    assert client.get(QUEUE).headers["Location"].startswith("/antrean/?status=ditolak")
    assert client.get(QUEUE + "?status=sekarang").status_code == 200, "everything is one link away"
    assert enter(office.person("lain", "editor")).get(QUEUE).status_code == 200


def test_a_clock_is_paused_and_resumed_on_the_storys_page(office: Office, editor: Person) -> None:
    story = make_story(office)
    client = enter(editor)
    client.post(f"/berita/{story.pk}/jeda/", {"jeda": "Menunggu konfirmasi narasumber"})
    words = text_of(client.get(f"/berita/{story.pk}/"))
    assert "Jam dijeda Bram sejak" in words
    assert "dijeda, sisa 2 jam" in words
    client.post(f"/berita/{story.pk}/lanjut/")
    assert "Jam dijeda Bram sejak" not in text_of(client.get(f"/berita/{story.pk}/"))


def plan(query: Any) -> str:
    return str(query.explain())


@pytest.mark.sqlite
def test_the_lists_are_read_from_their_indexes(office: Office, editor: Person) -> None:
    """As SQLite itself says it, with a thousand stories of every state and its own statistics of them."""
    at = timezone.now()
    states = ("released", "retracted", "spiked", "returned")
    Story.objects.bulk_create(
        Story(key=f"k{n}", headline=f"Judul {n}", state=states[n % 4], received_at=at - timedelta(hours=n))
        for n in range(1000)
    )
    for number in range(3):
        make_story(office, 2000 + number)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    try:
        every = Story.objects.all().visible_to(editor)
        needing = plan(clocks.in_order(clocks.needing(every, at))[:25])
        assert "USING INDEX story_clock" in needing
        assert "SCAN newsroom_story\n" not in needing + "\n"
        rejected = plan(every.filter(state="spiked").order_by("-received_at", "-pk")[:25])
        assert "USING INDEX story_state_arrival (state=?)" in rejected
        assert "TEMP B-TREE FOR ORDER BY" not in rejected
        assert "USING COVERING INDEX story_state_arrival" in plan(
            every.filter(state="queued").values("state")
        )
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM sqlite_stat1")


def test_rows_of_every_kind_cost_as_many_queries_as_one(
    office: Office, editor: Person, second_editor: Person, django_assert_max_num_queries: Any
) -> None:
    client = enter(editor)

    def one_of_each(start: int) -> None:
        clocks.pause(make_story(office, start), editor, "Menunggu narasumber")
        move(make_story(office, start + 1, photos=3), "verify", editor)
        going = make_story(office, start + 2)
        move(going, "verify", editor)
        for site in going.sites:
            going.deliveries.create(site=site)
        move(going, "release", None)
        Presence.objects.create(story=make_story(office, start + 3), person=second_editor)

    one_of_each(10)
    client.get(QUEUE)
    with django_assert_max_num_queries(100) as few:
        client.get(QUEUE)
    for start in (20, 30, 40, 50):
        one_of_each(start)
    with django_assert_max_num_queries(100) as many:
        assert len(headlines(client.get(QUEUE))) == 20
    assert len(many) == len(few)
    assert Photo.objects.count() == 30
