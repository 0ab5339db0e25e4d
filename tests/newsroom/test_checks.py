"""Checks on a story's page: what is told, mended and left alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.management import call_command
from django.urls import reverse

from newsroom.findings import Told, look_over
from newsroom.models import Abbreviation, Person, Spelling, State, Story
from tests.newsroom.screens import enter, form_of, fresh, make_story, page, save, text_of
from tests.office import SETTINGS, Office

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _lists(office: Office) -> None:
    Abbreviation.objects.all().delete()
    Spelling.objects.all().delete()
    Spelling.objects.create(wrong="Walikota", right="Wali Kota")


def told(story: Story, rule: str) -> list[Told]:
    return [item for item in look_over(fresh(story)) if item.first.rule == rule]


def finding(view: str, story: Story, item: Told) -> str:
    return reverse(view, args=[story.pk, item.name])


def test_the_page_tells_each_finding_once_with_its_words_and_how_often(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body="Walikota hadir. Sore itu Walikota pulang.", headline="Walikota Hadir")
    words = text_of(enter(editor).get(page(story)))
    assert words.count("Ejaan di kantor ini: Wali Kota.") == 1
    assert "Judul · 3× · Walikota" in words


def test_a_story_without_findings_says_so(office: Office, editor: Person) -> None:
    story = make_story(office, photos=0, body="Rapat dibuka.")
    assert "Tidak ada yang perlu diperbaiki." in text_of(enter(editor).get(page(story)))


def test_what_is_being_written_is_checked_before_it_is_saved(office: Office, editor: Person) -> None:
    story = make_story(office, photos=0)
    client = enter(editor)
    fields = {**form_of(client.get(page(story))), "body": "Rapat dibuka.\r\n\r\nWalikota hadir."}
    answer = client.post(reverse("findings", args=[story.pk]), fields)
    assert "Wali Kota" in text_of(answer)
    assert fresh(story).body == story.body


def test_a_fix_is_made_in_the_saved_text_with_the_words_typed_before_it_and_can_be_undone(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body="Walikota hadir.", headline="Rapat Walikota")
    client = enter(editor)
    fields = {**form_of(client.get(page(story))), "byline_editor": "bram"}
    (item,) = told(story, "spelling")
    answer = client.post(finding("fix_finding", story, item), fields, follow=True)
    after = fresh(story)
    assert (after.body, after.headline, after.byline_editor) == (
        "Wali Kota hadir.",
        "Rapat Wali Kota",
        "bram",
    )
    assert after.revision is not None
    assert (after.revision.why, after.revision.by) == ("fix", editor)
    client.post(reverse("undo_text", args=[story.pk]), form_of(answer))
    assert (fresh(story).body, fresh(story).byline_editor) == ("Walikota hadir.", "bram")


def test_a_fix_in_a_caption_is_saved_with_the_photo(office: Office, editor: Person) -> None:
    story = make_story(office)
    photo = story.photos.get()
    story.photos.update(caption="Walikota hadir.")
    (item,) = told(story, "spelling")
    client = enter(editor)
    client.post(finding("fix_finding", story, item), form_of(client.get(page(story))))
    photo.refresh_from_db()
    assert photo.caption == "Wali Kota hadir."
    assert fresh(story).revision.photos[0]["caption"] == "Wali Kota hadir."  # type: ignore[union-attr]


def test_of_two_people_the_second_s_fix_overwrites_nothing(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office, body="Walikota hadir.")
    first, second = enter(editor), enter(second_editor)
    seen = form_of(second.get(page(story)))
    (item,) = told(story, "spelling")
    first.post(save(story), {**form_of(first.get(page(story))), "body": "Walikota datang."})
    assert second.post(finding("fix_finding", story, item), seen).status_code == 409
    assert fresh(story).body == "Walikota datang."


def test_a_word_that_changed_meanwhile_is_left_alone_and_that_is_said(office: Office, editor: Person) -> None:
    story = make_story(office, body="Walikota hadir.")
    (item,) = told(story, "spelling")
    client = enter(editor)
    fields = {**form_of(client.get(page(story))), "body": "Camat hadir."}
    answer = client.post(finding("fix_finding", story, item), fields, follow=True)
    assert "Kata itu sudah berubah" in text_of(answer)
    assert fresh(story).body == "Camat hadir."


def test_an_ignored_finding_stays_silent_in_this_story_alone_until_all_are_shown_again(
    office: Office, editor: Person
) -> None:
    story, other = (make_story(office, number, body="Walikota hadir.", photos=0) for number in (1, 2))
    client = enter(editor)
    (item,) = told(story, "spelling")
    client.post(finding("ignore_finding", story, item), form_of(client.get(page(story))))
    Story.objects.filter(pk=story.pk).update(body="Hujan turun. Walikota hadir juga.")
    assert told(story, "spelling") == []
    assert len(told(other, "spelling")) == 1
    assert story.log.filter(verb="ignore_finding", by=editor).count() == 1
    assert "1 temuan diabaikan" in text_of(client.get(page(story)))
    client.post(reverse("heed_findings", args=[story.pk]), form_of(client.get(page(story))))
    assert len(told(story, "spelling")) == 1


def test_ignoring_from_the_page_s_script_answers_with_the_panel_and_saves_no_words(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body="Walikota hadir.", photos=0)
    client = enter(editor)
    (item,) = told(story, "spelling")
    fields = {**form_of(client.get(page(story))), "byline_editor": "belum disimpan"}
    answer = client.post(finding("ignore_finding", story, item), fields, headers={"HX-Request": "true"})
    assert "1 temuan diabaikan" in text_of(answer)
    assert fresh(story).byline_editor == ""


def test_what_is_ignored_is_listed_with_who_and_why_and_each_comes_back_by_itself(
    office: Office, editor: Person
) -> None:
    story = make_story(office, body="Walikota hadir.  Lalu pulang.", photos=0)
    client = enter(editor)
    (spelled,), (spaced,) = told(story, "spelling"), told(story, "spacing")
    reason = {f"alasan-{spelled.name}": "  Nama  rapat, NIK 6271012304950001. "}
    for item in (spelled, spaced):
        fields = {**form_of(client.get(page(story))), **reason}
        client.post(finding("ignore_finding", story, item), fields)
    words = text_of(client.get(page(story)))
    assert "2 temuan diabaikan" in words
    assert "Bram" in words
    assert "Nama rapat, NIK 62710" in words
    entry = story.log.get(verb="ignore_finding", note__startswith="spelling")
    assert entry.note.startswith("spelling: Walikota – Nama rapat")
    assert "6271012304950001" not in words + entry.note
    client.post(finding("heed_finding", story, spelled), form_of(client.get(page(story))))
    assert len(told(story, "spelling")) == 1
    assert told(story, "spacing") == []


def test_the_panel_says_so_when_somebody_else_has_saved_meanwhile(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office, body="Walikota hadir.", photos=0)
    first, second = enter(editor), enter(second_editor)
    seen = form_of(second.get(page(story)))
    panel = reverse("findings", args=[story.pk])
    assert "menyimpan berita ini" not in text_of(second.post(panel, seen))
    first.post(save(story), {**form_of(first.get(page(story))), "body": "Walikota datang."})
    assert "Bram menyimpan berita ini sesudah Anda membukanya" in text_of(second.post(panel, seen))
    assert "tidak ada yang tertimpa" in text_of(second.post(panel, seen))
    own = {**form_of(first.get(page(story))), "seen": seen["seen"]}
    assert "Anda menyimpan berita ini di layar lain" in text_of(first.post(panel, own))


def test_ignoring_twice_is_ignoring_once(office: Office, editor: Person) -> None:
    story = make_story(office, body="Walikota hadir.", photos=0)
    client = enter(editor)
    (item,) = told(story, "spelling")
    for _turn in range(2):
        client.post(finding("ignore_finding", story, item), form_of(client.get(page(story))))
    assert story.log.filter(verb="ignore_finding").count() == 1


def test_who_may_not_write_sees_findings_without_buttons(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office, body="Walikota hadir.", photos=0)
    answer = enter(writer).get(page(story))
    assert "Ejaan di kantor ini" in text_of(answer)
    assert "Perbaiki" not in text_of(answer)
    (item,) = told(story, "spelling")
    enter(writer).post(finding("fix_finding", story, item), {})
    enter(writer).post(finding("ignore_finding", story, item), {})
    enter(writer).post(finding("ignore_finding", story, item), {}, headers={"HX-Request": "true"})
    assert len(told(story, "spelling")) == 1
    assert fresh(story).body == "Walikota hadir."


def test_places_are_counted_as_browsers_count(office: Office, editor: Person) -> None:
    story = make_story(office, body="😀👩‍🌾 e\u0301 Walikota hadir.", photos=0)
    (item,) = told(story, "spelling")
    (spot,) = json.loads(item.data)
    name, start, end, old, fix = spot
    units = story.body.encode("utf-16-le")
    assert units[start * 2 : end * 2].decode("utf-16-le") == old == "Walikota"
    assert (name, fix) == ("body", "Wali Kota")


def test_a_rule_the_settings_switch_off_is_silent(office: Office, use: Callable[[str], None]) -> None:
    story = make_story(office, body="Walikota hadir.")
    assert {item.first.rule for item in look_over(story)} >= {"spelling", "alt"}
    use(SETTINGS + "checks: {off: [spelling, alt]}\n")
    assert not {item.first.rule for item in look_over(story)} & {"spelling", "alt"}


def test_a_rule_that_is_switched_off_by_a_wrong_name_is_told(use: Callable[[str], None], capsys: Any) -> None:
    use(SETTINGS + "checks: {off: [speling]}\n")
    call_command("check")
    assert re.search("speling.*docs/checks.md", capsys.readouterr().err, re.S)


def test_a_pair_out_of_use_is_not_looked_for(office: Office) -> None:
    story = make_story(office, body="Walikota hadir.")
    Spelling.objects.update(active=False)
    assert told(story, "spelling") == []


def test_findings_keep_no_story_from_being_verified(office: Office, editor: Person) -> None:
    story = make_story(office, body="Walikota hadir, Selasa (31/3/2025).")
    assert look_over(story)[0].first.grave
    client = enter(editor)
    client.post(reverse("decide", args=[story.pk, "verify"]), form_of(client.get(page(story))))
    assert fresh(story).state == State.VERIFIED
