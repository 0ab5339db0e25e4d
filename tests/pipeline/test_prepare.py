"""What becomes of a mail, and why."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage

import exifread
import pytest

import ingest
from newsroom.desk import ActRefused, admit, retry, set_aside
from newsroom.models import Photo, Story, Submission
from pipeline.receive import keep
from pipeline.stores import PUBLISHED, THUMBNAIL, originals, rendition
from tests.office import SETTINGS, Office, coverage, picture


def test_a_stranger_is_held_and_can_be_admitted(office: Office) -> None:
    office.post(coverage(sender="Orang Asing <asing@lain.example>"))
    office.work()
    submission = Submission.objects.get()
    assert submission.disposition == "held"
    assert "asing@lain.example" in submission.reason
    assert not Story.objects.exists()

    admit(submission, office.person(), remember=True)
    office.work()

    submission.refresh_from_db()
    assert submission.disposition == "accepted"
    assert Story.objects.count() == 1
    office.post(coverage("Kabar kedua", sender="asing@lain.example", message_id="<dua@x.example>"))
    office.work()
    assert Story.objects.count() == 2


def test_a_held_mail_can_be_set_aside_and_is_kept(office: Office) -> None:
    office.post(coverage(sender="asing@lain.example"))
    office.work()
    submission = Submission.objects.get()
    set_aside(submission, office.person(), "Iklan.")
    submission.refresh_from_db()
    assert (submission.disposition, submission.reason) == ("ignored", "Iklan.")
    assert originals().read(submission.sha256)


def test_a_whole_domain_can_be_known(office: Office) -> None:
    office.contributor("@dinas.example", name="Dinas Uji", outlet="Dinas Uji", initials="")
    office.post(coverage(sender="siapa@dinas.example"))
    office.work()
    assert Story.objects.get().contributor.name == "Dinas Uji"


def test_automatic_mail_is_set_aside(office: Office) -> None:
    office.post(b"Auto-Submitted: auto-replied\r\n" + coverage())
    office.work()
    assert Submission.objects.get().disposition == "ignored"
    assert not Story.objects.exists()


def test_a_broken_photo_never_loses_the_rest(office: Office) -> None:
    message = EmailMessage()
    message["From"] = "nala@contoh.example"
    message["Subject"] = "Jalan lingkar diperbaiki"
    message.set_content("Perbaikan jalan lingkar dimulai hari ini dan selesai dalam 90 hari kerja.\n")
    message.add_attachment(b"bukan gambar sama sekali", "image", "jpeg", filename="rusak.jpg")
    message.add_attachment(picture(3), "image", "jpeg", filename="utuh.jpg")
    office.post(bytes(message))
    office.work()
    story = Story.objects.get()
    sound = [photo.filename for photo in story.photos.filter(readable=True)]
    assert sound == ["utuh.jpg"]
    fates = {part["filename"]: part["fate"] for part in story.submissions.get().parts}
    assert fates["rusak.jpg"] != "used" or story.photos.get(filename="rusak.jpg").problem


def test_renditions_are_upright_small_and_silent_about_the_place(office: Office) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825).update({1: "S", 2: (2.0, 12.0, 30.0), 3: "E", 4: (113.0, 55.0, 12.0)})
    original = picture(5, size=(3000, 2000), exif=exif.tobytes())
    message = EmailMessage()
    message["From"] = "nala@contoh.example"
    message["Subject"] = "Foto tegak"
    message.set_content("Sebuah berita dengan satu foto yang diambil tegak di tepi sungai.\n")
    message.add_attachment(original, "image", "jpeg", filename="tegak.jpg")
    office.post(bytes(message))
    office.work()

    photo = Photo.objects.get()
    assert originals().read(photo.sha256) == original
    assert (photo.width, photo.height) == (2000, 3000)
    for size, longest in ((PUBLISHED, 1600), (THUMBNAIL, 400)):
        path = rendition(photo.sha256, size)
        with Image.open(path) as made:
            assert max(made.size) == made.size[1] == longest
        with path.open("rb") as file:
            assert exifread.process_file(file) == {}


def test_an_empty_mail_is_held_with_its_reason(office: Office) -> None:
    office.post(b"From: nala@contoh.example\r\nSubject: \r\n\r\n")
    office.work()
    submission = Submission.objects.get()
    assert submission.disposition == "held"
    assert "kosong" in submission.reason


def test_a_mail_whose_bytes_have_rotted_is_never_read_as_another(office: Office) -> None:
    raw = ingest.RawMessage(data=coverage(), mailbox="lokal")
    submission, _ = keep(raw)
    path = originals().path(submission.sha256)
    path.chmod(0o644)
    path.write_bytes(b"From: lain@contoh.example\r\n\r\nlain\r\n")
    assert office.work()["prepare"] == (0, 1)
    submission.refresh_from_db()
    assert submission.error
    assert not Story.objects.exists()


@pytest.mark.parametrize("decide", [admit, retry])
def test_a_contributor_may_not_decide_about_mails(office: Office, decide: object) -> None:
    office.post(coverage(sender="asing@lain.example"))
    office.work()
    with pytest.raises(ActRefused):
        decide(Submission.objects.get(), office.person("tamu", "contributor"))  # type: ignore[operator]


def test_a_sender_our_own_server_could_not_confirm_is_held(
    office: Office, use: Callable[[str], None]
) -> None:
    use(SETTINGS + "trusted_authserv_ids: [mx.kantor.example]\n")
    told = b"Authentication-Results: %s; dmarc=fail header.from=contoh.example\n"
    office.post(told % b"mx.kantor.example" + coverage("Palsu", message_id="<p@x.example>"))
    office.post(told % b"mx.penipu.example" + coverage("Asli", message_id="<a@x.example>", seed=20))
    office.work()
    assert dict(Submission.objects.values_list("subject", "disposition")) == {
        "Palsu": "held",
        "Asli": "accepted",
    }


def test_a_mail_nested_too_deep_is_not_called_empty(office: Office) -> None:
    lines = ["From: nala@contoh.example", "Subject: Bersarang"]
    for depth in range(400):
        lines += [f'Content-Type: multipart/mixed; boundary="b{depth}"', "", f"--b{depth}"]
    lines += ["Content-Type: text/plain", "", "Di sini naskahnya."]
    office.post("\n".join(lines).encode())
    office.work()
    submission = Submission.objects.get()
    assert submission.disposition == "held"
    assert "kosong" not in submission.reason
