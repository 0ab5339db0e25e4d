"""A released story's message for WhatsApp: what it says, and who is offered it when."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image

from newsroom.models import Person, Story
from newsroom.sharing import shareable
from newsroom.workflow import move
from tests.newsroom.screens import enter, fresh, make_story, page, release, text_of
from tests.office import Office, coverage
from tests.pipeline.test_styles import STYLED

pytestmark = pytest.mark.django_db

CARD = "Bagikan ke WhatsApp"
SCRIPT: dict[str, Any] = {"headers": {"HX-Request": "true"}}


def shared(client: Client, story: Story, site: str = "") -> tuple[str, str]:
    """Return the text shown, and the one the link opens WhatsApp with."""
    context = client.get(reverse("share", args=[story.pk]), {"situs": site}, **SCRIPT).context
    (linked,) = parse_qs(urlsplit(context["share_link"]).query)["text"]
    return context["share_text"], linked


def test_a_released_story_is_offered_as_a_message_with_the_address_readers_find_it_at(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office, category="Pemerintahan Kota", photos=0), editor)
    answer = enter(second_editor).get(page(story))
    assert CARD in text_of(answer)
    assert 'href="https://wa.me/?text=%2AJudul%20berita%201%2A' in answer.content.decode()
    text, linked = shared(enter(second_editor), story)
    assert text == linked
    assert text.split("\n\n") == [
        "*Judul berita 1*",
        "Kota Uji – Isi berita nomor 1.",
        "Paragraf kedua.",
        f"http://127.0.0.1:8000/situs/media-center/2026/11/judul-{story.pk}/",
        "#PemerintahanKota",
        "(MC. Kota Uji/nala)",
    ]


def test_the_message_wears_the_style_of_the_site_it_leads_to(
    office: Office, editor: Person, use: Callable[[str], None]
) -> None:
    use(STYLED)
    story = release(make_story(office, photos=0), editor)
    text, _linked = shared(enter(editor), story, "info-publik")
    assert "Kota Uji, InfoPublik – Isi berita" in text
    assert "/situs/info-publik/" in text
    assert shared(enter(editor), story, "tidak-ada") == shared(enter(editor), story, "media-center")


def test_what_is_written_on_a_correction_is_not_shared_before_it_is_released(
    office: Office, editor: Person
) -> None:
    story = release(make_story(office, photos=0), editor)
    Story.objects.filter(pk=story.pk).update(headline="Judul yang belum diralat")
    assert shared(enter(editor), story)[0].startswith("*Judul berita 1*")


def test_only_sites_that_show_the_story_are_linked(office: Office, editor: Person) -> None:
    story = release(make_story(office, photos=0), editor)
    story.deliveries.filter(site="media-center").update(state="hidden")
    story.deliveries.filter(site="info-publik").update(url="")
    assert "/situs/kota/" in shared(enter(editor), story, "media-center")[0]
    story.deliveries.update(state="")
    words = text_of(enter(editor).get(page(story)))
    assert "begitu salah satu situs menayangkan" in words
    assert "wa.me" not in enter(editor).get(page(story)).content.decode()


@pytest.mark.parametrize("moves", [[], ["send_back"], ["verify"]])
def test_what_is_not_released_is_not_offered(office: Office, editor: Person, moves: list[str]) -> None:
    story = make_story(office, photos=0)
    for verb in moves:
        move(fresh(story), verb, editor, "Lengkapi dulu.")
    assert CARD not in text_of(enter(editor).get(page(story)))
    assert "tidak sedang tayang" in text_of(enter(editor).get(reverse("share", args=[story.pk])))
    assert CARD not in text_of(enter(editor).get(reverse("share", args=[story.pk])))


def test_a_withdrawn_story_is_not_offered_though_a_site_still_shows_it(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office, photos=0), editor)
    assert shareable(story)
    move(story, "retract", second_editor, "Keterangan belum disetujui.")
    assert not shareable(fresh(story))
    assert CARD not in text_of(enter(editor).get(page(story)))
    answer = enter(editor).get(reverse("share", args=[story.pk]), **SCRIPT)
    assert "wa.me" not in answer.content.decode()


def test_words_of_a_story_are_text_on_the_card(office: Office, editor: Person) -> None:
    story = release(make_story(office, photos=0, headline="</textarea><script>x</script>"), editor)
    assert "<script>x" not in enter(editor).get(page(story)).content.decode()


def test_a_contributor_shares_their_own_story_and_nobody_else_s(
    office: Office, editor: Person, writer: Person
) -> None:
    own = release(make_story(office, photos=0), editor)
    other = make_story(
        office, 2, photos=0, contributor=office.contributor("lain@contoh.example", name="Lain")
    )
    release(other, editor)
    assert enter(writer).get(reverse("share", args=[own.pk])).status_code == 200
    assert enter(writer).get(reverse("share", args=[other.pk])).status_code == 403
    assert Client().get(reverse("share", args=[own.pk]), **SCRIPT).status_code == 204


def note(client: Client, story: Story, way: str = "tandai", group: str = "", **how: Any) -> Any:
    return client.post(reverse("note_share", args=[story.pk]), {"cara": way, "grup": group}, **how)


def test_who_shared_a_story_and_where_is_noted_once_for_each_group(
    office: Office, editor: Person, second_editor: Person, writer: Person
) -> None:
    story = release(make_story(office, photos=0), editor)
    sari = enter(second_editor)
    assert "Belum ada yang menandai" in text_of(sari.get(reverse("share", args=[story.pk])))
    note(sari, story, "salin")
    note(sari, story, "whatsapp")  # the same sharing, by its next tap
    note(sari, story, "ponsel", "  Grup   Camat ")
    answer = note(enter(writer), story, "palsu", "Grup Camat", **SCRIPT)
    assert re.search(r"Dibagikan 3×, terakhir \d\d\.\d\d WIB oleh Nala", text_of(answer))
    rows = [(row.by, row.way, row.channel) for row in story.shares.order_by("pk")]
    assert rows == [
        (second_editor, "whatsapp", ""),
        (second_editor, "ponsel", "Grup Camat"),
        (writer, "tandai", "Grup Camat"),
    ]
    for address in (page(story), "/tayang/"):
        assert re.search(r"Dibagikan 3×, terakhir \S+ WIB oleh Nala", text_of(sari.get(address))), address
    assert story.log.filter(verb="share").count() == 3


def test_a_wrong_mark_is_taken_back_by_whoever_made_it_and_stays_in_the_log(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office, photos=0), editor)
    note(enter(editor), story, group="Grup Salah")
    mark = story.shares.get()
    undo = reverse("undo_share", args=[story.pk, mark.pk])
    assert "Hapus tanda" not in text_of(enter(second_editor).get(reverse("share", args=[story.pk])))
    refused = enter(second_editor).post(undo, **SCRIPT)
    assert (refused.status_code, "bukan milik Anda" in text_of(refused)) == (409, True)
    done = enter(editor).post(undo, follow=True)
    assert "Tanda sudah dibagikan dihapus" in text_of(done)
    assert "Belum ada yang menandai" in text_of(done)
    assert [row.verb for row in story.log.filter(verb__contains="share")] == ["share", "unshare"]
    note(enter(editor), story, group="Grup Salah")
    assert story.shares.standing().count() == 1
    other = release(make_story(office, 2, photos=0), editor)
    assert enter(editor).post(reverse("undo_share", args=[other.pk, mark.pk])).status_code == 404


def test_what_is_not_live_cannot_be_marked_and_nobody_s_story_by_a_stranger(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office, photos=0), editor)
    assert note(enter(office.person("lain", "contributor")), story).status_code == 403
    assert note(enter(office.person("baca", "auditor")), story).status_code == 403
    move(story, "retract", second_editor, "Keliru.")
    assert "tidak sedang tayang" in text_of(note(enter(editor), story, **SCRIPT))
    assert not story.shares.exists()


def test_released_photos_go_along_and_never_one_that_readers_must_not_see(
    office: Office, editor: Person, second_editor: Person, writer: Person
) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    release(story, editor)
    client = enter(writer)
    first, second = (reverse("share_photo", args=[story.pk, number]) for number in (1, 2))
    html = client.get(reverse("share", args=[story.pk])).content.decode()
    assert f'data-photos="{first} {second}"' in html
    answer = client.get(first)
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert (shown.format, not shown.getexif()) == ("JPEG", True)
    assert answer["Cache-Control"] == "private, no-store"
    story.photos.filter(order=0).update(victim=True)
    assert client.get(first).status_code == 404
    assert f'data-photos="{second}"' in client.get(reverse("share", args=[story.pk])).content.decode()
    assert client.get(reverse("share_photo", args=[story.pk, 3])).status_code == 404
    stranger = enter(office.person("lain", "contributor"))
    assert stranger.get(second).status_code == 403
    move(fresh(story), "retract", second_editor, "Keliru.")
    assert client.get(second).status_code == 404
