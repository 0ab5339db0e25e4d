"""One story down the whole road, from a mail in the mailbox to three sites, the archive and a collage."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from archive import check_package
from newsroom.desk import retry
from newsroom.editing import PhotoChange, edit
from newsroom.models import Collage, Delivery, Letter, LogEntry, Package, Photo, Shelf, Story, Submission
from newsroom.workflow import MoveRefused, move
from pipeline.collages import CollageRefused
from pipeline.stores import originals, packages_folder
from tests.office import Office, coverage


def published(office: Office) -> Story:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    story.refresh_from_db()
    return story


def pages(office: Office, story: Story) -> dict[str, str]:
    return {
        delivery.site: (office.folder / "situs" / delivery.site / delivery.url / "index.html").read_text()
        for delivery in story.deliveries.all()
    }


def test_a_mail_becomes_a_story_in_the_queue(office: Office) -> None:
    mail = coverage()
    office.post(mail)

    done = office.work()

    assert done["receive"] == (1, 0)
    assert done["prepare"] == (1, 0)
    submission = Submission.objects.get()
    assert originals().read(submission.sha256) == mail
    assert submission.disposition == "accepted"
    story = submission.story
    assert story is not None
    assert story.state == "queued"
    assert story.headline == "Wali Kota Uji Membuka Musrenbang"
    assert story.dateline_city == "Kota Uji"
    assert (story.byline_outlet, story.byline_writer) == ("MC. Kota Uji", "nala")
    assert [photo.caption for photo in story.photos.all()] == [
        "Keterangan foto nomor 1.",
        "Keterangan foto nomor 2.",
    ]


def test_nothing_is_published_before_an_editor_has_verified_it(office: Office) -> None:
    office.post(coverage())
    office.work()
    office.work()
    assert not Delivery.objects.exists()
    assert not (office.folder / "situs").exists()


def test_a_verified_story_is_live_on_every_site_once(office: Office) -> None:
    story = published(office)

    assert story.state == "released"
    assert {d.site: d.state for d in story.deliveries.all()} == {
        "media-center": "live",
        "info-publik": "live",
        "kota": "live",
    }
    for page in pages(office, story).values():
        assert "Wali Kota Uji Membuka Musrenbang" in page
        assert "Keterangan foto nomor 2." in page
    front = (office.folder / "situs" / "kota" / "index.html").read_text()
    assert front.count("Wali Kota Uji Membuka Musrenbang") >= 1
    again = office.work()
    assert again["deliver"] == (0, 0)


def test_what_sites_receive_is_the_verified_text_and_nothing_written_later(office: Office) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    Story.objects.filter(pk=story.pk).update(headline="Judul yang belum diverifikasi")
    office.work()
    for page in pages(office, Story.objects.get()).values():
        assert "belum diverifikasi" not in page


def test_a_correction_reaches_every_site_with_its_notice(office: Office) -> None:
    from newsroom.editing import edit

    story = published(office)
    addresses = {d.site: d.url for d in story.deliveries.all()}
    editor = office.person()
    edit(story, editor, {"headline": "Wali Kota Uji Buka Musrenbang"}, seen=story.revision_id)
    move(story, "correct", editor, "Judul diperbaiki.")
    office.work()

    for page in pages(office, story).values():
        assert "Wali Kota Uji Buka Musrenbang" in page
        assert "Judul diperbaiki." in page
        assert "Ralat (" in page
        assert "WIB" in page
    assert {d.site: d.url for d in story.deliveries.all()} == addresses
    assert {d.sent_version for d in story.deliveries.all()} == {2}


def test_a_retraction_takes_text_and_photos_from_every_site(office: Office) -> None:
    story = published(office)
    assert list((office.folder / "situs").rglob("*.jpg"))
    move(story, "retract", office.person(), "Narasumber mencabut keterangannya.")
    office.work()

    for page in pages(office, story).values():
        assert "Narasumber mencabut keterangannya." in page
        assert "120 peserta" not in page
    assert not list((office.folder / "situs").rglob("*.jpg"))
    assert {d.state for d in story.deliveries.all()} == {"hidden"}


def test_a_retracted_story_can_be_published_again(office: Office) -> None:
    story = published(office)
    editor = office.person()
    move(story, "retract", editor, "Diperiksa kembali.")
    office.work()
    move(story, "restore", editor, "Keterangan sudah dikonfirmasi.")
    office.work()
    assert {d.state for d in story.deliveries.all()} == {"live"}
    for page in pages(office, story).values():
        assert "120 peserta" in page


def test_a_story_retracted_before_a_site_had_it_never_appears_there(office: Office) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    editor = office.person()
    move(story, "verify", editor)
    from pipeline.release import release

    Story.objects.filter(pk=story.pk).update(claim="uji:1")
    story.refresh_from_db()
    release(story)
    move(story, "retract", editor, "Batal.")
    office.work()
    assert {(d.sent_version, d.state, d.url) for d in story.deliveries.all()} == {(2, "", "")}
    assert not list((office.folder / "situs").rglob("index.html"))


def test_an_embargo_holds_a_verified_story_until_its_time(office: Office) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    Story.objects.filter(pk=story.pk).update(embargo_until=timezone.now() + timedelta(hours=2))
    move(story, "verify", office.person())
    office.work()
    story.refresh_from_db()
    assert story.state == "verified"
    assert not Delivery.objects.exists()

    Story.objects.filter(pk=story.pk).update(embargo_until=timezone.now() - timedelta(seconds=1))
    office.work()
    story.refresh_from_db()
    assert story.state == "released"


def test_every_version_is_preserved_with_mail_photos_text_and_receipts(office: Office) -> None:
    story = published(office)
    move(story, "retract", office.person(), "Keliru.")
    office.work()

    packages = list(Package.objects.order_by("version"))
    assert [package.version for package in packages] == [1, 2]
    for package in packages:
        folder = packages_folder() / package.path
        assert check_package(folder) == []
        payload = {path.relative_to(folder / "data").parts[0] for path in (folder / "data").rglob("*")}
        assert {"mail", "photos", "text.md", "receipts.json", "index.html"} <= payload
    first = packages_folder() / packages[0].path / "data"
    mail = next((first / "mail").iterdir())
    assert mail.read_bytes() == coverage()
    assert (first / "receipts.json").read_text().count('"live"') == 3


def test_a_version_no_site_confirms_is_preserved_by_the_next_day(office: Office) -> None:
    office.post(coverage())
    office.work()
    (office.folder / "situs").write_text("bukan folder")  # no site can be written
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    assert not Package.objects.exclude(path="").exists()
    Package.objects.update(promised_at=timezone.now() - timedelta(hours=21))
    office.work()
    assert Package.objects.exclude(path="").count() == 1


def test_a_flipped_bit_in_a_package_is_found_and_named(office: Office) -> None:
    published(office)
    package = Package.objects.get()
    photo = next((packages_folder() / package.path / "data" / "photos").iterdir())
    photo.chmod(0o644)
    data = bytearray(photo.read_bytes())
    data[len(data) // 2] ^= 1
    photo.write_bytes(data)
    Package.objects.update(checked_at=timezone.now() - timedelta(days=91))

    assert office.work()["check_fixity"] == (0, 1)

    package.refresh_from_db()
    assert not package.sound
    assert photo.name in package.error
    assert LogEntry.objects.filter(verb="fixity_failed").exists()


def test_a_note_for_the_contributor_is_mailed_in_the_thread(office: Office) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    move(story, "send_back", office.person(), "Mohon lengkapi nama camat.")
    office.work()

    letter = Letter.objects.get()
    assert letter.sent_at is not None
    mail = next((office.folder / "var" / "outbox").glob("*.eml")).read_text()
    assert "To: nala@contoh.example" in mail
    assert "In-Reply-To: <satu@contoh.example>" in mail
    assert "Mohon lengkapi nama camat." in mail


def test_the_period_that_has_ended_is_proposed_as_a_collage_and_its_story_goes_into_the_queue(
    office: Office,
) -> None:
    from pipeline.collages import ask, last_period

    start, _ = last_period(timezone.localdate(), 6)
    for number in range(1, 5):
        office.post(
            coverage(
                f"Kegiatan nomor {number} di Kota Uji",
                message_id=f"<k{number}@contoh.example>",
                seed=10 * number,
            )
            + b"\n" * number
        )
    office.work()
    for story in Story.objects.all():
        move(story, "verify", office.person())
    office.work()
    assert not Collage.objects.exists()
    when = timezone.make_aware(timezone.datetime(start.year, start.month, 15, 9))
    for number, story in enumerate(Story.objects.order_by("id")):
        Story.objects.filter(pk=story.pk).update(received_at=when + timedelta(days=number))

    office.work()

    draft = Collage.objects.get()
    assert (draft.state, draft.proposed, draft.story) == ("draft", True, None), "an editor decides"
    assert len(draft.recipe["photos"]) == 6, (
        "two of each of four events would be too many, four photos too few"
    )
    ask(draft.start, draft.end, office.person())
    office.work()

    collage = Collage.objects.get()
    assert collage.story is not None
    assert collage.story.state == "queued"
    assert collage.story.photos.count() == 1


@pytest.mark.parametrize("verb", ["correct", "retract"])
def test_a_version_overtaken_before_delivery_is_still_preserved(office: Office, verb: str) -> None:
    office.post(coverage())
    office.work()
    (office.folder / "situs").write_text("bukan folder")
    story = Story.objects.get()
    editor = office.person()
    move(story, "verify", editor)
    office.work()
    story.refresh_from_db()
    move(story, verb, editor, "Diganti.")
    office.work()
    assert list(Package.objects.exclude(path="").values_list("version", flat=True)) == [1]


def test_a_correction_half_written_leaves_no_trace_when_a_story_is_retracted_and_restored(
    office: Office,
) -> None:
    story = published(office)
    editor = office.person()
    first, second = story.photos.all()
    edit(
        story,
        editor,
        {"body": "Setengah jadi."},
        [
            PhotoChange(first.pk, "Setengah jadi.", "", "", 0, left_out=False),
            PhotoChange(second.pk, second.caption, second.credit, second.alt, 1, left_out=True),
        ],
        seen=story.revision_id,
    )
    move(story, "retract", editor, "Diperiksa.")
    office.work()
    move(story, "restore", editor, "Sudah benar.")
    office.work()
    for page in pages(office, story).values():
        assert "Setengah jadi." not in page
        assert "Keterangan foto nomor 2." in page


def test_a_retracted_story_can_be_mended_before_it_is_shown_again(office: Office) -> None:
    story = published(office)
    editor = office.person()
    story.photos.update(child=True)
    move(story, "retract", editor, "Ada anak di foto.")
    with pytest.raises(MoveRefused, match="tanpa izin"):
        move(story, "restore", editor, "Sudah benar.")
    changes = [
        PhotoChange(p.pk, p.caption, p.credit, p.alt, p.order, left_out=True, child=True)
        for p in story.photos.all()
    ]
    edit(story, editor, {}, changes, seen=story.revision_id)
    move(story, "restore", editor, "Foto dikeluarkan.")
    office.work()
    assert not list((office.folder / "situs").rglob("*.jpg"))


def test_a_package_made_by_a_worker_that_died_is_taken_as_it_is(office: Office) -> None:
    story = published(office)
    path = Package.objects.get().path
    Package.objects.update(path="", checked_at=None)
    move(story, "correct", office.person(), "Menambah baris pada riwayat.")
    office.work()
    assert Package.objects.get(version=1).path == path
    assert not Package.objects.exclude(error="").exists()


def test_what_was_never_verified_enters_no_collage(office: Office) -> None:
    from pipeline.collages import ask

    story = published(office)
    for number in (2, 3):
        office.post(coverage(f"Kegiatan {number}", message_id=f"<{number}@x.example>", seed=10 * number))
    office.work()
    for other in Story.objects.filter(state="queued"):
        move(other, "verify", office.person())
    office.work()
    today = timezone.localdate()
    story.photos.update(caption="Belum diverifikasi")
    Photo.objects.filter(story=story, order=1).update(child=True)
    Story.objects.filter(pk=story.pk).update(received_at=timezone.now())
    Story.objects.update(received_at=timezone.now())
    with pytest.raises(CollageRefused, match="Baru ada 5 foto"):
        ask(today - timedelta(days=100), today)


def test_a_flipped_bit_in_an_original_is_found_by_the_road_and_named_until_it_is_mended(
    office: Office,
) -> None:
    office.post(coverage())
    office.work()
    photo = Photo.objects.order_by("id").first()
    assert photo is not None
    path = originals().path(photo.sha256)
    whole = path.read_bytes()
    path.chmod(0o644)
    path.write_bytes(whole[:50] + bytes([whole[50] ^ 1]) + whole[51:])
    shelf = Shelf.objects.get(prefix=photo.sha256[:2])
    Shelf.objects.filter(pk=shelf.pk).update(checked_at=timezone.now() - timedelta(days=91))

    assert office.work()["check_originals"] == (0, 1)

    shelf.refresh_from_db()
    assert photo.sha256 in shelf.error
    path.write_bytes(whole)
    retry(shelf, office.person())
    assert office.work()["check_originals"] == (1, 0)
    shelf.refresh_from_db()
    assert shelf.error == ""


def test_the_looks_at_the_originals_are_spread_over_the_whole_span(office: Office) -> None:
    Shelf.objects.all().delete()
    office.work()
    ages = sorted(timezone.now() - shelf.checked_at for shelf in Shelf.objects.all())
    assert len(ages) == 256
    assert ages[0] < timedelta(days=1)
    assert timedelta(days=89) < ages[-1] < timedelta(days=90)
