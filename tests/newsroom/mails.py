"""Mails whose reading editors have something to say about: greetings, two stories, links, logos."""

from __future__ import annotations

from email.message import EmailMessage

from newsroom.models import Story, Submission
from tests.office import Office, picture
from tests.samples.parts import docx, logo

STORY = (
    "Wali Kota Uji membuka musyawarah perencanaan pembangunan di aula kecamatan pada Jumat pagi, disaksikan "
    "para lurah dan tokoh masyarakat dari delapan kelurahan.",
    "Sebanyak 120 peserta membawa usulan prioritas tahun depan, antara lain perbaikan jalan lingkungan, "
    "penerangan, dan saluran air yang selama ini menjadi keluhan warga.",
    "Menurut wali kota, usulan yang paling mendesak akan dikerjakan lebih dahulu dan hasilnya dilaporkan "
    "terbuka kepada warga setiap tiga bulan.",
)
SECOND = (
    "Dinas Perpustakaan Kota Uji meresmikan tiga taman bacaan baru di tepi sungai pada Sabtu sore, lengkap "
    "dengan dua ribu buku sumbangan warga dan penerbit dari berbagai daerah.",
    "Kepala dinas berharap taman bacaan itu menjadi tempat anak-anak belajar sepulang sekolah, dan meminta "
    "warga ikut merawat buku serta menambah koleksinya sedikit demi sedikit.",
)
GREETING = "Yth. Redaksi Media Center,\n\nMohon dimuat rilis berikut ini, terima kasih.\n\n"
CLOSING = "Demikian disampaikan, atas perhatiannya terima kasih.\n\n"
SIGNATURE = "-- \nNala Ayuningtias\nHumas Kota Uji\nJalan Contoh Nomor 1\n\n"
FOOTER = "Dikirim dari iPhone saya\n"


def letter(
    subject: str = "Wali Kota Buka Musrenbang",
    *,
    text: str = "",
    photos: int = 0,
    with_logo: bool = False,
    document: tuple[str, ...] = (),
    sender: str = "Nala Ayuningtias <nala@contoh.example>",
    message_id: str = "<satu@contoh.example>",
    seed: int = 0,
) -> bytes:
    """Return a mail with a greeting above its story, a closing and a signature below it."""
    message = EmailMessage()
    message["From"] = sender
    message["To"] = "redaksi@contoh.example"
    message["Subject"] = subject
    message["Date"] = "Fri, 20 Nov 2026 10:00:00 +0700"
    message["Message-ID"] = message_id
    body = "\n\n".join((f"Kota Uji – {STORY[0]}", *STORY[1:]))
    message.set_content(text or f"{GREETING}{body}\n\n(MC. Kota Uji/nala)\n\n{CLOSING}{SIGNATURE}{FOOTER}")
    for number in range(1, photos + 1):
        message.add_attachment(picture(seed + number), "image", "jpeg", filename=f"foto {number}.jpg")
    if with_logo:
        message.add_attachment(logo(), "image", "png", filename="logo-kantor.png")
    if document:
        message.add_attachment(
            docx(list(document)),
            "application",
            "vnd.openxmlformats-officedocument.wordprocessingml.document",
            filename="Taman bacaan diresmikan.docx",
        )
    if message.is_multipart():
        message.set_boundary("batas-antarbagian")
    return bytes(message)


def taken_in(office: Office, data: bytes) -> tuple[Story, Submission]:
    """Post a mail, let the worker take it in, and return the story and the mail."""
    office.post(data)
    office.work()
    mail = Submission.objects.latest("id")
    assert mail.story is not None, mail.reason
    return mail.story, mail
