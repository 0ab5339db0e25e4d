"""The page of what was changed at a site, and where people are led to it."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone

from newsroom.models import Person, Sight
from tests.newsroom.screens import enter, make_story, release
from tests.office import Office


@pytest.fixture
def sight(office: Office, editor: Person) -> Sight:
    story = release(make_story(office), editor)
    delivery = story.deliveries.get(site="kota")
    return Sight.objects.create(
        delivery=delivery,
        drift="edited",
        found_at=timezone.now(),
        found_mark="satu",
        title="Judul <i>dari</i> situs",
        text="<p>Kota Uji – Isi berita nomor 1.</p><p>Kalimat <b>tangan</b><script>alert(1)</script></p>",
        record={"seen": {"text": "x", "title": "Judul", "shown": True}},
    )


def test_it_is_told_in_the_lines_of_the_site_and_listed_once(editor: Person, sight: Sight) -> None:
    client = enter(editor)
    page = reverse("drift", args=[sight.pk])
    for address in ("/tayang/", reverse("story", args=[sight.delivery.story_id]), "/perhatian/"):
        text = client.get(address).content.decode()
        assert text.count(f'href="{page}"') == 1, address
        assert "Berubah di situs" in text


def test_the_page_shows_words_and_no_markup_of_the_sites(editor: Person, sight: Sight) -> None:
    text = enter(editor).get(reverse("drift", args=[sight.pk])).content.decode()
    assert "tangan" in text
    assert "alert(1)" not in text
    assert "<i>dari</i>" not in text
    assert "tidak kami ketahui" in text
    for choice in ("keep", "restore", "take"):
        assert reverse("settle_drift", args=[sight.pk, choice]) in text


def test_a_choice_is_made_by_an_editor_on_what_they_have_seen(
    office: Office, editor: Person, sight: Sight
) -> None:
    keep = reverse("settle_drift", args=[sight.pk, "keep"])
    enter(office.person("opi", "operator")).post(keep, {"seen": sight.token})
    client = enter(editor)
    assert client.get(keep).status_code == 405
    client.post(keep, {"seen": "lain"})
    client.post(reverse("settle_drift", args=[sight.pk, "lain"]), {"seen": sight.token})
    sight.refresh_from_db()
    assert sight.is_open
    client.post(keep, {"seen": sight.token})
    sight.refresh_from_db()
    assert (sight.choice, sight.chosen_by) == ("keep", editor)
    assert sight.delivery.story.log.filter(verb="keep_theirs", by=editor).count() == 1
    assert f'href="{reverse("drift", args=[sight.pk])}"' not in client.get("/perhatian/").content.decode()


def test_a_withdrawn_story_shown_again_is_named_first(editor: Person, sight: Sight) -> None:
    Sight.objects.update(drift="shown")
    text = enter(editor).get("/perhatian/").content.decode()
    first = text.index('<section class="cause"')
    assert text.index("tampil lagi di situs", first) < text.index("</h2>", first)
    page = enter(editor).get(reverse("drift", args=[sight.pk])).content.decode()
    assert "Tarik lagi dari situs" in page
    assert reverse("settle_drift", args=[sight.pk, "keep"]) not in page
