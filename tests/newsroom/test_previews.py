"""The preview of a story: as each of its sites will have it, from the text being written."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import Person, Story
from tests.newsroom.screens import enter, form_of, make_story, page, release
from tests.office import Office
from tests.pipeline.test_styles import STYLED


@pytest.fixture
def editor(office: Office) -> Person:
    person: Person = office.person()
    return person


@pytest.fixture
def styled(use: Callable[[str], None], editor: Person) -> Client:
    """Return an editor's browser in an office whose sites differ."""
    use(STYLED)
    return enter(editor)


def seen(client: Client, story: Story, site: str = "", **written: Any) -> str:
    form = form_of(client.get(page(story)))
    return client.post(
        reverse("preview", args=[story.pk]), form | written | {"pratinjau_situs": site}
    ).content.decode()


def test_each_site_has_its_own_preview_with_what_differs_marked(office: Office, styled: Client) -> None:
    story = make_story(office)
    first, portal, town = (seen(styled, story, site) for site in ("media-center", "info-publik", "kota"))
    assert "<p>MEDIA CENTER, Kota Uji – Isi berita nomor 1.</p>" in first
    assert "<mark>" not in first
    assert "<p><mark>Kota Uji, InfoPublik –</mark> Isi berita nomor 1.</p>" in portal
    assert "<p><mark>(MC Kota Uji Raya/nala)</mark></p>" in portal
    assert "<mark><strong>Kota Uji</strong> –</mark> Isi" in town
    assert "Paragraf kedua. (MC. Kota Uji/nala)</p>" in town, "a code that is the same is not marked"
    assert "berbeda dari Media Center" in portal


def test_captions_and_credits_are_shown_as_each_site_writes_them(office: Office, styled: Client) -> None:
    story = make_story(office)
    assert "Keterangan 1 (MC. Kota Uji/nala)" in seen(styled, story)
    assert "Foto: MC. Kota Uji" in seen(styled, story)
    assert "(MC. Kota Uji/nala)</li>" not in seen(styled, story, "info-publik")
    left_out = seen(styled, story, **{f"foto-{story.photos.get().pk}-left_out": "on"})
    assert "Keterangan 1" not in left_out


def test_the_preview_is_of_what_is_being_written_and_saves_nothing(office: Office, styled: Client) -> None:
    story = make_story(office)
    shown = seen(styled, story, body="Belum disimpan.", dateline_city="Kota Baru", byline_writer="budi")
    assert "MEDIA CENTER, Kota Baru – Belum disimpan. (MC. Kota Uji/budi)" in shown
    story.refresh_from_db()
    assert (story.dateline_city, story.revisions.count()) == ("Kota Uji", 1)


def test_only_the_chosen_sites_are_offered_and_the_first_of_them_is_compared_with(
    office: Office, styled: Client
) -> None:
    shown = seen(styled, make_story(office), "kota", sites=["info-publik", "kota"])
    assert re.findall(r'aria-pressed="(\w+)"', shown) == ["false", "true"]
    assert "berbeda dari Info Publik" in shown
    every = seen(styled, make_story(office, 2), "tidak-ada", sites=[])
    assert re.findall(r'aria-pressed="(\w+)"', every) == ["true", "false", "false"]


def test_a_site_without_dateline_or_code_says_so(
    office: Office, use: Callable[[str], None], editor: Person
) -> None:
    use(STYLED.replace("title: Situs Kota,", 'title: Situs Kota, style: {dateline: "", tail: ""},'))
    shown = seen(enter(editor), make_story(office), "kota")
    assert "Tanpa dateline di situs ini. Tanpa kode penulis di situs ini." in shown


def test_a_text_that_carries_its_code_is_not_given_another(office: Office, styled: Client) -> None:
    carried = "Kota Uji – Isi. (MC. Kota Uji/nala)"
    shown = seen(styled, make_story(office), "kota", body=carried)
    assert shown.count("nala)") == shown.count("</strong>") == 1


def test_what_is_written_cannot_make_marks_or_markup(office: Office, styled: Client) -> None:
    shown = seen(
        styled, make_story(office), "kota", body="\ue000<script>x</script>\ue001", dateline_city="<b>"
    )
    assert "<script" not in shown
    assert shown.count("<mark>") == shown.count("</mark>")
    assert "\ue000" not in shown


def test_a_story_that_cannot_be_written_on_is_previewed_as_it_stands(office: Office, styled: Client) -> None:
    story = release(make_story(office), office.person("lain"))
    reader = enter(office.person("operator", "operator"))
    shown = reader.post(reverse("preview", args=[story.pk]), {"body": "bukan ini"}).content.decode()
    assert "Isi berita nomor 1." in shown
    assert "bukan ini" not in shown


def test_an_office_without_sites_still_sees_its_text(
    office: Office, use: Callable[[str], None], editor: Person
) -> None:
    use(STYLED[: STYLED.index("sites:")])
    assert "Isi berita nomor 1." in seen(enter(editor), make_story(office, sites=[]))
