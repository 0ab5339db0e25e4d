"""What a contributor sends by the form becomes a mail on the same road, once."""

from __future__ import annotations

import threading
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from django.utils import timezone

from newsroom.models import Contributor, LogEntry, Person, Story, Submission, Upload, UploadedFile
from pipeline import uploads
from pipeline.stores import originals
from pipeline.uploads import UploadRefused, WrongOffset
from tests.office import Office, coverage, picture
from tests.samples.parts import docx

TEXT = (
    "Kota Uji – Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026).\n\n"
    "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan.\n\n"
    "(MC. Kota Uji/nala)"
)


@pytest.fixture
def nala(office: Office) -> Person:
    person: Person = office.person("nala", "contributor", "Nala Ayuningtias")
    Contributor.objects.filter(address="nala@contoh.example").update(person=person)
    return person


def begun(person: Person, *files: tuple[str, bytes, str], headline: str = "", text: str = TEXT) -> Upload:
    """A sending with whole files: name, bytes, caption."""
    upload = uploads.begin(person)
    captions = {}
    for place, (name, data, caption) in enumerate(files, 1):
        file = uploads.add_file(upload, name, "", len(data))
        uploads.append(file, 0, data)
        captions[file.key] = (caption, place)
    uploads.write(upload, headline, text, captions)
    return upload


def mail_of(upload: Upload) -> EmailMessage:
    upload.refresh_from_db()
    assert upload.submission
    mail = message_from_bytes(originals().read(upload.submission.sha256), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    return mail


def test_a_sending_becomes_a_story_with_its_captions_in_the_writers_order(
    office: Office, nala: Person
) -> None:
    upload = begun(
        nala,
        ("IMG_2031.jpg", picture(1), "Peserta menyimak paparan."),
        ("WhatsApp Image 2026-11-20 at 10.23.11.jpeg", picture(2), "Wali Kota memukul gong (Foto: Bram)."),
        ("2.jpg", picture(3), ""),
        ("1.jpg", picture(4), "Camat menyerahkan daftar usulan."),
        headline="Wali Kota Uji Buka Musrenbang",
    )
    uploads.send(upload)
    assert office.work()["submit"] == (1, 0)
    story = Story.objects.get()
    assert story.headline == "Wali Kota Uji Buka Musrenbang"
    assert story.body.startswith("Wali Kota Uji membuka musyawarah")
    assert "menyimak" not in story.body
    assert [(photo.filename, photo.caption) for photo in story.photos.order_by("order")] == [
        ("IMG_2031.jpg", "Peserta menyimak paparan."),
        ("WhatsApp Image 2026-11-20 at 10.23.11.jpeg", "Wali Kota memukul gong"),
        ("2.jpg", ""),
        ("1.jpg", "Camat menyerahkan daftar usulan."),
    ]
    assert list(Story.objects.all().visible_to(nala)) == [story]


def test_a_story_in_a_word_file_keeps_the_captions_written_beside_the_photos(
    office: Office, nala: Person
) -> None:
    long = "Peserta menyimak paparan dari panggung utama, " * 9 + "Jumat (20/11/2026)."
    upload = begun(
        nala,
        ("rilis.docx", docx(["# Wali Kota Uji Buka Musrenbang", *TEXT.split("\n\n")]), ""),
        ("a.jpg", picture(1), long),
        ("b.jpg", picture(2), "Wali Kota memukul gong."),
        text="",
    )
    uploads.send(upload)
    office.work()
    story = Story.objects.get()
    assert story.headline == "Wali Kota Uji Buka Musrenbang"
    assert "Sebanyak 120 peserta" in story.body
    assert [photo.caption for photo in story.photos.order_by("order")] == [
        long,
        "Wali Kota memukul gong.",
    ]
    assert story.submissions.get().note == ""


def test_the_mail_is_one_a_mail_program_could_have_sent(office: Office, nala: Person) -> None:
    long = "Perihal yang panjang sekali dengan tanda’kutip dan\nbaris baru " * 5
    files = [
        ("foto jum'at.jpg", picture(1), "Satu."),
        ("foto jum'at.jpg", picture(2), "Dua."),
        ("../../etc/pass\r\nwd: x.jpg", picture(3), "Tiga."),
        ("Surat “resmi”.pdf", b"%PDF-1.4 isi", ""),
    ]
    upload = begun(nala, *files, headline=long)
    uploads.send(upload)
    office.work()
    mail = mail_of(upload)
    assert mail["From"].addresses[0].addr_spec == "nala@contoh.example"
    assert mail["From"].addresses[0].display_name == "Nala Ayuningtias"
    assert mail["Subject"] == " ".join(long.split())
    assert mail["X-Redaksi-Upload"] == upload.key
    assert mail["Date"].datetime == (upload.sent_at or timezone.now()).replace(microsecond=0)
    assert not mail.defects
    parts = list(mail.iter_attachments())
    assert [part.get_content() for part in parts] == [data for _, data, _ in files]
    names = [part.get_filename() or "" for part in parts]
    assert names[:2] == ["foto jum'at.jpg", "foto jum'at (2).jpg"]
    assert len(set(names)) == 4
    assert not any(set("/\r\n:") & set(name) for name in names)
    # Every line is as short as SMTP wants it (RFC 5322 §2.1.1).
    raw = originals().read(upload.submission.sha256 if upload.submission else "")
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    assert b"\n" not in raw.replace(b"\r\n", b"")


@pytest.mark.parametrize(
    "declared", ["message/rfc822", "Message/RFC822", "multipart/mixed", "message/partial", "üü/üü", "x/\r\ny"]
)
def test_whatever_a_browser_calls_a_file_it_arrives_whole(
    office: Office, nala: Person, declared: str
) -> None:
    upload = begun(nala)
    file = uploads.add_file(upload, "surel lama.eml", declared, len(coverage()))
    uploads.append(file, 0, coverage())
    uploads.send(upload)
    office.work()
    attached = next(iter(mail_of(upload).iter_attachments()))
    assert attached.get_content_type() == "application/octet-stream"
    assert attached.get_payload(decode=True) == coverage()


def test_a_name_that_cheats_the_eye_or_the_database_is_made_plain(office: Office, nala: Person) -> None:
    upload = begun(nala)
    file = uploads.add_file(upload, "foto\0 \u202egpj.exe", "", 3)
    assert file.filename == "foto gpj.exe"
    uploads.write(upload, "Ju\0dul", "Is\0i", {file.key: ("Ke\0terangan", 1)})
    file.refresh_from_db()
    assert (upload.headline, upload.text, file.caption) == ("Judul", "Isi", "Keterangan")


def test_sending_twice_and_a_worker_that_died_in_between_make_one_mail(office: Office, nala: Person) -> None:
    upload = begun(nala, ("a.jpg", picture(1), "Satu."))
    uploads.send(upload)
    uploads.send(upload)
    sent_at = upload.sent_at
    files = {path: path.read_bytes() for path in uploads.folder(upload).iterdir()}
    office.work()
    assert Submission.objects.count() == 1

    # As if the worker had died after keeping the mail and before writing so.
    Upload.objects.update(submission=None)
    uploads.folder(upload).mkdir()
    for path, data in files.items():
        path.write_bytes(data)
    office.work()
    upload.refresh_from_db()
    assert (Submission.objects.count(), Story.objects.count()) == (1, 1)
    assert upload.submission == Submission.objects.get()
    assert upload.sent_at == sent_at


def test_the_loose_files_go_only_when_the_mail_is_kept(office: Office, nala: Person) -> None:
    upload = begun(nala, ("a.jpg", picture(1), ""))
    uploads.send(upload)
    (office.folder / "var" / "originals").write_text("bukan folder")
    assert office.work()["submit"] == (0, 1)
    assert [file.read_bytes() for file in uploads.folder(upload).iterdir()] == [picture(1)]
    upload.refresh_from_db()
    assert upload.error and upload.submission is None

    (office.folder / "var" / "originals").unlink()
    Upload.objects.update(next_attempt_at=None)
    office.work()
    assert Story.objects.count() == 1
    assert not uploads.folder(upload).exists()


def test_a_piece_goes_on_where_the_file_ends_and_nowhere_else(office: Office, nala: Person) -> None:
    upload = uploads.begin(nala)
    file = uploads.add_file(upload, "a.bin", "", 10)
    assert uploads.append(file, 0, b"0123") == 4
    for offset in (0, 3, 5):
        with pytest.raises(WrongOffset) as refused:
            uploads.append(file, offset, b"xx")
        assert refused.value.received == 4
    with pytest.raises(WrongOffset):
        uploads.append(file, 4, b"1234567")  # more than was announced
    # A writer died after writing and before its row: what it left is written over.
    with (uploads.folder(upload) / file.key).open("ab") as disk:
        disk.write(b"SISA")
    assert uploads.append(file, 4, b"45") == 6
    assert uploads.content(file) == b"012345"
    assert uploads.append(file, 6, b"6789") == 10
    assert (uploads.folder(upload) / file.key).read_bytes() == b"0123456789"


@pytest.mark.django_db(transaction=True)
def test_the_same_piece_from_two_windows_is_written_once(transactional_db: None, settings: Any) -> None:
    from django.db import connection

    settings.REDAKSI.data.mkdir(exist_ok=True)
    person = Person.objects.create(username="nala", name="Nala")
    upload = uploads.begin(person)
    file = uploads.add_file(upload, "a.bin", "", 8)
    barrier = threading.Barrier(2)
    outcomes: list[object] = []

    def window(mark: bytes) -> None:
        mine = UploadedFile.objects.get(pk=file.pk)
        barrier.wait(20)
        try:
            outcomes.append(uploads.append(mine, 0, mark * 4))
        except WrongOffset as error:
            outcomes.append(("told", error.received))
        connection.close()

    threads = [threading.Thread(target=window, args=(mark,)) for mark in (b"a", b"b")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(str, outcomes)) == ["('told', 4)", "4"]
    assert uploads.content(UploadedFile.objects.get()) in (b"aaaa", b"bbbb")


def test_what_is_half_there_or_empty_is_not_sent_and_what_is_sent_does_not_change(
    office: Office, nala: Person
) -> None:
    upload = uploads.begin(nala)
    with pytest.raises(UploadRefused, match="kosong"):
        uploads.send(upload)
    file = uploads.add_file(upload, "setengah.jpg", "image/jpeg", 10)
    uploads.append(file, 0, b"12345")
    with pytest.raises(UploadRefused, match=r"setengah\.jpg"):
        uploads.send(upload)
    uploads.append(file, 5, b"67890")
    uploads.send(upload)
    with pytest.raises(UploadRefused, match="sudah terkirim"):
        uploads.write(upload, "Judul lain", "", {})
    with pytest.raises(UploadRefused, match="sudah terkirim"):
        uploads.add_file(upload, "lagi.jpg", "", 1)
    uploads.remove(file)
    uploads.discard(upload)
    assert uploads.content(UploadedFile.objects.get()) == b"1234567890"


LIMITS = "uploads: {largest_file_mb: 2, largest_mb: 3, files: 3}\n"


def test_too_large_and_too_many_are_told(office: Office, nala: Person, use: Any) -> None:
    from tests.office import SETTINGS

    use(SETTINGS + LIMITS)
    upload = uploads.begin(nala)
    with pytest.raises(UploadRefused, match="Paling besar 2 MB"):
        uploads.add_file(upload, "a.jpg", "", 2_000_001)
    with pytest.raises(UploadRefused, match="kosong"):
        uploads.add_file(upload, "a.jpg", "", 0)
    uploads.add_file(upload, "a.jpg", "", 2_000_000)
    with pytest.raises(UploadRefused, match="melebihi 3 MB"):
        uploads.add_file(upload, "b.jpg", "", 1_000_001)
    for name in "bc":
        uploads.add_file(upload, name, "", 1)
    with pytest.raises(UploadRefused, match="Paling banyak 3 berkas"):
        uploads.add_file(upload, "d", "", 1)


def test_a_person_may_begin_many_sendings_but_not_endlessly_many(office: Office, nala: Person) -> None:
    for _ in range(uploads.UNFINISHED):
        uploads.begin(nala)
    with pytest.raises(UploadRefused, match="belum selesai"):
        uploads.begin(nala)


def test_a_person_nobody_put_on_the_list_is_known_all_the_same(office: Office) -> None:
    baru = office.person("baru", "contributor", "Baru Sekali")
    uploads.send(begun(baru))
    office.work()
    submission = Submission.objects.get()
    assert submission.disposition == "accepted", submission.reason
    assert list(Story.objects.all().visible_to(baru)) == [Story.objects.get()]
    uploads.send(begun(baru, text=TEXT.replace("120", "130")))
    office.work()
    assert Contributor.objects.filter(person=baru).count() == 1


def test_an_account_finds_its_contributor_by_address_and_never_somebody_elses(
    office: Office, nala: Person
) -> None:
    budi = office.person("budi", "contributor", "Budi")
    Person.objects.filter(pk=budi.pk).update(email="Budi@Dinas.Example")
    budi.refresh_from_db()
    row = office.contributor("budi@dinas.example", name="Budi Santoso")
    assert uploads.contributor_of(budi) == row
    other = office.person("lain", "contributor", "Lain")
    Person.objects.filter(pk=other.pk).update(email="nala@contoh.example")
    other.refresh_from_db()
    mine = uploads.contributor_of(other)
    assert (mine.person, Contributor.objects.get(address="nala@contoh.example").person) == (other, nala)


def test_the_door_knows_who_signed_in_and_a_mail_that_says_so_is_not_believed(
    office: Office, nala: Person
) -> None:
    uploads.send(begun(nala))
    office.work()
    submission = Submission.objects.get()
    assert submission.mailbox == "formulir"
    forged = EmailMessage()
    forged["From"] = "penipu@asing.example"
    forged["Subject"] = "Palsu"
    forged["X-Redaksi-Upload"] = Upload.objects.get().key
    forged.set_content(TEXT)
    office.post(bytes(forged))
    office.work()
    assert Submission.objects.get(subject="Palsu").disposition == "held"


def test_what_was_never_sent_is_removed_after_a_month_with_a_line_in_the_log(
    office: Office, nala: Person
) -> None:
    old, young = begun(nala, ("a.jpg", b"lama", "")), begun(nala, ("b.jpg", b"baru", ""))
    sent = begun(nala, ("c.jpg", picture(1), ""))
    uploads.send(sent)
    Upload.objects.exclude(pk=young.pk).update(created_at=timezone.now() - timedelta(days=31))
    office.work()
    assert set(Upload.objects.all()) == {young, sent}
    assert not uploads.folder(old).exists()
    assert uploads.folder(young).exists()
    (line,) = LogEntry.objects.filter(verb="discard_upload")
    assert "Nala Ayuningtias" in line.note and "1 berkas, 4 byte" in line.note
    assert Submission.objects.count() == 1
