"""The leadership's chain: who is waited for, in which order, and what each answer does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

import config
from newsroom import approval, people
from newsroom.approval import Signature, current, mine, seats, waiting_words
from newsroom.editing import edit
from newsroom.models import Approval, Contributor, Person, Right, Role, State, Story
from newsroom.roles import RIGHTS
from newsroom.workflow import MOVES, MoveRefused, Overtaken, allowed, move
from tests.newsroom.leadership import CHAIN, deputy, leader, verified, with_chain
from tests.newsroom.screens import fresh, make_story
from tests.office import SETTINGS, Office

Use = Callable[[str], None]


@pytest.fixture
def kasi(office: Office, use: Use) -> Person:
    with_chain(use)
    return leader(office, "darto", "section_head", "Darto")


@pytest.fixture
def kabid(office: Office, kasi: Person) -> Person:
    return leader(office, "rina", "division_head", "Rina")


def due(story: Story) -> bool:
    return Story.objects.all().due().filter(pk=story.pk).exists()


def answers(story: Story) -> list[str]:
    return [row.answer or "open" for row in story.approvals.order_by("id")]


def test_without_a_chain_a_verified_story_goes_out_as_ever(office: Office, editor: Person) -> None:
    story = verified(office, editor)
    assert due(story)
    assert not story.approvals.exists()


def test_a_verified_story_waits_for_each_step_in_order(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    story = verified(office, editor)
    assert (story.state, due(story)) == (State.VERIFIED, False)
    with pytest.raises(MoveRefused, match="Kasi"):
        move(fresh(story), "approve", kabid)
    move(fresh(story), "approve", kasi)
    assert not due(story)
    move(fresh(story), "approve", kabid)
    assert due(story)
    assert answers(story) == ["approved", "approved"]


def test_the_worker_releases_it_after_the_last_step_and_by_no_other_way_before(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    story = verified(office, editor)
    with pytest.raises(Overtaken):
        move(story, "release", None)
    assert fresh(story).state == State.VERIFIED
    move(fresh(story), "approve", kasi)
    move(fresh(story), "approve", kabid)
    move(fresh(story), "release", None)
    assert fresh(story).state == State.RELEASED


def test_an_embargo_holds_after_the_chain(office: Office, editor: Person, kasi: Person, use: Use) -> None:
    with_chain(use, "chain: [section_head]")
    story = verified(office, editor, embargo_until=timezone.now() + timedelta(hours=3))
    move(story, "approve", kasi)
    assert not due(story)


def test_only_the_named_categories_need_the_chain(
    office: Office, editor: Person, kasi: Person, use: Use
) -> None:
    with_chain(use, f"{CHAIN}, categories: [Pemerintahan]")
    assert due(verified(office, editor, 1, category="Olahraga"))
    assert not due(verified(office, editor, 2, category=" pemerintahan "))


def test_a_changed_setting_leaves_stories_that_wait_as_they_were(
    office: Office, editor: Person, kasi: Person, use: Use
) -> None:
    story = verified(office, editor)
    use(SETTINGS)
    assert not due(story)
    move(fresh(story), "approve", kasi)
    assert current(fresh(story))


def test_the_page_says_whom_the_story_waits_for(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    story = verified(office, editor)
    step = current(story)
    assert step and waiting_words(step) == "Menunggu persetujuan Kasi / Kasubag: Darto"
    move(story, "approve", kasi)
    step = current(fresh(story))
    assert step and waiting_words(step) == "Menunggu persetujuan Kabid: Rina"


def test_a_deputy_acts_in_the_place_of_the_absent_holder_and_is_named_so(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    stand_in = leader(office, "sari", "operator", "Sari")
    deputy(stand_in, "section_head", kasi)
    story = verified(office, editor)
    step = current(story)
    assert step and waiting_words(step) == (
        "Menunggu persetujuan Kasi / Kasubag: Plh. Kasi / Kasubag Sari (menggantikan Darto)"
    )
    move(fresh(story), "approve", Person.objects.get(pk=stand_in.pk))
    row = story.approvals.get(step=1)
    assert (row.by, row.title, row.instead_of) == (stand_in, "Plh. Kasi / Kasubag", kasi)
    entry = story.log.get(verb="approve")
    assert entry.by == stand_in
    assert entry.note == "Plh. Kasi / Kasubag (menggantikan Darto)"


@pytest.mark.parametrize("days", [(-5, -1), (1, 4)], ids=["over", "not yet"])
def test_a_deputy_acts_from_day_to_day_and_not_outside(
    office: Office, editor: Person, kasi: Person, days: tuple[int, int]
) -> None:
    stand_in = leader(office, "sari", "division_head", "Sari")
    today = timezone.localdate()
    starts, ends = (today + timedelta(days=day) for day in days)
    deputy(stand_in, "section_head", kasi, starts=starts, ends=ends)
    with pytest.raises(MoveRefused, match="tidak memegang jabatan"):
        move(verified(office, editor), "approve", stand_in)


def test_a_closed_account_answers_nothing(office: Office, editor: Person, kasi: Person) -> None:
    story = verified(office, editor)
    people.close(kasi, office.person("admin", "admin"))
    with pytest.raises(MoveRefused, match="tidak berwenang"):
        move(story, "approve", kasi)
    assert seats("section_head") == []


def test_a_step_nobody_holds_says_what_to_do(office: Office, editor: Person, use: Use) -> None:
    with_chain(use)
    step = current(verified(office, editor))
    assert step and "menunjuk Plt. atau Plh." in waiting_words(step)


@pytest.mark.parametrize("wrote", ["made it", "sent it in"])
def test_nobody_answers_for_their_own_story(office: Office, editor: Person, kasi: Person, wrote: str) -> None:
    story = verified(office, editor, author=kasi if wrote == "made it" else None)
    if wrote == "sent it in":
        Contributor.objects.filter(pk=story.contributor_id).update(person=kasi)
    for verb in ("approve", "ask_changes", "refuse"):
        with pytest.raises(MoveRefused, match="beritanya sendiri"):
            move(fresh(story), verb, kasi, "Alasan.")
    step = current(story)
    assert step and "tidak ada yang dapat" in waiting_words(step)
    assert list(mine(kasi)) == []


def test_asking_for_changes_puts_the_story_back_and_the_chain_begins_anew(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    story = verified(office, editor)
    move(fresh(story), "approve", kasi)
    with pytest.raises(MoveRefused, match="Catatan untuk editor wajib"):
        move(fresh(story), "ask_changes", kabid)
    move(fresh(story), "ask_changes", kabid, "Sebutkan jumlah peserta.")
    story = fresh(story)
    assert (story.state, answers(story)) == (State.QUEUED, ["approved", "changes"])
    assert story.log.get(verb="ask_changes").note == "Kabid. Sebutkan jumlah peserta."
    move(story, "verify", editor)
    assert answers(story) == ["approved", "changes", "open", "open"]
    assert not due(story)


def test_a_refusal_rejects_the_story_and_keeps_the_reason(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    story = verified(office, editor)
    move(fresh(story), "refuse", kasi, "Kegiatan ini tertutup.")
    assert fresh(story).state == State.SPIKED
    assert answers(story) == ["refused", "void"]
    assert story.approvals.get(step=1).note == "Kegiatan ini tertutup."


@pytest.mark.parametrize("verb", ["reopen", "spike"])
def test_an_editor_ends_the_waiting(office: Office, editor: Person, kasi: Person, verb: str) -> None:
    story = verified(office, editor)
    move(story, verb, editor, "Ada yang keliru.")
    assert answers(story) == ["void", "void"]
    with pytest.raises(MoveRefused):
        move(fresh(story), "approve", kasi)


def test_of_two_deputies_at_once_the_second_is_told(office: Office, editor: Person, kasi: Person) -> None:
    stand_in = leader(office, "sari", "division_head", "Sari")
    deputy(stand_in, "section_head", kasi)
    stand_in = Person.objects.get(pk=stand_in.pk)
    story = verified(office, editor)
    step = current(story)
    assert step
    first, second = fresh(story), fresh(story)
    move(first, "approve", kasi, signature=Signature(step.pk))
    with pytest.raises(Overtaken, match="Darto baru saja"):
        move(second, "approve", stand_in, signature=Signature(step.pk))
    assert story.approvals.get(step=1).by == kasi
    assert story.approvals.get(step=2).answer == ""


def test_who_holds_two_offices_answers_each_by_itself(office: Office, editor: Person, kasi: Person) -> None:
    deputy(kasi, "division_head")
    kasi = Person.objects.get(pk=kasi.pk)
    story = verified(office, editor)
    step = current(story)
    assert step
    move(fresh(story), "approve", kasi, signature=Signature(step.pk))
    with pytest.raises(Overtaken):  # a second click on the same button
        move(fresh(story), "approve", kasi, signature=Signature(step.pk))
    assert not due(story)
    move(fresh(story), "approve", kasi)
    assert due(story)
    assert story.approvals.get(step=2).title == "Plh. Kabid"


def test_an_editor_who_reopens_while_the_chief_presses_is_the_quicker_one(
    office: Office, editor: Person, kasi: Person
) -> None:
    seen = verified(office, editor)
    move(fresh(seen), "reopen", editor)
    with pytest.raises(Overtaken):
        approval_of_what_was_seen(seen, kasi)
    assert fresh(seen).state == State.QUEUED
    assert answers(seen) == ["void", "void"]


def approval_of_what_was_seen(seen: Story, by: Person) -> None:
    """Let the move pass its questions as if they had been asked before the editor's click."""
    from newsroom.workflow import _moved

    with transaction.atomic():
        _moved(seen, "approve", MOVES["approve"], by, "", Signature())


def test_a_text_verified_again_is_not_approved_by_a_page_of_the_one_before(
    office: Office, editor: Person, kasi: Person
) -> None:
    seen = verified(office, editor)
    now = fresh(seen)
    move(now, "reopen", editor)
    edit(now, editor, {"body": "Isi yang lain sama sekali."}, seen=now.revision_id)
    move(now, "verify", editor)
    with pytest.raises(Overtaken):
        move(seen, "approve", kasi)
    assert answers(seen)[2:] == ["open", "open"]


def test_a_chief_skips_a_step_only_where_the_setting_allows_and_with_a_reason(
    office: Office, editor: Person, kasi: Person, kabid: Person, second_editor: Person, use: Use
) -> None:
    story = verified(office, editor)
    with pytest.raises(MoveRefused, match="tidak boleh dilewati"):
        move(fresh(story), "skip_approval", second_editor, "Kasi di pesawat.")
    with_chain(use, f"{CHAIN}, skip: true")
    with pytest.raises(MoveRefused, match="Alasan melewati tahap wajib"):
        move(fresh(story), "skip_approval", second_editor)
    with pytest.raises(MoveRefused, match="kepala redaksi"):
        move(fresh(story), "skip_approval", kasi, "Mau cepat.")
    move(fresh(story), "skip_approval", second_editor, "Kasi di pesawat.")
    row = story.approvals.get(step=1)
    assert (row.answer, row.by, row.note) == ("skipped", second_editor, "Kasi di pesawat.")
    assert story.log.get(verb="skip_approval").note == "Tahap Kasi / Kasubag. Kasi di pesawat."
    assert not due(story)


def test_corrections_do_not_wait_for_the_chain(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    story = verified(office, editor)
    for person in (kasi, kabid):
        move(fresh(story), "approve", person)
    story = fresh(story)
    move(story, "release", None)
    edit(story, editor, {"body": "Isi yang diralat."}, seen=story.revision_id)
    move(story, "correct", editor, "Jumlah peserta diperbaiki.")
    assert (fresh(story).state, fresh(story).version) == (State.RELEASED, 2)
    assert story.approvals.count() == 2


def test_what_waits_for_the_leadership_is_not_called_overdue_nor_just_after(
    office: Office, editor: Person, kasi: Person, use: Use
) -> None:
    with_chain(use, "chain: [section_head]")
    story = verified(office, editor)
    long_ago = timezone.now() - timedelta(hours=5)
    Story.objects.filter(pk=story.pk).update(sealed_at=long_ago)
    assert not Story.objects.all().overdue().exists()
    move(fresh(story), "approve", kasi)
    assert not Story.objects.all().overdue().exists()
    Approval.objects.update(answered_at=long_ago)
    assert Story.objects.all().overdue().exists()


def test_the_two_hours_of_publishing_run_on_while_the_leadership_is_waited_for(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    story = verified(office, editor)
    before = fresh(story).due_at
    move(fresh(story), "approve", kasi)
    assert fresh(story).due_at == before


def test_my_list_holds_what_waits_for_me_now_and_nothing_else(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    first, second = verified(office, editor, 1), verified(office, editor, 2)
    assert [row.story for row in mine(kasi)] == [first, second]
    assert list(mine(kabid)) == list(mine(editor)) == []
    move(fresh(first), "approve", kasi)
    assert [row.story for row in mine(kasi)] == [second]
    assert [row.story for row in mine(kabid)] == [first]
    move(fresh(second), "reopen", editor)
    assert list(mine(kasi)) == []


def test_the_chains_moves_are_no_buttons_of_the_decision_bar(
    office: Office, editor: Person, kasi: Person
) -> None:
    assert set(allowed(verified(office, editor), kasi)) == {"spike", "reopen"}


def test_one_step_of_one_text_has_one_row(office: Office, editor: Person, kasi: Person) -> None:
    story = verified(office, editor)
    row = story.approvals.get(step=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.create(story=story, revision=row.revision, step=1, role=row.role)


def test_every_office_of_the_setting_may_approve_and_the_others_are_refused() -> None:
    from typing import get_args

    from config.approval import Office as OfficeName

    assert set(get_args(OfficeName)) == {role for role in Role.values if Right.APPROVE in RIGHTS[role]}


@pytest.mark.parametrize(
    "rules", ["chain: [editor]", "chain: [secretary, secretary]", "hours: 0", "hours: 49"]
)
def test_a_chain_that_cannot_be_is_refused_at_the_start(use: Use, rules: str) -> None:
    with pytest.raises(config.SettingsError):
        use(f"{SETTINGS}approval: {{{rules}}}\n")


def test_a_note_with_an_identity_number_is_masked(office: Office, editor: Person, kasi: Person) -> None:
    story = verified(office, editor)
    move(story, "refuse", kasi, "Memuat NIK 6271011203900001 milik warga.")
    assert "6271011203900001" not in story.approvals.get(step=1).note
    assert "6271011203900001" not in story.log.get(verb="refuse").note


def test_an_open_step_is_found_by_the_chains_own_order_only(
    office: Office, editor: Person, kasi: Person, kabid: Person
) -> None:
    make_story(office, 7)
    story = verified(office, editor)
    assert approval.current(make_story(office, 8)) is None
    assert [row.step for row in Approval.objects.all().current()] == [1]
    move(fresh(story), "approve", kasi)
    assert [row.step for row in Approval.objects.all().current()] == [2]
