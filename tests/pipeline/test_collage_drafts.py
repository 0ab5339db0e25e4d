"""What editors do to a collage's draft, how it is made, and that no barred photo ever gets into one."""

from __future__ import annotations

import contextlib
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db.utils import IntegrityError
from django.utils import timezone

import collage
from newsroom.acts import ActRefused
from newsroom.models import Collage, LogEntry, Person, Photo, Story
from newsroom.photos import FLAGS, barred
from newsroom.workflow import move
from pipeline import collage_drafts, collage_outputs, collages
from pipeline.collage_drafts import Overtaken, change, drop, duplicate, send, want
from pipeline.collages import CollageRefused, open_period, recipe_of
from tests.office import Office
from tests.pipeline.test_flags import released

SPAN = timedelta(days=100)


def draft(office: Office, photos: int = 9, **fields: Any) -> Collage:
    """Return a new draft of all photos of an office that has so many."""
    rows = released(office, photos)
    assert len(rows) == photos
    today = timezone.localdate()
    return collage_drafts.start(Collage(start=today - SPAN, end=today, **fields), office.person())


def names(row: Collage) -> list[str]:
    return [shot.name for shot in recipe_of(row).shots]


def do(row: Collage, by: Person, verb: str, **given: Any) -> None:
    change(row, by, row.revision, verb, {name: str(value) for name, value in given.items()})


def make(row: Collage, by: Person) -> None:
    want(row, by, row.revision)
    row.take("uji:1", Collage.objects.all().unmade())
    collages.make_collage(row)
    row.refresh_from_db()


def test_each_act_changes_the_recipe_leaves_a_line_in_the_log_and_can_be_undone(office: Office) -> None:
    row, editor = draft(office), office.person()
    before = names(row)
    do(row, editor, "swap", tempat=0, dengan=2)
    assert names(row)[:3] == [before[2], before[1], before[0]]
    do(row, editor, "lock", tempat=1)
    do(row, editor, "move", tempat=0, arah="mundur")
    assert names(row)[:3] == [before[0], before[1], before[2]], "past the one that is locked"
    do(row, editor, "focus", tempat=0, x="20", y="80,5")
    do(row, editor, "zoom", tempat=0, dekat="1.5")
    do(row, editor, "caption", tempat=0, keterangan="  Wali kota\nhadir ", kredit="Bram")
    shot = recipe_of(row).shots[0]
    assert (shot.focus, shot.zoom, shot.caption, shot.credit) == (
        (0.2, 0.805),
        1.5,
        "Wali kota hadir",
        "Bram",
    )
    do(row, editor, "remove", tempat=8)
    do(row, editor, "settings", susunan="timeline", halaman="story", judul="Enam bulan", jarak="2.0")
    recipe = recipe_of(row)
    assert (recipe.layout, recipe.page, recipe.title, recipe.spacing) == (
        "timeline",
        "story",
        "Enam bulan",
        2,
    )
    assert len(recipe.shots) == 8
    acts = list(LogEntry.objects.filter(verb="collage_edit").values_list("note", flat=True))
    assert len(acts) == row.revision == 8
    assert acts[0].endswith("dua foto ditukar")
    for _act in range(8):
        do(row, editor, "undo")
    assert names(row) == before
    with pytest.raises(ActRefused, match="Tidak ada yang dapat diurungkan"):
        do(row, editor, "undo")


def test_a_change_of_what_somebody_else_has_changed_meanwhile_is_refused_and_loses_nothing(
    office: Office,
) -> None:
    row, other = draft(office), office.person("lain", name="Lastri")
    mine = Collage.objects.get(pk=row.pk)
    do(row, other, "swap", tempat=0, dengan=1)
    now = names(row)
    with pytest.raises(Overtaken, match="baru saja diubah Lastri"):
        do(mine, office.person(), "remove", tempat=0)
    assert names(mine) == now, "what is shown next is what is there"
    do(mine, office.person(), "remove", tempat=0)
    assert names(mine) == now[1:]


@pytest.mark.parametrize(
    ("verb", "given", "sentence"),
    [
        ("swap", {"tempat": "0", "dengan": "99"}, "tidak ada di kolase ini"),
        ("swap", {"tempat": "-1", "dengan": "1"}, "tidak ada di kolase ini"),
        ("focus", {"tempat": "0", "x": "", "y": "a"}, "Ketuk bagian foto"),
        ("zoom", {"tempat": "0", "dekat": "nan"}, "zoom"),
        ("zoom", {"tempat": "0", "dekat": "99"}, "zoom"),
        ("add", {"foto": "0" * 64}, "tidak boleh dimuat"),
        ("settings", {"susunan": "lingkaran"}, "layout"),
        ("settings", {"jarak": "jauh"}, "could not convert|jarak"),
        ("move", {"tempat": "0", "arah": "maju"}, "sudah di ujung"),
        ("terbang", {}, "tidak dikenal"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_changes_nothing(
    office: Office, verb: str, given: dict[str, str], sentence: str
) -> None:
    row = draft(office, 6)
    before = row.recipe
    with pytest.raises(ActRefused, match=sentence):
        do(row, office.person(), verb, **given)
    row.refresh_from_db()
    assert (row.recipe, row.revision) == (before, 0)


def test_locked_photos_stay_when_the_others_are_proposed_anew(office: Office) -> None:
    row, editor = draft(office, 12, count=8), office.person()
    do(row, editor, "lock", tempat=3)
    kept = names(row)[3]
    do(row, editor, "propose", jumlah=10)
    assert len(names(row)) == 10
    assert names(row)[3] == kept
    with pytest.raises(ActRefused, match="dikunci"):
        do(row, editor, "put", tempat=3, foto="0" * 64)


def test_what_was_made_is_handed_to_the_queue_with_its_captions_and_made_again_to_the_byte(
    office: Office,
) -> None:
    row, editor = draft(office), office.person()
    make(row, editor)
    assert (row.state, row.progress) == ("made", 100)
    first = {one["name"]: one["sha256"] for one in row.outputs["files"]}
    assert set(first) == set(collage_outputs.KINDS)
    again = duplicate(row, editor)
    make(again, editor)
    assert {one["name"]: one["sha256"] for one in again.outputs["files"]} == first
    send(row, editor)
    story = row.story
    assert story is not None
    assert (story.state, story.headline, story.author) == ("queued", recipe_of(row).title, editor)
    assert "Foto 3" in story.body
    assert len(story.photos.get().drawn_from) == 9
    with pytest.raises(ActRefused, match="sudah menjadi berita"):
        do(row, editor, "remove", tempat=0)
    with pytest.raises(ActRefused, match="sudah menjadi berita"):
        send(row, editor)
    with pytest.raises(ActRefused, match="sudah menjadi berita"):
        drop(row, editor)
    move(story, "verify", office.person("lain"))


def test_what_was_changed_while_it_was_made_is_not_taken_for_made(office: Office) -> None:
    row, editor = draft(office), office.person()
    want(row, editor, row.revision)
    worker = Collage.objects.get(pk=row.pk)
    worker.take("uji:1", Collage.objects.all().unmade())
    do(row, editor, "swap", tempat=0, dengan=1)
    collages.make_collage(worker)
    row.refresh_from_db()
    assert (row.state, row.outputs, row.claim) == ("draft", {}, "")


def test_too_few_photos_and_a_period_of_two_months_are_refused_in_a_sentence(office: Office) -> None:
    editor = office.person()
    with pytest.raises(CollageRefused, match="3 sampai 6 bulan"):
        collage_drafts.start(Collage(start=date(2026, 7, 1), end=date(2026, 8, 31)), editor)
    with pytest.raises(CollageRefused, match="Baru ada 0 foto"):
        collage_drafts.start(Collage(start=date(2026, 7, 1), end=date(2026, 12, 31)), editor)
    with pytest.raises(ActRefused, match="Jumlah foto"):
        collage_drafts.start(Collage(start=date(2026, 7, 1), end=date(2026, 12, 31), count=500), editor)
    row = draft(office, 6)
    do(row, editor, "remove", tempat=0)
    with pytest.raises(ActRefused, match="sedikitnya 6 foto; sekarang 5"):
        want(row, editor, row.revision)
    assert not Collage.objects.exclude(pk=row.pk).exists()


def test_who_only_reads_or_writes_arranges_no_collage(office: Office) -> None:
    row = draft(office, 6)
    for role in ("auditor", "contributor", "agency_head"):
        person = office.person(role, role)
        acts: list[Callable[[], object]] = [
            lambda person=person: do(row, person, "lock", tempat=0),
            lambda person=person: want(row, person, 0),
            lambda person=person: send(row, person),
            lambda person=person: drop(row, person),
            lambda person=person: duplicate(row, person),
        ]
        for act in acts:
            with pytest.raises(ActRefused, match="meja redaksi"):
                act()


# Periods


def test_an_overdue_period_is_proposed_once_as_a_draft_and_not_again_when_it_was_laid_aside(
    office: Office,
) -> None:
    released(office, 8)
    today = timezone.localdate() + timedelta(days=200)
    start, end = collages.last_period(today, 6)
    Story.objects.update(received_at=timezone.now().replace(year=start.year, month=start.month + 1, day=3))
    open_period(today)
    open_period(today)
    row = Collage.objects.get()
    assert (row.start, row.end, row.state, row.proposed, row.story) == (start, end, "draft", True, None)
    assert len(names(row)) == 8
    assert LogEntry.objects.filter(verb="collage_propose", by=None).count() == 1
    assert not Story.objects.filter(state="queued").exists(), "an editor decides"
    drop(row, office.person())
    open_period(today)
    assert Collage.objects.count() == 1
    duplicate(row, office.person())
    with pytest.raises(IntegrityError):
        Collage.objects.create(start=start, end=end, proposed=True)


# What readers must not see


def barred_in(recipe: collage.Recipe) -> set[str]:
    """Return the photos of a recipe that must not be shown as they are known now."""
    rows = Photo.objects.filter(sha256__in=[shot.sha256 for shot in recipe.shots])
    return {row.sha256 for row in rows if barred(row)}


def anything(chance: random.Random, row: Collage, rows: list[Photo], by: Person) -> None:
    """Do one act to the draft, or flag a photo of it, by chance."""
    photo = chance.choice(rows)
    verb = chance.choice(["flag", "flag", "add", "put", "propose", "undo", "refresh"])
    if verb == "flag":
        flagged = {chance.choice(list(FLAGS)): True, "consent": chance.choice(["", "verbal", "written"])}
        Photo.objects.filter(pk=photo.pk).update(**flagged)
        return
    with contextlib.suppress(ActRefused):
        do(row, by, verb, foto=photo.sha256, tempat=0, jumlah=9)


def test_whatever_is_done_and_flagged_meanwhile_no_collage_holds_a_barred_photo(office: Office) -> None:
    rows, editor, today = released(office, 14), office.person(), timezone.localdate()
    made = refused = 0
    for seed in range(40):
        chance = random.Random(seed)
        Photo.objects.filter(drawn_from=[]).update(child=False, victim=False, document=False, consent="")
        row = collage_drafts.start(Collage(start=today - SPAN, end=today, count=9), editor)
        for _step in range(chance.randrange(8)):
            anything(chance, row, rows, editor)
        try:
            # As the worker asks before it draws, and once more before it keeps what was drawn.
            collages.check_open(row, recipe_of(row))
        except CollageRefused:
            refused += 1
            assert barred_in(recipe_of(row)), seed
            with pytest.raises(CollageRefused):
                make(row, editor)
            continue
        made += 1
        assert not barred_in(recipe_of(row)), seed
    assert made > 5 < refused, "both happened"


def test_a_photo_flagged_while_the_page_is_drawn_stops_it_and_refreshing_takes_it_out(office: Office) -> None:
    row, editor = draft(office, 8), office.person()
    want(row, editor, row.revision)
    row.take("uji:1", Collage.objects.all().unmade())
    victim = recipe_of(row).shots[2]

    class Flagging(Collage):
        """A row whose first word of progress comes after somebody has flagged a photo."""

        class Meta:
            proxy = True
            app_label = "newsroom"

        def hold(self, **changes: Any) -> None:
            Photo.objects.filter(sha256=victim.sha256).update(child=True)
            super().hold(**changes)

    row.__class__ = Flagging
    with pytest.raises(CollageRefused, match=f"“{victim.name}”"):
        collages.make_collage(row)
    row = Collage.objects.get(pk=row.pk)
    assert (row.state, row.outputs) == ("wanted", {})
    row.let_go()
    assert collage_drafts.unshown(recipe_of(row), row) == {
        2: "Foto ini tidak boleh dimuat lagi: ditandai, dikeluarkan, atau beritanya ditarik."
    }
    do(row, editor, "refresh")
    assert victim.name not in names(row)
    make(row, editor)
    assert row.state == "made"
