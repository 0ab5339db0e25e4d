"""The desk's comments: internal, escaped, masked; people called by name are told."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from newsroom.comments import CHANGE_WITHIN, add
from newsroom.models import Comment, Mention, Person, Story
from tests.newsroom.screens import enter, form_of, fresh, make_story, page, text_of
from tests.office import Office


def write(client: Client, story: Story, text: str) -> Any:
    return client.post(
        reverse("add_comment", args=[story.pk]), {"komentar": text}, headers={"HX-Request": "true"}
    )


def act(client: Client, name: str, comment: Comment, **sent: str) -> Any:
    address = reverse(name, args=[comment.story_id, comment.pk])
    return client.post(address, sent, headers={"HX-Request": "true"})


def test_a_comment_is_shown_to_the_desk_and_never_to_the_contributor(
    office: Office, editor: Person, second_editor: Person, writer: Person
) -> None:
    story = make_story(office)
    write(enter(editor), story, "Angkanya diragukan.")
    assert "Angkanya diragukan." in text_of(enter(second_editor).get(page(story)))
    shown = enter(writer).get(page(story)).content.decode()
    assert "Angkanya diragukan." not in shown
    assert "Komentar redaksi" not in shown
    assert write(enter(writer), story, "Halo").status_code == 403
    assert enter(writer).get(reverse("comments", args=[story.pk])).status_code == 403


def test_marks_are_shown_and_everything_else_is_escaped(office: Office, editor: Person) -> None:
    story = make_story(office)
    text = "**Penting** dan *pelan* <script>x</script> https://kota.contoh.example/a?b=1&c=2 a@b **<i>x</i>**"
    shown = write(enter(editor), story, text).content.decode()
    assert "<strong>Penting</strong> dan <em>pelan</em> &lt;script&gt;x&lt;/script&gt;" in shown
    assert 'href="https://kota.contoh.example/a?b=1&amp;c=2"' in shown
    assert "<strong>&lt;i&gt;x&lt;/i&gt;</strong>" in shown


def test_identity_numbers_are_masked_before_they_are_kept(office: Office, editor: Person) -> None:
    story = make_story(office)
    write(enter(editor), story, "NIK-nya 6471011505900001, benar?")
    assert "6471011505900001" not in Comment.objects.get().text


def test_who_is_called_finds_it_counted_in_the_frame_and_listed_until_read(
    office: Office, editor: Person, second_editor: Person
) -> None:
    story, two = make_story(office), enter(second_editor)
    write(enter(editor), story, "@sulastri mohon dilihat, @sulastri. @tidak-ada juga, dan surel a@sulastri.")
    assert Mention.objects.count() == 1
    assert two.get(reverse("more")).context["mention_count"] == 1
    listed = text_of(two.get(reverse("mentions")))
    assert "belum dibaca Sulastri mohon dilihat" in listed
    assert f'"tentang": "{story.pk}"' in two.get(page(story)).content.decode()
    two.post(reverse("read_mentions"), {"tentang": story.pk}, headers={"HX-Request": "true"})
    assert two.get(reverse("more")).context["mention_count"] == 0
    assert "sudah dibaca" in text_of(two.get(reverse("mentions")))


def test_contributors_cannot_be_called_and_nobody_calls_themselves(
    office: Office, editor: Person, writer: Person
) -> None:
    story = make_story(office)
    write(enter(editor), story, "@nala @bram")
    assert Mention.objects.count() == 0


def test_two_people_of_one_name_are_told_apart_by_their_accounts(office: Office, editor: Person) -> None:
    office.person("agus1", "editor", "Agus")
    called = office.person("agus2", "editor", "Agus")
    add(make_story(office), editor, "@Agus2 tolong")
    assert [row.person for row in Mention.objects.all()] == [called]


def test_ones_own_comment_can_be_changed_for_ten_minutes(
    office: Office, editor: Person, second_editor: Person
) -> None:
    comment = add(make_story(office), editor, "Salah ketik")
    field = f"komentar-{comment.pk}"
    act(enter(second_editor), "change_comment", comment, **{field: "Bukan milikku"})
    act(enter(editor), "change_comment", comment, **{field: "Benar, @sulastri"})
    comment.refresh_from_db()
    assert comment.text == "Benar, @sulastri"
    assert second_editor.mentions.count() == 1
    Comment.objects.update(at=timezone.now() - CHANGE_WITHIN - timedelta(seconds=1))
    told = act(enter(editor), "change_comment", comment, **{field: "Terlambat"})
    assert "Komentar hanya dapat diubah dalam 10 menit" in text_of(told)
    comment.refresh_from_db()
    assert comment.text == "Benar, @sulastri"


def test_ones_own_comment_is_deleted_with_a_trace(
    office: Office, editor: Person, second_editor: Person
) -> None:
    comment = add(make_story(office), editor, "Rahasia, @sulastri")
    assert "Hanya penulisnya" in text_of(act(enter(second_editor), "delete_comment", comment))
    shown = text_of(act(enter(editor), "delete_comment", comment))
    assert "Bram menghapus komentarnya" in shown
    assert "Rahasia" not in shown
    comment.refresh_from_db()
    assert comment.text == ""
    assert second_editor.mentions.count() == 0


def test_what_was_typed_stays_in_the_field_when_another_comment_is_dealt_with(
    office: Office, editor: Person
) -> None:
    story, client = make_story(office), enter(editor)
    comment, other = (add(story, editor, text) for text in ("Satu", "Dua"))

    def begun(answer: Any) -> str:
        return str(answer.content.decode()).partition('komentar-petunjuk">')[2].partition("</textarea>")[0]

    field = f"komentar-{comment.pk}"
    assert begun(act(client, "delete_comment", other, komentar="Baru separuh")) == "Baru separuh"
    sent = {"komentar": "Baru separuh", field: "Kesatu"}
    assert begun(act(client, "change_comment", comment, **sent)) == "Baru separuh"
    Comment.objects.update(at=timezone.now() - CHANGE_WITHIN - timedelta(seconds=1))
    late = act(client, "change_comment", comment, **{field: "Ralat yang panjang"})
    assert begun(late) == "Ralat yang panjang", "to be sent as a new comment"
    assert begun(write(client, story, "Ralat yang panjang")) == ""


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4001])
def test_an_empty_or_endless_comment_is_refused_and_stays_in_the_field(
    office: Office, editor: Person, text: str
) -> None:
    shown = write(enter(editor), make_story(office), text)
    assert 'role="alert"' in shown.content.decode()
    assert text.strip() in shown.content.decode()
    assert Comment.objects.count() == 0


def test_a_long_thread_is_paged(office: Office, editor: Person) -> None:
    story = make_story(office)
    for number in range(45):
        Comment.objects.create(story=story, by=editor, text=f"Komentar nomor {number}.")
    client, seen, address = enter(editor), [], reverse("comments", args=[story.pk])
    for _ in range(3):
        shown = client.get(address)
        seen += [row.text for row in reversed(shown.context["comments"])]
        address = f"{reverse('comments', args=[story.pk])}?sebelum={shown.context['earlier']}"
    assert seen == [f"Komentar nomor {number}." for number in reversed(range(45))]


def test_without_script_a_comment_saves_what_was_typed_on_the_story_too(
    office: Office, editor: Person
) -> None:
    story, client = make_story(office), enter(editor)
    sent = form_of(client.get(page(story))) | {"body": "Isi baru.", "komentar": "Sudah saya ganti."}
    assert client.post(reverse("add_comment", args=[story.pk]), sent).status_code == 302
    assert fresh(story).body == "Isi baru."
    assert Comment.objects.get().text == "Sudah saya ganti."


def test_who_only_reads_reads_and_writes_nothing(office: Office, editor: Person) -> None:
    story = make_story(office)
    add(story, editor, "Untuk dibaca.")
    client = enter(office.person("penilai", "auditor"))
    shown = text_of(client.get(page(story)))
    assert "Untuk dibaca." in shown
    assert "Kirim komentar" not in shown
    assert write(client, story, "Halo").status_code == 403


def test_a_thread_costs_the_same_questions_however_long_it_is(
    office: Office, editor: Person, django_assert_max_num_queries: Any
) -> None:
    story, client = make_story(office), enter(editor)
    address = reverse("comments", args=[story.pk])
    client.get(address)
    for number in range(20):
        add(story, editor, f"Nomor {number}")
    with django_assert_max_num_queries(20):
        client.get(address)
