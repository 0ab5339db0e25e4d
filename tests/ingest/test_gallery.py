"""Which pictures are photos of the story: by where they stand, how often they were seen, and whose copies they are."""

from __future__ import annotations

import hashlib
import io

import pytest
from PIL import Image

from ingest import Message, RawMessage, read
from ingest.pictures import Look, furniture, is_large_photo
from tests.samples import parts as made
from tests.samples.parts import html, jpeg, mail, part, photo

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
STORY = made.html_paragraphs("banjir")
SIGNATURE = "<p>Terima kasih.</p><p>-- <br>Budi Santoso<br>NIP 198501012010011001<br>{}</p>"


def shown(data: bytes, page: str, kind: str = "image/jpeg") -> Message:
    """A mail whose page shows a picture where it says {}."""
    picture = part(kind, data, name="image001.jpg", disposition="inline", headers="Content-ID: <a@x>\n")
    return read(
        RawMessage(
            mail("Banjir", html(page.replace("{}", "<img src='cid:a@x'>")), picture, kind="related"), "uji"
        )
    )


def resized(data: bytes, size: tuple[int, int], quality: int = 60) -> bytes:
    stream = io.BytesIO()
    Image.open(io.BytesIO(data)).resize(size, Image.Resampling.LANCZOS).save(stream, "JPEG", quality=quality)
    return stream.getvalue()


def test_a_picture_of_some_size_only_in_the_signature_is_a_logo() -> None:
    message = shown(photo(1, (400, 400)), STORY + SIGNATURE)
    assert message.images == ()
    assert [image.filename for image in message.aside] == ["image001.jpg"]
    (fate,) = [each for each in message.parts if each.filename]
    assert (fate.fate, fate.sha256) == ("kept", hashlib.sha256(photo(1, (400, 400))).hexdigest())
    assert "tanda tangan" in fate.reason


def test_the_same_picture_in_the_story_is_a_photo() -> None:
    assert len(shown(photo(1, (400, 400)), "<p>{}</p>" + STORY).images) == 1


@pytest.mark.parametrize("size", [(1280, 960), (720, 1280), (800, 600), (600, 451)])
def test_a_photo_below_the_signature_is_a_photo(size: tuple[int, int]) -> None:
    assert len(shown(photo(2, size), STORY + SIGNATURE).images) == 1


def test_a_picture_in_a_quoted_mail_and_in_the_story_is_a_photo() -> None:
    page = "<p>{}</p>" + STORY + SIGNATURE
    assert len(shown(photo(1, (400, 400)), page).images) == 1


@pytest.mark.parametrize(
    ("width", "height", "size"),
    [(1280, 960, 90_000), (1280, 591, 60_000), (1600, 1200, 200_000), (900, 1600, 80_000)],
)
@pytest.mark.parametrize("within", [None, {"story"}, {"signature"}, {"quote"}])
def test_a_photo_whatsapp_made_small_is_never_furniture(
    width: int, height: int, size: int, within: set[str] | None
) -> None:
    look = Look("image/jpeg", width, height)
    for name in ("IMG-20261123-WA0007.jpg", "WhatsApp Image 2026-11-23 at 10.23.11.jpeg", "image001.jpg"):
        assert furniture(look, size, name, inline=True, within=within) == ""


def test_a_picture_seen_in_three_mails_of_the_sender_is_set_aside_with_its_reason() -> None:
    banner = photo(3, (900, 200), "PNG")
    raw = RawMessage(mail("Banjir", html(STORY), part("image/png", banner, name="kop.png")), "uji")
    assert len(read(raw).images) == 1
    message = read(raw, seen_often=frozenset({hashlib.sha256(banner).hexdigest()}))
    assert message.images == ()
    assert [image.sha256 for image in message.aside] == [hashlib.sha256(banner).hexdigest()]
    assert any("selalu menyertai" in each.reason for each in message.parts)


def test_a_cameras_photo_sent_three_times_stays_a_photo() -> None:
    noise = Image.effect_noise((1600, 1200), 80)
    stream = io.BytesIO()
    noise.convert("RGB").save(stream, "JPEG", quality=85)
    data = stream.getvalue()
    assert is_large_photo(Look("image/jpeg", 1600, 1200), len(data))
    raw = RawMessage(mail("Banjir", html(STORY), jpeg("DSC_1.JPG", 0, data=data)), "uji")
    assert len(read(raw, seen_often=frozenset({hashlib.sha256(data).hexdigest()})).images) == 1


@pytest.mark.parametrize("size", [(640, 428), (320, 214), (200, 134)])
def test_of_a_photo_and_its_copy_in_a_document_the_attached_one_is_used(size: tuple[int, int]) -> None:
    original = photo(4, (1280, 856))
    document = made.docx(["# Banjir", *made.STORIES["banjir"]], [resized(original, size), photo(5)])
    raw = mail("", part(WORD, document, name="rilis.docx"), jpeg("DSC_4.JPG", 0, data=original))
    message = read(RawMessage(raw, "uji"))
    assert [image.filename for image in message.images] == ["DSC_4.JPG", "rilis-2.jpg"]
    (copy,) = [each for each in message.parts if "salinan" in each.reason]
    assert (copy.number, copy.fate) == ("1/1", "kept")
    assert "DSC_4.JPG" in copy.reason


def test_another_photo_of_the_same_shape_is_no_copy() -> None:
    document = made.docx(["# Banjir", *made.STORIES["banjir"]], [photo(6), photo(7), photo(8)])
    raw = mail("", part(WORD, document, name="rilis.docx"), jpeg("a.jpg", 9), jpeg("b.jpg", 10))
    assert len(read(RawMessage(raw, "uji")).images) == 5
