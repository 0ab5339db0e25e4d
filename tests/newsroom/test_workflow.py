"""Who may move a story, and that of two who decide at once the second is told."""

from __future__ import annotations

import pytest

from newsroom.editing import EditRefused, edit, first_revision
from newsroom.models import LogEntry, Person, Revision, Right, State, Story
from newsroom.workflow import MOVES, MoveRefused, allowed, move, why_not
from pipeline.prepare import queue_story
from tests.office import Office


@pytest.fixture
def story(office: Office) -> Story:
    contributor = office.contributor()
    contributor.person = office.person("nala", "contributor")
    contributor.save()
    made = queue_story(
        identity="uji",
        headline="Judul",
        body="Isi berita yang cukup.",
        contributor=contributor,
    )
    first_revision(made, "receive")
    return made


def test_every_move_is_one_log_line_with_who_what_and_when(office: Office, story: Story) -> None:
    editor = office.person()
    move(story, "verify", editor)
    entry = LogEntry.objects.filter(story=story).latest("id")
    assert (entry.verb, entry.by, entry.version) == ("verify", editor, 1)


def test_nobody_verifies_their_own_story(office: Office, story: Story) -> None:
    author = Person.objects.get(username="nala")
    Person.objects.filter(pk=author.pk).update(role="editor")
    author.refresh_from_db()
    with pytest.raises(MoveRefused, match="Penulis tidak boleh"):
        move(story, "verify", author)
    assert "verify" not in allowed(story, author)
    assert "verify" in allowed(story, office.person())


def test_a_correction_needs_other_eyes_than_the_authors(office: Office, story: Story) -> None:
    author = Person.objects.get(username="nala")
    Person.objects.filter(pk=author.pk).update(role="editor")
    author.refresh_from_db()
    Story.objects.filter(pk=story.pk).update(state="released")
    story.refresh_from_db()
    assert "Penulis tidak boleh" in why_not(story, "correct", author)


@pytest.mark.parametrize("role", ["contributor", "operator"])
def test_only_editors_decide(office: Office, story: Story, role: str) -> None:
    person = office.person(role, role)
    for verb in ("verify", "send_back", "spike"):
        with pytest.raises(MoveRefused, match="tidak berwenang"):
            move(story, verb, person, "catatan")
    story.refresh_from_db()
    assert story.state == State.QUEUED


def test_an_account_that_was_closed_decides_nothing(office: Office, story: Story) -> None:
    gone = office.person("mantan")
    gone.is_active = False
    gone.save()
    with pytest.raises(MoveRefused):
        move(story, "verify", gone)


def test_the_program_itself_verifies_nothing(office: Office, story: Story) -> None:
    with pytest.raises(MoveRefused):
        move(story, "verify", None)
    with pytest.raises(MoveRefused, match="dilakukan sendiri"):
        Story.objects.filter(pk=story.pk).update(state="verified")
        story.refresh_from_db()
        move(story, "release", office.person())


def test_of_two_editors_who_decide_at_once_the_second_is_told(office: Office, story: Story) -> None:
    as_seen_by_the_second = Story.objects.get(pk=story.pk)
    move(story, "spike", office.person("satu", name="Editor Satu"), "Bukan berita.")
    with pytest.raises(MoveRefused, match="Editor Satu baru saja mengubah"):
        move(as_seen_by_the_second, "verify", office.person("dua"))
    story.refresh_from_db()
    assert story.state == "spiked"


def test_a_decision_on_a_text_that_has_changed_since_is_refused(office: Office, story: Story) -> None:
    as_seen = Story.objects.get(pk=story.pk)
    edit(story, office.person("satu", name="Editor Satu"), {"body": "Isi lain."}, seen=story.revision_id)
    with pytest.raises(MoveRefused, match="Editor Satu"):
        move(as_seen, "verify", office.person("dua"))


def test_of_two_who_write_at_once_the_second_is_told_and_overwrites_nothing(
    office: Office, story: Story
) -> None:
    seen = story.revision_id
    second = Story.objects.get(pk=story.pk)
    edit(story, office.person("satu", name="Editor Satu"), {"headline": "Dari satu"}, seen=seen)
    with pytest.raises(EditRefused, match="Editor Satu menyimpan berita ini lebih dulu"):
        edit(second, office.person("dua"), {"headline": "Dari dua"}, seen=seen)
    story.refresh_from_db()
    assert story.headline == "Dari satu"
    assert Revision.objects.filter(story=story).count() == 2


def test_saving_the_same_text_again_makes_no_revision(office: Office, story: Story) -> None:
    assert edit(story, office.person(), {"headline": "Judul"}, seen=story.revision_id) is None
    assert Revision.objects.filter(story=story).count() == 1


@pytest.mark.parametrize(
    ("verb", "state"),
    [("spike", "queued"), ("send_back", "queued"), ("correct", "released"), ("retract", "released")],
)
def test_what_must_be_explained_needs_a_note(office: Office, story: Story, verb: str, state: str) -> None:
    Story.objects.filter(pk=story.pk).update(state=state)
    story.refresh_from_db()
    with pytest.raises(MoveRefused, match="wajib diisi"):
        move(story, verb, office.person(), "   ")


def test_the_undoing_verbs_bring_a_story_back(office: Office, story: Story) -> None:
    editor = office.person()
    move(story, "spike", editor, "Keliru.")
    move(story, "unspike", editor)
    assert story.state == "queued"
    move(story, "verify", editor)
    move(story, "reopen", editor)
    assert story.state == "queued"


def test_a_contributor_sends_a_returned_story_again_but_not_somebody_elses(
    office: Office, story: Story
) -> None:
    move(story, "send_back", office.person(), "Lengkapi.")
    with pytest.raises(MoveRefused):
        move(story, "resubmit", office.person("lain", "contributor"))
    move(story, "resubmit", Person.objects.get(username="nala"))
    assert story.state == "queued"


def test_a_verified_text_cannot_be_written_on(office: Office, story: Story) -> None:
    editor = office.person()
    move(story, "verify", editor)
    with pytest.raises(EditRefused):
        edit(story, editor, {"headline": "Lain"}, seen=story.revision_id)


@pytest.mark.parametrize("missing", ["headline", "body"])
def test_a_story_without_headline_or_text_is_not_verified(office: Office, story: Story, missing: str) -> None:
    Story.objects.filter(pk=story.pk).update(**{missing: " "})
    story.refresh_from_db()
    with pytest.raises(MoveRefused):
        move(story, "verify", office.person())


def test_a_story_bound_for_no_site_is_not_verified(office: Office, story: Story) -> None:
    Story.objects.filter(pk=story.pk).update(sites=[])
    story.refresh_from_db()
    with pytest.raises(MoveRefused, match="situs"):
        move(story, "verify", office.person())


def test_a_photo_of_a_child_without_consent_stops_verification(office: Office, story: Story) -> None:
    photo = story.photos.create(sha256="0" * 64, child=True, caption="Anak-anak bermain")
    with pytest.raises(MoveRefused, match="tanpa izin"):
        move(story, "verify", office.person())
    photo.consent, photo.consent_from = "written", "orang tua, formulir 12"
    photo.save()
    move(story, "verify", office.person())


def test_every_move_leads_from_somewhere_to_somewhere_by_somebody() -> None:
    for verb, rule in MOVES.items():
        assert rule.sources, verb
        assert rule.right == (Right.APPROVE if rule.answers else Right.EDIT), verb


def test_an_unknown_verb_is_refused(office: Office, story: Story) -> None:
    with pytest.raises(MoveRefused, match="tidak dikenal"):
        move(story, "delete", office.person())
