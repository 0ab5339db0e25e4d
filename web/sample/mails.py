"""Coverage mails as offices really receive them, from people who do not exist."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape

from web.sample.pictures import CAMERA, jpeg, photograph

OFFICE = "redaksi@mediacenter.contoh.go.id"
CONTRIBUTORS = (
    # address, name, outlet, initials
    ("nala@mediacenter.contoh.go.id", "Nala Ayuningtias", "MC. Kota Contoh", "nala"),
    ("wiratno@mediacenter.contoh.go.id", "Wiratno", "MC. Kota Contoh", "wir"),
    ("@kominfo.contoh.go.id", "Dinas Kominfo Kota Contoh", "Diskominfo", ""),
    ("humas.pertanian@contoh.example", "Rangga Tirtawangsa", "Humas Pertanian", "rgt"),
)


@dataclass(frozen=True)
class Mail:
    name: str
    data: bytes
    at: datetime


def sample_mail(number: int, now: datetime) -> Mail:
    """Make one of MAILS, as it came some minutes before `now` (aware)."""
    minutes, write = MAILS[number]
    at = now - timedelta(minutes=minutes)
    return Mail(f"{number:02d}-{write.__name__}", write(at), at)


def _envelope(sender: str, subject: str, at: datetime, name: str) -> EmailMessage:
    message = EmailMessage()
    message["From"] = sender
    message["To"] = OFFICE
    message["Subject"] = subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = f"<{name}.{at:%Y%m%d%H%M}@contoh.example>"
    return message


def _photo(scene: str, seed: int, at: datetime, **how: object) -> bytes:
    return jpeg(photograph(scene, seed, taken_at=at - timedelta(minutes=50), **how))  # type: ignore[arg-type]


def _add_photo(message: EmailMessage, data: bytes, filename: str) -> None:
    message.add_attachment(data, "image", "jpeg", filename=filename)


def _day(at: datetime) -> str:
    days = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
    return f"{days[at.weekday()]} ({at.day}/{at.month}/{at.year})"


def plain_with_three_photos(at: datetime) -> bytes:
    mail = _envelope(
        "Nala Ayuningtias <nala@mediacenter.contoh.go.id>",
        "Liputan: Wali Kota Buka Musrenbang Kecamatan Contoh Utara",
        at,
        "musrenbang",
    )
    mail.set_content(
        f"""MEDIA CENTER, Kota Contoh – Wali Kota Contoh membuka Musyawarah Perencanaan Pembangunan
(Musrenbang) Kecamatan Contoh Utara di aula kecamatan, {_day(at)}. Sebanyak 120 peserta
dari delapan kelurahan hadir membawa usulan prioritas tahun depan.

Wali Kota meminta setiap kelurahan mendahulukan usulan yang menyangkut air bersih dan jalan
lingkungan. “Usulan yang datanya lengkap akan lebih cepat kami kerjakan,” katanya.

Camat Contoh Utara, Darmawi, menyampaikan 46 usulan sudah masuk ke sistem perencanaan. Dari
jumlah itu, 17 usulan menyangkut drainase.

Musrenbang dilanjutkan dengan pembahasan kelompok hingga pukul 15.00 WIB.

Foto 1: Wali Kota Contoh membuka Musrenbang Kecamatan Contoh Utara di aula kecamatan.
Foto 2: Peserta Musrenbang membahas usulan kelurahan dalam kelompok.
Foto 3: Warga menyampaikan usulan perbaikan drainase.

(MC. Kota Contoh/nala)
"""
    )
    _add_photo(mail, _photo("ceremony", 11, at, gps=True), "Musrenbang 1.jpg")
    _add_photo(mail, _photo("meeting", 12, at, gps=True), "Musrenbang 2.jpg")
    _add_photo(mail, _photo("meeting", 13, at, orientation=6), "Musrenbang 3.jpg")
    return bytes(mail)


def html_with_inline_photo(at: datetime) -> bytes:
    mail = _envelope(
        "Wiratno <wiratno@mediacenter.contoh.go.id>",
        "Pasar Murah Jelang Hari Raya Diserbu Warga",
        at,
        "pasar",
    )
    paragraphs = (
        f"Kota Contoh – Pasar murah yang digelar Dinas Perdagangan di halaman Gedung Serbaguna, {_day(at)}, "
        "diserbu warga sejak pagi. Sebanyak 2,5 ton beras dan 900 liter minyak goreng disediakan.",
        "Kepala Dinas Perdagangan Kota Contoh, Lestari Handayani, mengatakan harga dijual lebih rendah "
        "Rp3.000 hingga Rp5.000 dari harga pasar.",
        "Warga Kelurahan Melati, Suryati, mengaku terbantu. “Beras lima kilo saya dapat Rp58.000,” ujarnya.",
        "(MC. Kota Contoh/wir)",
    )
    body = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    mail.set_content("\n\n".join(paragraphs))
    mail.add_alternative(f'<div>{body}<img src="cid:pasar@contoh" alt=""></div>', subtype="html")
    html = mail.get_payload()[1]  # type: ignore[index]
    html.add_related(_photo("market", 21, at), "image", "jpeg", cid="<pasar@contoh>", filename="pasar.jpg")  # type: ignore[union-attr]
    _add_photo(mail, _photo("market", 22, at), "pasar murah 2.jpg")
    return bytes(mail)


def story_in_a_docx(at: datetime) -> bytes:
    mail = _envelope(
        "Humas Pertanian <humas.pertanian@contoh.example>", "Rilis panen raya + foto", at, "panen"
    )
    mail.set_content("Selamat siang min, terlampir rilis dan fotonya, mohon tayang 🙏 Terima kasih.\n")
    mail.add_attachment(
        _docx(
            (
                ("Panen Raya Padi Contoh Selatan Capai 6,4 Ton per Hektare", True),
                (
                    f"KOTA CONTOH – Kelompok Tani Sumber Makmur memanen padi di lahan 18 hektare di Contoh "
                    f"Selatan, {_day(at)}. Hasil ubinan menunjukkan 6,4 ton gabah kering per hektare.",
                    False,
                ),
                (
                    "Kepala Dinas Pertanian, Rangga Tirtawangsa, menyebut hasil itu naik dari 5,8 ton pada "
                    "musim sebelumnya berkat perbaikan saluran irigasi.",
                    False,
                ),
                ("Gabah petani diserap dengan harga Rp6.500 per kilogram.", False),
                ("(Humas Pertanian/rgt)", False),
            )
        ),
        "application",
        "vnd.openxmlformats-officedocument.wordprocessingml.document",
        filename="Rilis Panen Raya.docx",
    )
    _add_photo(mail, _photo("field", 31, at), "IMG_4410.JPG")
    _add_photo(mail, _photo("field", 32, at), "IMG_4417.JPG")
    return bytes(mail)


def forwarded_by_the_office(at: datetime) -> bytes:
    mail = _envelope(
        "Sekretariat <sekretariat@kominfo.contoh.go.id>",
        "Fwd: Susur Sungai Bersih Kumpulkan 800 Kilogram Sampah",
        at,
        "sungai",
    )
    mail.set_content(
        f"""Mohon dimuat ya.

---------- Forwarded message ---------
Dari: Komunitas Sungai <sungai@contoh.example>
Date: {_day(at)} pukul 09.12
Subject: Susur Sungai Bersih Kumpulkan 800 Kilogram Sampah
To: <sekretariat@kominfo.contoh.go.id>

Kota Contoh - Sebanyak 65 relawan menyusuri Sungai Contoh dengan 14 perahu dan mengumpulkan
800 kilogram sampah plastik, {_day(at)}.

Ketua komunitas, Bagas Winoto, berharap kegiatan ini menjadi kebiasaan setiap bulan. Sampah
dipilah di dermaga dan dibawa ke bank sampah kelurahan.

Keterangan foto: Relawan menyusuri Sungai Contoh dengan perahu.
"""
    )
    _add_photo(mail, _photo("river", 41, at), "sungai.jpg")
    return bytes(mail)


def from_whatsapp(at: datetime) -> bytes:
    mail = _envelope("Wiratno <wiratno@mediacenter.contoh.go.id>", "berita", at, "posyandu")
    stamp = f"[{at:%H.%M, %d/%m/%Y}] Wiratno MC:"
    mail.set_content(
        f"""{stamp} *KADER POSYANDU IKUTI PELATIHAN PENGUKURAN BALITA*

_Kota Contoh_ - Sebanyak *80 kader posyandu* mengikuti pelatihan pengukuran tinggi dan berat badan balita di Puskesmas Melati, {_day(at)}.

Kepala Puskesmas Melati, dr. Ratih Kusumawati, menjelaskan ketelitian pengukuran menentukan penanganan gizi. "Selisih satu sentimeter saja bisa mengubah kesimpulan," katanya.

Pelatihan berlangsung dua hari dan dilanjutkan pendampingan di 12 posyandu. 💪

(MC. Kota Contoh/wir)
"""
    )
    _add_photo(mail, _photo("meeting", 51, at, size=(1280, 960)), f"IMG-{at:%Y%m%d}-WA0007.jpg")
    return bytes(mail)


def caps_caption_first(at: datetime) -> bytes:
    mail = _envelope(
        "Bidang Informasi <info@kominfo.contoh.go.id>", "Rakor Kesiapsiagaan Banjir", at, "rakor"
    )
    mail.set_content(
        f"""RAKOR : Sekretaris Daerah memimpin rapat koordinasi kesiapsiagaan banjir. (foto: kominfo)

KOTA CONTOH – Pemerintah Kota Contoh menyiapkan 11 posko dan 24 perahu karet menghadapi puncak
musim hujan. Hal itu disampaikan Sekretaris Daerah dalam rapat koordinasi, {_day(at)}.

Badan Penanggulangan Bencana Daerah memetakan tujuh kelurahan rawan genangan. Setiap posko dijaga
bergiliran selama 24 jam.

Warga dapat melapor melalui nomor siaga 112.

(kominfo)
"""
    )
    _add_photo(mail, _photo("meeting", 61, at), "rakor banjir.jpg")
    _add_photo(mail, _photo("ceremony", 62, at), "rakor banjir 2.jpg")
    return bytes(mail)


def with_a_signature(at: datetime) -> bytes:
    mail = _envelope(
        "Nala Ayuningtias <nala@mediacenter.contoh.go.id>",
        "Perpustakaan Keliling Singgah di Delapan Sekolah",
        at,
        "perpus",
    )
    mail.set_content(
        f"""Kota Contoh – Mobil perpustakaan keliling singgah di delapan sekolah dasar sepanjang pekan ini.
Setiap kunjungan membawa 600 judul buku, kata Kepala Dinas Perpustakaan, Murdani, {_day(at)}.

Kunjungan terbanyak terjadi di SD Negeri 3 Melati dengan 210 peminjam. Buku cerita rakyat paling
banyak dicari.

Jadwal pekan depan diumumkan melalui laman dinas.

(MC. Kota Contoh/nala)

{"-- "}
Nala Ayuningtias
Pranata Humas, Media Center Kota Contoh
Dikirim dari ponsel saya
"""
    )
    _add_photo(mail, _photo("field", 71, at, orientation=3), "perpus keliling.jpg")
    return bytes(mail)


def without_photos(at: datetime) -> bytes:
    mail = _envelope(
        "Sekretariat <sekretariat@kominfo.contoh.go.id>",
        "Jadwal Pemadaman Air Bersih di Tiga Kelurahan",
        at,
        "air",
    )
    mail.set_content(
        f"""Kota Contoh – Perusahaan air minum daerah menghentikan sementara aliran air di Kelurahan Melati,
Kenanga, dan Cempaka selama enam jam untuk penggantian pipa induk, {_day(at)}.

Aliran kembali normal pukul 18.00 WIB. Warga diminta menampung air secukupnya. Mobil tangki
disiagakan di tiga kantor kelurahan.

(Diskominfo/ris)
"""
    )
    return bytes(mail)


def photos_without_a_story(at: datetime) -> bytes:
    mail = _envelope("Wiratno <wiratno@mediacenter.contoh.go.id>", "", at, "foto")
    mail.set_content("")
    _add_photo(mail, _photo("river", 81, at, size=(3000, 2250)), "senja di sungai.jpg")
    return bytes(mail)


def a_long_one(at: datetime) -> bytes:
    mail = _envelope(
        "Nala Ayuningtias <nala@mediacenter.contoh.go.id>",
        "Festival Budaya Contoh Hadirkan 30 Sanggar, Transaksi UMKM Tembus Rp829.750.000",
        at,
        "festival",
    )
    mail.set_content(
        f"""Kota Contoh – Festival Budaya Contoh yang berlangsung tiga hari di Taman Kota menghadirkan
30 sanggar dan 112 pelaku usaha mikro. Panitia mencatat transaksi Rp829.750.000, naik 6,68 persen
dari tahun lalu, {_day(at)}.

Ketua panitia, Mahesa Aditama, mengatakan pengunjung terbanyak datang pada malam penutupan. “Kami
memperkirakan 14 ribu orang hadir,” katanya.

Tari kolosal dibawakan 200 pelajar. Lomba perahu hias diikuti 22 peserta dari sembilan kecamatan.

Wakil Wali Kota Contoh meminta festival tahun depan memberi ruang lebih besar bagi perajin anyaman
rotan dan tenun.

Penilaian sanggar terbaik diumumkan pekan depan.

Foto 1: Tari kolosal membuka Festival Budaya Contoh di Taman Kota.
Foto 2: Pengunjung memadati gerai usaha mikro.
Foto 3: Perahu hias melintas di Sungai Contoh.
Foto 4: Para pemenang lomba menerima penghargaan.

(MC. Kota Contoh/nala)
"""
    )
    for number, scene in enumerate(("ceremony", "market", "river", "ceremony"), start=1):
        _add_photo(mail, _photo(scene, 90 + number, at), f"Festival_{number:02d}.jpg")
    return bytes(mail)


def from_a_stranger(at: datetime) -> bytes:
    mail = _envelope("Kabar Cepat <kabar@asing.example>", "Mohon dimuat: Peresmian Toko Baru", at, "asing")
    mail.set_content("Mohon dimuat. Toko baru kami diresmikan hari ini dan memberi potongan harga.\n")
    _add_photo(mail, _photo("market", 101, at, size=(2000, 1500)), "toko.jpg")
    return bytes(mail)


def an_automatic_answer(at: datetime) -> bytes:
    mail = _envelope(
        "Wiratno <wiratno@mediacenter.contoh.go.id>", "Balasan otomatis: Jadwal liputan", at, "cuti"
    )
    mail["Auto-Submitted"] = "auto-replied"
    mail.set_content("Saya sedang cuti sampai hari Senin. Untuk hal mendesak hubungi sekretariat.\n")
    return bytes(mail)


def a_broken_one(at: datetime) -> bytes:
    mail = _envelope(
        "Nala Ayuningtias <nala@mediacenter.contoh.go.id>",
        "Jalan Lingkar Mulai Diperbaiki",
        at,
        "jalan",
    )
    mail.set_content(
        f"""Kota Contoh – Perbaikan Jalan Lingkar sepanjang 3,2 kilometer dimulai, {_day(at)}. Pekerjaan
ditargetkan selesai dalam 90 hari, kata Kepala Dinas Pekerjaan Umum, Sutrisno Hadi.

Arus kendaraan dialihkan melalui Jalan Cendana selama pengerjaan. Petugas ditempatkan di lima titik.

(MC. Kota Contoh/nala)
"""
    )
    _add_photo(mail, _photo("field", 111, at), "jalan lingkar.jpg")
    whole = bytes(mail)
    return whole[: int(len(whole) * 0.6)]  # the line dropped while the mail was being sent


def photo_as_heic(at: datetime) -> bytes:
    mail = _envelope(
        "Wiratno <wiratno@mediacenter.contoh.go.id>", "Latihan Gabungan Pemadam Kebakaran", at, "damkar"
    )
    mail.set_content(
        f"""Kota Contoh – Sebanyak 48 petugas pemadam kebakaran mengikuti latihan gabungan di lapangan
Kecamatan Contoh Timur, {_day(at)}. Waktu tanggap ditargetkan di bawah 15 menit.

Kepala Dinas Pemadam Kebakaran, Yusran, mengatakan latihan serupa digelar setiap tiga bulan.

(MC. Kota Contoh/wir)
"""
    )
    picture = photograph("field", 121, taken_at=at, size=CAMERA)
    encoded = _heic(picture)
    if encoded:
        mail.add_attachment(encoded, "image", "heic", filename="IMG_0042.HEIC")
    else:
        _add_photo(mail, jpeg(picture), "IMG_0042.jpg")
    return bytes(mail)


def _heic(picture: object) -> bytes:
    """Encode as an iPhone would; empty where the HEIC extra is not installed."""
    try:
        import pillow_heif
    except ImportError:
        return b""
    out = io.BytesIO()
    pillow_heif.from_pillow(picture).save(out, quality=70)
    return out.getvalue()


def _docx(paragraphs: tuple[tuple[str, bool], ...]) -> bytes:
    """Make a small Word document: paragraphs, and whether each is a heading."""
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    types = "http://schemas.openxmlformats.org/package/2006/content-types"
    style = '<w:pPr><w:pStyle w:val="Heading1"/></w:pPr>'
    body = "".join(
        f'<w:p>{style if heading else ""}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        for text, heading in paragraphs
    )
    main = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    files = {
        "[Content_Types].xml": f'<Types xmlns="{types}">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{relations}">'
        f'<Relationship Id="r1" Type="{office}" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{word}"><w:body>{body}</w:body></w:document>',
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{text}')
    return out.getvalue()


MAILS: tuple[tuple[int, Callable[[datetime], bytes]], ...] = (
    # minutes ago, what came
    (205, plain_with_three_photos),
    (168, a_long_one),
    (152, story_in_a_docx),
    (131, an_automatic_answer),
    (118, html_with_inline_photo),
    (97, from_a_stranger),
    (83, forwarded_by_the_office),
    (66, caps_caption_first),
    (48, from_whatsapp),
    (37, photo_as_heic),
    (29, with_a_signature),
    (21, a_broken_one),
    (12, without_photos),
    (4, photos_without_a_story),
)
