"""One act on many stories: each by itself, each told, and none verified unread."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from newsroom import editing
from newsroom.models import Letter, Person, Story
from newsroom.workflow import move
from tests.newsroom.screens import enter, fresh, make_story, text_of
from tests.office import Office

MANY = "/antrean/sekaligus/"


def name(story: Story) -> str:
    return f"{story.pk}-{story.revision_id}"


def act(client: Client, aksi: str, stories: list[Story], **more: Any) -> str:
    picked = {"pilih": [name(story) for story in stories], "aksi": aksi, "kembali": "status=antre", **more}
    return text_of(client.post(MANY, picked, follow=True))


@pytest.fixture
def three(office: Office) -> list[Story]:
    return [make_story(office, number) for number in (1, 2, 3)]


def states(stories: list[Story]) -> list[str]:
    return [fresh(story).state for story in stories]


def test_several_are_sent_back_with_one_note_and_each_sender_is_written_to(
    three: list[Story], editor: Person
) -> None:
    words = act(enter(editor), "send_back", three[:2], catatan_kembali="Sebut jumlah pesertanya.")
    assert "2 dikembalikan" in words
    assert states(three) == ["returned", "returned", "queued"]
    assert Letter.objects.filter(story__in=three[:2], body__contains="Sebut jumlah pesertanya.").count() == 2


def test_what_somebody_else_has_changed_meanwhile_is_left_and_told_by_name(
    three: list[Story], editor: Person, second_editor: Person
) -> None:
    picked = [name(story) for story in three]
    editing.edit(fresh(three[0]), second_editor, {"body": "Teks baru."}, seen=three[0].revision_id)
    move(fresh(three[1]), "verify", second_editor)
    client = enter(editor)
    client.post(MANY, {"pilih": picked, "aksi": "spike", "catatan_tolak": "Ganda."})
    words = text_of(client.get("/antrean/?status=ditolak"))
    assert "1 ditolak, 2 dilewati:" in words
    assert "Judul berita 1 : Teksnya berubah sejak daftar dibuka." in words.replace("1:", "1 :")
    assert states(three) == ["queued", "verified", "spiked"]
    assert "2 dilewati" not in text_of(client.get("/antrean/?status=ditolak")), "it is told once"


def test_one_refusal_undoes_nothing_of_the_others(office: Office, three: list[Story], editor: Person) -> None:
    move(three[1], "send_back", editor, "Lengkapi.")
    words = act(enter(editor), "send_back", three, catatan_kembali="Lengkapi semua.")
    assert "2 dikembalikan, 1 dilewati:" in words
    assert states(three) == ["returned"] * 3
    assert [fresh(story).log.filter(verb="send_back").count() for story in three] == [1, 1, 1]


def test_a_rejection_is_undone_by_one_click(three: list[Story], editor: Person) -> None:
    client = enter(editor)
    before = [story.due_at for story in three]
    page = client.post(
        MANY,
        {"pilih": [name(s) for s in three], "aksi": "spike", "catatan_tolak": "Ganda."},
        follow=True,
    )
    assert "Urungkan" in text_of(page)
    assert states(three) == ["spiked"] * 3
    assert "3 kembali ke antrean" in act(client, "unspike", three)
    assert states(three) == ["queued"] * 3
    after = [fresh(story).due_at for story in three]
    assert all(b and a and abs((a - b).total_seconds()) < 60 for a, b in zip(after, before, strict=True))


def test_nothing_is_verified_in_bulk(three: list[Story], editor: Person) -> None:
    assert "Verifikasi tidak dapat dilakukan sekaligus" in act(enter(editor), "verify", three)
    assert states(three) == ["queued"] * 3


def test_category_and_sites_are_given_to_each_as_a_revision(three: list[Story], editor: Person) -> None:
    client = enter(editor)
    assert "2 diberi kategori" in act(client, "category", three[:2], kategori="Kesehatan")
    rows = [fresh(story) for story in three]
    assert [row.category for row in rows] == ["Kesehatan", "Kesehatan", ""]
    assert rows[0].revision and rows[0].revision.category == "Kesehatan"
    assert "2 diganti situsnya" in act(client, "sites", rows[:2], situs=["kota"])
    assert [fresh(story).sites for story in three][:2] == [["kota"], ["kota"]]
    assert "Pilih sedikitnya satu situs" in act(client, "sites", rows, situs=["bukan-situs"])


def test_clocks_are_paused_and_resumed_together(three: list[Story], editor: Person) -> None:
    client = enter(editor)
    assert "3 dijeda" in act(client, "pause", three, jeda="Gangguan internet di kantor")
    assert all(fresh(story).paused_at for story in three)
    assert "3 berjalan lagi" in act(client, "resume", three)
    assert "3 dilewati" in act(client, "resume", three)


@pytest.mark.parametrize(
    ("act_name", "more", "said"),
    [
        ("", {}, "Pilih tindakannya lebih dahulu."),
        ("retract", {}, "Pilih tindakannya lebih dahulu."),
        ("spike", {"catatan_tolak": "  "}, "Tuliskan catatannya"),
        ("send_back", {}, "Tuliskan catatannya"),
        ("category", {"kategori": "x" * 61}, "terlalu panjang"),
    ],
)
def test_what_cannot_be_done_to_any_is_said_once(
    three: list[Story], editor: Person, act_name: str, more: dict[str, str], said: str
) -> None:
    assert said in act(enter(editor), act_name, three, **more)
    assert states(three) == ["queued"] * 3


@pytest.mark.parametrize("picked", [[], ["x"], ["1"], ["-1-2"], ["1-x"], ["9" * 30 + "-1"], ["²-1"]])
def test_a_pick_that_names_no_story_does_nothing(
    three: list[Story], editor: Person, picked: list[str]
) -> None:
    page = enter(editor).post(
        MANY, {"pilih": picked, "aksi": "spike", "catatan_tolak": "Ganda."}, follow=True
    )
    assert "Belum ada berita yang dipilih" in text_of(page)
    assert states(three) == ["queued"] * 3


def test_a_story_picked_twice_is_moved_once_and_one_that_never_was_is_told(
    three: list[Story], editor: Person
) -> None:
    client = enter(editor)
    picked = [name(three[0]), name(three[0]), "999999-1"]
    page = client.post(MANY, {"pilih": picked, "aksi": "spike", "catatan_tolak": "Ganda."}, follow=True)
    assert "1 ditolak, 1 dilewati" in text_of(page)


def test_an_operator_decides_nothing_in_bulk_either(office: Office, three: list[Story]) -> None:
    words = act(enter(office.person("op", "operator")), "spike", three, catatan_tolak="Ganda.")
    assert "3 dilewati" in words
    assert states(three) == ["queued"] * 3
