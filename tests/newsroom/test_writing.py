"""Words typed and not saved yet: kept by the server, continued elsewhere, never mixed up, gone once saved."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from django.test import Client
from django.urls import reverse

from newsroom.models import Draft, Person, Story
from tests.newsroom.screens import decide, enter, form_of, fresh, make_story, page, save, text_of
from tests.office import Office


def type_in(client: Client, story: Story, person: Person, window: str, **how: Any) -> Any:
    """Send what a window's script sends."""
    sent = {"page": window, "person": person.pk, "seen": story.revision_id, "words": {}, "turns": {}, **how}
    return client.post(reverse("draft", args=[story.pk]), json.dumps(sent), content_type="application/json")


def words_of(story: Story, person: Person) -> dict[str, Any]:
    row = Draft.objects.filter(story=story, person=person).first()
    return {name: word["value"] for name, word in row.words.items()} if row else {}


def known(window: str, **turns: int) -> dict[str, str]:
    return {"draf": json.dumps({"page": window, "turns": turns})}


def test_what_is_typed_is_kept_without_a_revision_and_lies_there_when_the_page_is_opened_again(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    client = enter(editor)
    answer = type_in(client, story, editor, "satu", words={"body": "Setengah kalimat"})
    assert answer.json()["turns"] == {"body": 1}
    assert story.revisions.count() == 1
    assert fresh(story).body != "Setengah kalimat"
    elsewhere = enter(editor).get(page(story))
    assert json.loads(elsewhere.context["draft"])["words"]["body"]["value"] == "Setengah kalimat"
    other = enter(second_editor).get(page(story))
    assert json.loads(other.context["draft"])["words"] == {}, "a draft is its writer's alone"


def test_two_windows_of_one_person_add_to_one_draft_and_tell_each_other(
    office: Office, editor: Person
) -> None:
    story, client = make_story(office), enter(editor)
    type_in(client, story, editor, "satu", words={"headline": "Judul dari satu"})
    answer = type_in(client, story, editor, "dua", words={"body": "Isi dari dua"}).json()
    assert answer["elsewhere"]["headline"]["value"] == "Judul dari satu"
    assert words_of(story, editor) == {"headline": "Judul dari satu", "body": "Isi dari dua"}


def test_the_same_field_in_two_windows_is_asked_about_not_overwritten(office: Office, editor: Person) -> None:
    story, client = make_story(office), enter(editor)
    type_in(client, story, editor, "satu", words={"body": "Dari satu"})
    answer = type_in(client, story, editor, "dua", words={"body": "Dari dua"}).json()
    assert answer["clashes"]["body"]["value"] == "Dari satu"
    assert words_of(story, editor) == {"body": "Dari satu"}
    # Having read it, the second may write over it; the first, sending on, learns so.
    type_in(client, story, editor, "dua", words={"body": "Dari dua"}, turns={"body": 1})
    assert words_of(story, editor) == {"body": "Dari dua"}
    answer = type_in(
        client, story, editor, "satu", words={"body": "Dari satu lagi"}, turns={"body": 1}
    ).json()
    assert answer["clashes"]["body"]["value"] == "Dari dua"


def test_a_field_put_back_as_it_is_saved_leaves_the_draft(office: Office, editor: Person) -> None:
    story, client = make_story(office), enter(editor)
    type_in(client, story, editor, "satu", words={"body": "Dari satu", "headline": "Judul"})
    answer = type_in(client, story, editor, "satu", words={"body": None}, turns={"body": 1, "headline": 1})
    assert answer.json()["turns"] == {"body": 0}
    assert words_of(story, editor) == {"headline": "Judul"}
    again = type_in(client, story, editor, "dua", turns={"body": 1}).json()
    assert again["gone"] == ["body"]


def test_saving_clears_the_draft_and_what_the_window_sends_late_is_not_kept_again(
    office: Office, editor: Person
) -> None:
    story, client = make_story(office), enter(editor)
    form = form_of(client.get(page(story)))
    type_in(client, story, editor, "satu", words={"body": "Isi ba"})
    client.post(save(story), form | {"body": "Isi baru"} | known("satu", body=1))
    assert fresh(story).body == "Isi baru"
    type_in(client, story, editor, "satu", words={"body": "Isi bar"}, turns={"body": 1})
    assert words_of(story, editor) == {}


def test_saving_keeps_what_another_window_wrote_and_this_one_never_saw(
    office: Office, editor: Person
) -> None:
    story, client = make_story(office), enter(editor)
    form = form_of(client.get(page(story)))
    type_in(client, story, editor, "satu", words={"headline": "Judul dari ponsel"})
    client.post(save(story), form | {"body": "Isi baru"} | known("dua"))
    assert words_of(story, editor) == {"headline": "Judul dari ponsel"}
    response = client.get(page(story))
    assert "Anda sendiri sudah mengubah berita ini" in text_of(response)
    merged = form_of(response)
    assert (merged["headline"], merged["body"]) == ("Judul dari ponsel", "Isi baru")


def test_a_draft_begun_before_another_saved_is_merged_and_both_are_shown(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    one, two = enter(editor), enter(second_editor)
    form = form_of(one.get(page(story)))
    type_in(two, story, second_editor, "dua", words={"body": "Isi Sulastri.", "category": "Kota"})
    one.post(save(story), form | {"body": "Isi Bram.", "headline": "Judul Bram"})
    late = type_in(two, story, second_editor, "dua", words={"body": "Isi Sulastri!"}, turns={"body": 1})
    assert late.json()["overtaken"] == "Bram"
    response = two.get(page(story))
    assert response.status_code == 200
    assert "Bram mengubah berita ini lebih dulu" in text_of(response)
    merged = form_of(response)
    assert (merged["headline"], merged["body"], merged["category"]) == ("Judul Bram", "Isi Sulastri!", "Kota")
    two.post(save(story), merged | known("tiga", body=2, category=1))
    assert fresh(story).body == "Isi Sulastri!"
    assert words_of(story, second_editor) == {}


def test_words_on_a_story_that_was_verified_meanwhile_can_be_copied_then_discarded(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    type_in(enter(editor), story, editor, "satu", words={"body": "Sejam menulis."})
    two = enter(second_editor)
    two.post(decide(story, "verify"), form_of(two.get(page(story))))
    client = enter(editor)
    assert "Sejam menulis." in text_of(client.get(page(story)))
    client.post(reverse("discard_draft", args=[story.pk]))
    assert "Sejam menulis." not in text_of(client.get(page(story)))


def test_a_draft_that_says_what_is_saved_anyway_asks_nothing(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    type_in(enter(editor), story, editor, "satu", words={"body": "Sama."})
    two = enter(second_editor)
    two.post(save(story), form_of(two.get(page(story))) | {"body": "Sama."})
    assert "lebih dulu" not in text_of(enter(editor).get(page(story)))
    assert words_of(story, editor) == {}


def test_a_later_text_is_not_mixed_with_words_begun_on_an_older_one(office: Office, editor: Person) -> None:
    story, client = make_story(office), enter(editor)
    old = story.revision_id
    client.post(save(story), form_of(client.get(page(story))) | {"body": "Isi baru"})
    story = fresh(story)
    type_in(client, story, editor, "dua", words={"headline": "Di atas yang baru"})
    stale = type_in(client, story, editor, "satu", seen=old, words={"body": "Di atas yang lama"})
    assert stale.status_code == 409
    assert words_of(story, editor) == {"headline": "Di atas yang baru"}


def test_a_refused_save_keeps_the_draft_and_shows_the_script_what_is_saved(
    office: Office, editor: Person
) -> None:
    story = make_story(office, embargo_until=datetime(2031, 1, 2, 1, 0, tzinfo=UTC))
    client = enter(editor)
    type_in(client, story, editor, "satu", words={"headline": ""})
    form = form_of(client.get(page(story)))
    response = client.post(save(story), form | {"headline": ""} | known("satu", headline=1))
    assert response.status_code == 422
    told = json.loads(response.context["draft"])
    assert told["saved"]["headline"] == story.headline
    assert told["saved"]["siteskota"] is True
    assert told["saved"]["embargo_until"] == "2031-01-02T08:00"
    assert told["posted"] == "satu"
    assert words_of(story, editor) == {"headline": ""}


def test_a_window_of_somebody_signed_out_or_someone_else_is_told_to_wait(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story = make_story(office)
    assert type_in(Client(), story, editor, "satu", words={"body": "x"}).status_code == 401
    assert type_in(enter(second_editor), story, editor, "satu", words={"body": "x"}).status_code == 401
    assert Draft.objects.count() == 0
    assert Client().get(reverse("draft_token", args=[story.pk])).status_code == 401
    assert enter(editor).get(reverse("draft_token", args=[story.pk])).json()["token"]


def test_what_no_script_of_ours_sends_is_refused(office: Office, editor: Person) -> None:
    story, client = make_story(office), enter(editor)
    for wrong in (
        {"words": {"body": 5}},
        {"words": {"nama dengan spasi": "x"}},
        {"words": {"body": "x" * 400_001}},
        {"turns": {"body": -1}},
        {"seen": 2**70},
        {"lain": 1},
        {"page": ""},
    ):
        assert type_in(client, story, editor, "satu", **wrong).status_code == 400
    raw = client.post(reverse("draft", args=[story.pk]), b"\xff{", content_type="application/json")
    assert raw.status_code == 400
    assert client.post(save(story), form_of(client.get(page(story))) | {"draf": "{"}).status_code == 302


def test_a_contributors_draft_is_kept_while_the_story_is_theirs_to_mend(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office)
    enter(editor).post(
        decide(story, "send_back"), form_of(enter(editor).get(page(story))) | {"note_send_back": "Lengkapi."}
    )
    type_in(enter(writer), fresh(story), writer, "satu", words={"body": "Lengkap sekarang."})
    told = json.loads(enter(writer).get(page(story)).context["draft"])
    assert told["words"]["body"]["value"] == "Lengkap sekarang."
