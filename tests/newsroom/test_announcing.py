"""Before a correction or a take-down is confirmed, the editor sees what readers of each site will see."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.urls import reverse

from newsroom.models import Person, Story
from newsroom.workflow import move
from tests.newsroom.screens import enter, form_of, fresh, make_story, page, release, text_of
from tests.office import SETTINGS, Office, coverage

pytestmark = pytest.mark.django_db

MIXED = SETTINGS.replace(
    "{name: kota, kind: folder, title: Situs Kota, path: ./situs/kota}",
    "{name: kota, kind: wordpress, title: Situs Kota, url: https://kota.contoh.example, user: redaksi, "
    "password_env: UJI_SANDI, categories: {default: 1}}",
).replace("name: info-publik, kind: folder, title: Info Publik, path: ./situs/info-publik",
          "name: info-publik, kind: assisted, title: Info Publik, url: https://portal.contoh.example")  # fmt: skip
TIME = r"\(\d\d/\d\d/\d{4} \d\d\.\d\d WIB\)"


def look(person: Person, story: Story, verb: str, script: bool = True, **typed: str) -> Any:
    client = enter(person)
    form = form_of(client.get(page(story))) | typed
    headers = {"HX-Request": "true"} if script else {}
    return client.post(reverse("announce", args=[story.pk, verb]), form, headers=headers)


def articles(response: Any) -> dict[str, str]:
    """The words of each site's look ahead."""
    found = re.findall(
        r'<article class="as-read"><h4>(.*?)</h4>(.*?)</article>', response.content.decode(), re.DOTALL
    )
    return {title: " ".join(re.sub(r"<[^>]+>", " ", body).split()) for title, body in found}


def test_a_correction_is_seen_on_each_site_as_it_is_written_and_nothing_is_saved(
    office: Office, editor: Person, second_editor: Person, use: Callable[[str], None]
) -> None:
    story = release(make_story(office, body="Hadir 100 peserta."), editor)
    move(story, "correct", second_editor, "Nama lurah diperbaiki.")
    use(MIXED)
    before = fresh(story).log.count()
    shown = articles(
        look(second_editor, story, "correct", body="Hadir 120 peserta.", note_correct="Jumlah peserta 120.")
    )
    assert list(shown) == ["Media Center", "Info Publik", "Situs Kota"]
    for title, words in shown.items():
        assert re.search(rf"Ralat {TIME}: Jumlah peserta 120\.", words), title
        assert "Hadir 120 peserta." in words
    assert "Nama lurah diperbaiki." in shown["Media Center"], "a folder site tells all its corrections"
    assert "Nama lurah" not in shown["Situs Kota"]
    assert "dengan tangan" in shown["Info Publik"]
    now = fresh(story)
    assert (now.body, now.version, now.log.count()) == ("Hadir 100 peserta.", 2, before)
    assert ": …" in articles(look(second_editor, story, "correct"))["Situs Kota"]


def test_a_take_down_is_seen_as_the_notice_that_will_stand_in_its_place(
    office: Office, editor: Person, second_editor: Person, use: Callable[[str], None]
) -> None:
    story = release(make_story(office), editor)
    use(MIXED)
    shown = articles(look(editor, story, "retract", note_retract="Keterangan belum disetujui."))
    assert re.search(rf"Ditarik {TIME}: Keterangan belum disetujui\.", shown["Media Center"])
    assert "Situs ini tidak menampilkan alasan" in shown["Situs Kota"]
    assert "Keterangan belum" not in shown["Situs Kota"]
    assert "Isi berita" not in str(shown)
    urgent = articles(look(editor, story, "withdraw"))
    assert "Berita ini ditarik. Alasannya menyusul." in urgent["Media Center"]
    bad = look(editor, story, "retract", note_retract="Memuat NIK 6271012304950001.")
    assert "NIK" in text_of(bad)
    assert 'class="notice bad"' in bad.content.decode()


def test_what_was_shown_ahead_is_what_the_site_then_has(
    office: Office, editor: Person, second_editor: Person
) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", editor)
    office.work()
    for verb, note in (("correct", "Jumlah peserta 120."), ("retract", "Keterangan belum disetujui.")):
        ahead = look(second_editor, fresh(story), verb, **{f"note_{verb}": note})
        lines = re.findall(r'<p class="as-read-(?:headline|line)">(.*?)</p>', ahead.content.decode())
        lines += re.findall(r"<p>(Naskah dan foto[^<]*)</p>", ahead.content.decode())
        assert len(lines) == (6 if verb == "correct" else 9)
        move(fresh(story), verb, second_editor, note)
        office.work()
        for delivery in fresh(story).deliveries.all():
            file = office.folder / "situs" / delivery.site / delivery.url / "index.html"
            public = re.sub(TIME, "", file.read_text())
            for words in lines:
                assert re.sub(TIME, "", words) in public, (verb, delivery.site, words)


def test_without_script_the_look_ahead_keeps_what_was_typed(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = release(make_story(office), editor)
    answer = look(
        second_editor, story, "correct", script=False, body="Naskah baru.", note_correct="Isi diperbaiki."
    )
    assert answer.status_code == 200
    form = form_of(answer)
    assert (form["body"], form["note_correct"]) == ("Naskah baru.", "Isi diperbaiki.")
    assert "Isi diperbaiki." in articles(answer)["Media Center"]
    assert re.search(
        r'<details class="decision"[^>]* open>\s*<summary[^>]*>Tayangkan ralat', answer.content.decode()
    )


def test_only_those_who_may_decide_look_ahead(office: Office, editor: Person, writer: Person) -> None:
    story = release(make_story(office), editor)
    assert look(writer, story, "retract").status_code == 403
    assert look(office.person("operator", "operator"), story, "retract", script=False).status_code == 403
    assert look(editor, story, "verify").status_code == 404
