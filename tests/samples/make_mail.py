"""Write the sample mails: `python -m tests.samples.make_mail`. Invented people, tiny pictures.

Each function makes one mail; its name is the file's name. What must be read from it stands beside it in a
.yaml file, written by hand from what an editor would expect.
"""

from __future__ import annotations

import base64
import textwrap

from tests.samples.parts import (
    MAIL,
    SAMPLES,
    STORIES,
    crlf,
    docx,
    encoded,
    html,
    html_paragraphs,
    jpeg,
    logo,
    mail,
    multipart,
    odt,
    paragraphs,
    part,
    pdf,
    photo,
    rtf,
    sample,
    text,
    tnef,
    uuencoded,
    zipped,
)

__all__ = ["SAMPLES"]

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def main() -> None:
    for name, make in SAMPLES.items():
        (MAIL / f"{name}.eml").write_bytes(make())


# Ordinary releases


@sample
def rilis_rapi() -> bytes:
    body = (
        "MEDIA CENTER, Palangka Raya – "
        + paragraphs("musrenbang")
        + "\n\n(MC. Isen Mulang/bdi)\n\n"
        + "Foto 1: Wali Kota Ratna Wijaya memukul gong tanda Musrenbang dibuka.\n"
        + "Foto 2: Peserta Musrenbang menyimak paparan.\n"
        + "Foto 3: Camat Darma Putra menyerahkan daftar usulan.\n"
    )
    return mail(
        "Liputan: Wali Kota Buka Musrenbang Kecamatan Melati",
        text(body),
        jpeg("foto1.jpg", 1),
        jpeg("foto2.jpg", 2),
        jpeg("foto3.jpg", 3),
    )


@sample
def naskah_di_docx() -> bytes:
    document = docx(
        ["# Pasar Rakyat Kenanga Diresmikan", *_with_dateline("pasar", "CONTOH – "), "(humas/sri)"],
        [photo(4), photo(5)],
    )
    return mail(
        "rilis",
        text("Selamat siang min, mohon tayang 🙏\n"),
        part(WORD, document, name="Rilis Pasar.docx"),
        jpeg("DSC_0004.JPG", 4),
        jpeg("DSC_0005.JPG", 5),
    )


@sample
def docx_dengan_foto_di_dalam() -> bytes:
    document = docx(["# Siswa Berlomba Baca Puisi", *STORIES["literasi"]], [photo(6), photo(7)])
    return mail(
        "", text("Terlampir rilis, mohon dimuat. Terima kasih\n"), part(WORD, document, name="puisi.docx")
    )


@sample
def docx_sama_dengan_badan() -> bytes:
    document = docx(["# Bantuan Banjir Disalurkan", *STORIES["banjir"]])
    return mail(
        "Bantuan Banjir Disalurkan",
        text("Selamat sore, berikut rilisnya.\n\n" + paragraphs("banjir") + "\n"),
        part(WORD, document, name="banjir.docx"),
    )


@sample
def docx_berbeda_dari_badan() -> bytes:
    document = docx(["# Pasar Rakyat Kenanga Diresmikan", *STORIES["pasar"]])
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part(WORD, document, name="pasar.docx"),
    )


@sample
def docx_rusak() -> bytes:
    document = docx(["# Pasar", *STORIES["pasar"]])
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part(WORD, document[: len(document) // 2], name="pasar.docx"),
        jpeg("banjir.jpg", 8),
    )


@sample
def docx_gambar_di_luar() -> bytes:
    """The document links a picture from somewhere else; nobody goes and fetches it."""
    document = docx(["# Siswa Berlomba Baca Puisi", *STORIES["literasi"]], [photo(6)])
    linked = _replace_in_zip(
        document,
        "word/_rels/document.xml.rels",
        b'Target="media/image1.jpg"',
        b'Target="http://gambar.contoh.invalid/x.jpg" TargetMode="External"',
    )
    linked = _replace_in_zip(linked, "word/document.xml", b"r:embed=", b"r:link=")
    return mail("", text("Mohon dimuat.\n"), part(WORD, linked, name="puisi.docx"))


@sample
def teks_sebagai_berkas() -> bytes:
    return mail(
        "Siswa Berlomba Baca Puisi",
        part("text/plain; charset=utf-8", crlf(paragraphs("literasi") + "\n"), name="naskah.txt"),
        kind="",
    )


@sample
def naskah_txt_terlampir() -> bytes:
    return mail(
        "Siswa Berlomba Baca Puisi",
        text("Yth. Redaksi, terlampir naskah. Terima kasih.\n"),
        part("text/plain; charset=utf-8", crlf(paragraphs("literasi") + "\n"), name="naskah.txt"),
        jpeg("puisi.jpg", 9),
    )


@sample
def judul_dari_isi() -> bytes:
    body = "PASAR RAKYAT KENANGA DIRESMIKAN\n\nCONTOH - " + paragraphs("pasar") + "\n(diskominfo/ris)\n"
    return mail("Rilis Humas 24/11", text(body), jpeg("pasar.jpg", 10))


@sample
def judul_kosong_tanpa_isi() -> bytes:
    return mail(None, text("\n"))


@sample
def awalan_bertumpuk() -> bytes:
    return mail(
        "Fwd: Re: Bls: Trs: [EXTERNAL] ***SPAM*** Liputan: Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
    )


@sample
def penulis_dan_fotografer() -> bytes:
    body = (
        "Palangka Raya - "
        + paragraphs("literasi")
        + "\n\nPenulis: Nala Kirana | Editor: Wira\nFotografer: Ratna Sari\n\n"
        + "Keterangan foto:\n1. Peserta membaca puisi di panggung.\n2. Kepala dinas menyerahkan piala (foto: Yoga).\n"
    )
    return mail("Siswa Berlomba Baca Puisi", text(body), jpeg("a.jpg", 11), jpeg("b.jpg", 12))


@sample
def keterangan_dengan_nama_berkas() -> bytes:
    body = (
        paragraphs("literasi")
        + "\n\nIMG_20.jpg: Juri menilai penampilan.\nIMG_10.jpg: Peserta termuda tampil.\n"
    )
    return mail("Siswa Berlomba Baca Puisi", text(body), jpeg("IMG_10.jpg", 13), jpeg("IMG_20.jpg", 14))


@sample
def keterangan_berlebih() -> bytes:
    body = paragraphs("literasi") + "\n\nFoto 1: Juri menilai penampilan.\nFoto 2: Peserta termuda tampil.\n"
    return mail("Siswa Berlomba Baca Puisi", text(body), jpeg("IMG_10.jpg", 13))


@sample
def kapital_di_atas() -> bytes:
    body = (
        "RAKOR KARHUTLA : Gubernur Contoh Utara memimpin rapat koordinasi, Senin (23/11). (foto: dkisp)\n\n"
        "TANJUNG SELOR – " + paragraphs("rakor") + " (humas)\n"
    )
    return mail("Gubernur Minta Desa Siapkan Regu Siaga", text(body), jpeg("rakor.jpg", 15))


# HTML and its neighbours


@sample
def html_dari_word() -> bytes:
    body = (
        "<!--[if gte mso 9]><xml><w:WordDocument>Print</w:WordDocument></xml><![endif]-->"
        "<style>p.MsoNormal {margin:0}</style>"
        '<p class="MsoNormal"><b><span style="mso-ansi-language:IN">Pasar Rakyat Kenanga Diresmikan</span></b><o:p></o:p></p>'
        + "".join(
            f'<p class="MsoNormal"><span style="font-size:12.0pt">{words}</span><o:p>&nbsp;</o:p></p>'
            for words in STORIES["pasar"]
        )
        + '<span style="display:none">ID pelacakan 9981-XYZ</span>'
        '<p style="mso-hide:all">Jangan tampil</p>'
        '<img src="http://pelacak.contoh.invalid/x.gif" width="1" height="1">'
    )
    plain = "\n\n".join(
        ["*Pasar Rakyat Kenanga Diresmikan*", *(textwrap.fill(p, 76) for p in STORIES["pasar"])]
    )
    return mail("Pasar Rakyat Kenanga Diresmikan", text(plain + "\n"), html(body), kind="alternative")


@sample
def teks_biasa_hanya_pengganti() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text("Your client does not support HTML.\n"),
        html(html_paragraphs("banjir")),
        kind="alternative",
    )


@sample
def html_kosong() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n"), html("<br>"), kind="alternative"
    )


@sample
def html_baris_baru() -> bytes:
    body = "<div>" + "<br><br>".join(STORIES["banjir"]) + "</div>"
    return mail("Bantuan Banjir Disalurkan", html(body), kind="")


@sample
def html_jahat() -> bytes:
    body = (
        "<script>alert(1)</script>"
        + html_paragraphs("banjir").replace("<p>", "<p onclick=\"alert(2)\" onmouseover='alert(3)'>", 1)
        + '<p><a href="javascript:alert(4)">Selengkapnya</a> <img src=x onerror=alert(5)></p>'
        "<iframe src='http://jahat.contoh.invalid'></iframe><object data='x.swf'></object><form><input value='alert(6)'></form>"
        "<svg onload=alert(7)></svg>"
    )
    return mail("Bantuan Banjir Disalurkan", html(body), kind="")


@sample
def html_bersarang_dalam() -> bytes:
    depth = 3000
    return mail(
        "Bantuan Banjir Disalurkan",
        html("<div>" * depth + html_paragraphs("banjir") + "</div>" * depth),
        kind="",
    )


@sample
def gambar_dalam_teks() -> bytes:
    """Outlook: related(alternative(plain, html), images), a photo and the office's logo by Content-ID."""
    body = html_paragraphs("banjir") + '<img src="cid:foto@x"><p>Humas Kota Contoh</p><img src="cid:logo@x">'
    inner = multipart("alternative", text(paragraphs("banjir") + "\n"), html(body), boundary="dalam")
    return mail(
        "Bantuan Banjir Disalurkan",
        inner,
        jpeg("image001.jpg", 16, disposition="inline", headers="Content-ID: <foto@x>\n"),
        part(
            "image/png", logo(), name="image002.png", disposition="inline", headers="Content-ID: <logo@x>\n"
        ),
        kind="related",
    )


@sample
def gambar_menurut_urutan_teks() -> bytes:
    """The text shows its pictures in another order than they are attached in."""
    body = "".join(
        f'<p>{words}</p><img src="cid:foto{3 - index}@x">' for index, words in enumerate(STORIES["pasar"])
    )
    return mail(
        "Pasar Rakyat Kenanga Diresmikan",
        html(body),
        *[
            jpeg(
                f"image00{index}.jpg",
                80 + index,
                disposition="inline",
                headers=f"Content-ID: <foto{index}@x>\n",
            )
            for index in (1, 2, 3)
        ],
        kind="related",
    )


@sample
def gambar_sebelum_teks() -> bytes:
    body = html_paragraphs("banjir") + '<img src="cid:foto@x">'
    return mail(
        "Bantuan Banjir Disalurkan",
        jpeg(None, 17, disposition=None, headers="Content-ID: <foto@x>\n"),
        html(body),
        kind="related",
    )


@sample
def apple_selang_seling() -> bytes:
    first, second, third = STORIES["pasar"]
    return mail(
        "Pasar Rakyat Kenanga Diresmikan",
        text(first + "\n"),
        jpeg("IMG_0101.jpeg", 18, disposition="inline"),
        text(second + "\n"),
        jpeg("IMG_0102.jpeg", 19, disposition="inline"),
        text(third + "\n\nDikirim dari iPhone saya\n"),
    )


@sample
def apple_di_dalam_alternatif() -> bytes:
    rich = multipart(
        "mixed",
        html("<p>" + STORIES["pasar"][0] + "</p>"),
        jpeg("IMG_0103.jpeg", 20, disposition="inline"),
        html("<p>" + "</p><p>".join(STORIES["pasar"][1:]) + "</p>"),
        boundary="dalam",
    )
    return mail("Pasar Rakyat Kenanga Diresmikan", text(paragraphs("pasar") + "\n"), rich, kind="alternative")


@sample
def piksel_pelacak() -> bytes:
    pixel = base64.b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
    return mail(
        "Bantuan Banjir Disalurkan",
        html(html_paragraphs("banjir") + '<img src="cid:p@x">'),
        part("image/gif", pixel, name="p.gif", disposition="inline", headers="Content-ID: <p@x>\n"),
        kind="related",
    )


# Photos wherever they hide


@sample
def surel_satu_foto() -> bytes:
    return mail("", jpeg(None, 21, disposition=None), kind="")


@sample
def foto_tanpa_nama() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part("application/octet-stream", photo(22), disposition=None),
        part("image/jpeg", photo(23), disposition=None),
    )


@sample
def jenis_keliru() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part("image/png", photo(24), name="layar.png"),
        part("image/jpeg", zipped({"isi.txt": b"bukan foto"}), name="IMG_1.jpg"),
        part("image/jpeg", b"bukan gambar sama sekali", name="IMG_2.jpg"),
    )


@sample
def foto_terpotong() -> bytes:
    whole = photo(25)
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        jpeg("utuh.jpg", 26),
        jpeg("terpotong.jpg", 0, data=whole[: len(whole) * 2 // 3]),
    )


@sample
def foto_sama_dua_kali() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        jpeg("image001.jpg", 27),
        jpeg("image001.jpg", 28),
        jpeg("image001.jpg", 27),
    )


@sample
def banyak_jenis_berkas() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        jpeg("banjir.jpg", 29),
        part("video/quicktime", b"\0\0\0\x14ftypqt  " + b"\0" * 200, name="IMG_4402.MOV"),
        part("application/pdf", pdf(["Undangan rapat koordinasi."]), name="undangan.pdf"),
        part("application/zip", zipped({"catatan.txt": b"x"}), name="arsip.zip"),
        part("application/octet-stream", b"MZ\x90\0", name="foto.jpg.exe"),
        part("application/pkcs7-signature", b"0\x82", name="smime.p7s"),
    )


# Damage


@sample
def base64_berhuruf_asing() -> bytes:
    lines, second, third = (base64.encodebytes(photo(seed)).split(b"\n") for seed in (30, 60, 61))
    stray = b"\r\n".join(lines[:-2]) + b"\r\n" + lines[-2].rstrip(b"=") + b"\r\nA\r\n"
    middle = b"\r\n".join([*second[:3], second[3][:10] + b"\xe9" + second[3][10:], *second[4:]])
    footer = b"\r\n".join(third) + b"\r\n--\r\nDipindai oleh penjaga surel kantor. Bebas virus.\r\n"
    head = "Content-Type: image/jpeg\r\nContent-Disposition: attachment; filename={}\r\nContent-Transfer-Encoding: {}\r\n\r\n"
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        head.format("sisa.jpg", "base64").encode() + stray,
        head.format("tengah.jpg", "base64;").encode() + middle,
        head.format("kaki.jpg", "BASE64 ").encode() + footer,
    )


@sample
def quoted_printable_rusak() -> bytes:
    quote = encoded(crlf(paragraphs("banjir") + "\n"), "quoted-printable")
    body = quote.replace(b"(25/11/2026).", b"(25/11/2026)=2E") + b"Suhu = 30 derajat =ZZ selesai=\r\n"
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return mail("Bantuan Banjir Disalurkan", head + body, kind="")


@sample
def batas_berapostrof() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        jpeg("jumat.jpg", 31),
        boundary="=_Jum'at (25/11)=_\xe9",
    )


@sample
def batas_keliru() -> bytes:
    inner = multipart(
        "mixed",
        text(paragraphs("banjir") + "\n"),
        jpeg("banjir.jpg", 32),
        boundary="yang-dipakai",
        declared="yang-disebut",
    )
    return mail("Bantuan Banjir Disalurkan", inner, kind="")


@sample
def tanpa_batas() -> bytes:
    inner = multipart(
        "mixed", text(paragraphs("banjir") + "\n"), jpeg("banjir.jpg", 32), boundary="yang-dipakai"
    )
    return mail("Bantuan Banjir Disalurkan", inner.replace(b'; boundary="yang-dipakai"', b""), kind="")


@sample
def batas_dipakai_lagi() -> bytes:
    inner = multipart(
        "alternative", text(paragraphs("banjir") + "\n"), html(html_paragraphs("banjir")), boundary="sama"
    )
    return mail("Bantuan Banjir Disalurkan", inner, jpeg("banjir.jpg", 33), boundary="sama")


@sample
def terpotong_di_akhir() -> bytes:
    whole = mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        jpeg("banjir.jpg", 34),
        jpeg("kedua.jpg", 35),
    )
    return whole[:-2500]


@sample
def baris_kepala_rusak() -> bytes:
    whole = mail("Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n"), jpeg("banjir.jpg", 36))
    return whole.replace(b"Subject:", b"baris ini tanpa titik dua\r\nSubject:")


@sample
def akhir_baris_kuno() -> bytes:
    return mail("Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n")).replace(b"\r\n", b"\r")


@sample
def bersarang_dalam() -> bytes:
    inner = text(paragraphs("banjir") + "\n")
    for depth in range(20):
        inner = multipart("mixed", inner, boundary=f"b{depth}")
    bomb = text("terlalu dalam\n")
    for depth in range(80):
        bomb = multipart("mixed", bomb, boundary=f"c{depth}")
    return mail("Bantuan Banjir Disalurkan", inner, jpeg("banjir.jpg", 37), bomb)


@sample
def terlalu_banyak_bagian() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        jpeg("banjir.jpg", 38),
        *[part("application/x-kecil", b"x", encoding="", disposition=None)] * 600,
    )


@sample
def bukan_surel() -> bytes:
    return bytes(range(256)) * 8


@sample
def tanpa_kepala() -> bytes:
    return crlf("Ini hanya catatan yang tersimpan sebagai berkas surel.\nTidak ada kepala suratnya.\n")


@sample
def kosong() -> bytes:
    return b""


@sample
def uuencode() -> bytes:
    body = uuencoded("banjir.jpg", photo(39))
    head = b"Content-Type: image/jpeg; name=banjir.jpg\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\n"
    return mail(
        "Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n"), head + body.replace(b"\n", b"\r\n")
    )


# Headers


@sample
def nama_berkas_aneh() -> bytes:
    head = (
        "Content-Type: {}\r\nContent-Disposition: attachment; {}\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    )
    names = (
        "filename=foto kegiatan 1.jpg",
        "filename=Foto Jum'at.jpg",
        "filename==?utf-8?B?UmFwYXQg4oCTIEJhbGFpLmpwZw==?=",
        'filename="../../etc/foto\\".jpg"',
        "filename*0*=utf-8''Sangat%20panjang%20; filename*1*=%E2%80%93%20sekali; filename*2=.jpg",
        'filename="gambar\u202egpj.exe.jpg"',
    )
    photos = [
        head.format("image/jpeg", name).encode() + encoded(photo(40 + index), "base64")
        for index, name in enumerate(names)
    ]
    document = head.format("application/pdf", "filename=O'Brien.pdf").encode() + encoded(
        pdf(["Undangan rapat koordinasi."]), "base64"
    )
    return mail("Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n"), *photos, document)


@sample
def subjek_terpecah() -> bytes:
    """The words are cut inside a letter, as careless programs do."""
    title = "Kirab Merah Putih 🇮🇩 Meriahkan Ma’had".encode()
    words = [base64.b64encode(title[at : at + 20]).decode() for at in range(0, len(title), 20)]
    subject = "\r\n ".join(f"=?utf-8?B?{word}?=" for word in words)
    return mail(subject, text(paragraphs("literasi") + "\n"))


@sample
def kepala_8_bit() -> bytes:
    return mail(
        "Café Literasi Dibuka di Taman Baca".encode("cp1252"),
        text(paragraphs("literasi") + "\n"),
        sender="Désirée Ayu <desi@contoh.go.id>".encode(),
    )


@sample
def subjek_berkarakter_kendali() -> bytes:
    return mail("Bantuan\0 Banjir\u202e\u200b Disalurkan", text(paragraphs("banjir") + "\n"))


@sample
def charset_tak_dikenal() -> bytes:
    body = crlf("Kafé “Melati” dibuka – kata Ratna.\n").decode().encode("cp1252")
    head = b"Content-Type: text/plain; charset=windows-1252http-equivcontent-type\r\n\r\n"
    return mail("Kafe Melati Dibuka Pagi Ini", head + body, kind="")


@sample
def charset_bohong() -> bytes:
    return mail(
        "Bantuan Pasar Disalurkan", text(paragraphs("musrenbang") + "\n", charset="iso-8859-1"), kind=""
    )


@sample
def ascii_berkutip_miring() -> bytes:
    body = crlf(paragraphs("musrenbang") + "\n").decode().encode("cp1252")
    return mail(
        "Musrenbang Dibuka Wali Kota", b"Content-Type: text/plain; charset=us-ascii\r\n\r\n" + body, kind=""
    )


@sample
def pengirim_berkoma() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        sender="Dinas Kominfo, Humas <Humas@Contoh.go.id>",
    )


@sample
def pengirim_rusak() -> bytes:
    return mail("Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n"), sender="x@[")


@sample
def pengirim_dua_at() -> bytes:
    return mail("Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n"), sender="A <a@b@contoh.go.id>")


@sample
def pengirim_ganda() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        headers="From: Lain <lain@asing.example>\n",
    )


@sample
def pengirim_menyamar() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        sender='"budi@contoh.go.id" <penipu@asing.example>',
    )


@sample
def tanggal_indonesia() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan", text(paragraphs("banjir") + "\n"), date="Sen, 23 Nop 2026 10.05 WITA"
    )


# Automatic mail


@sample
def balasan_otomatis() -> bytes:
    return mail("Re: Rilis", text("Saya sedang cuti.\n"), headers="Auto-Submitted: auto-replied\n", kind="")


@sample
def di_luar_kantor() -> bytes:
    return mail("Balasan otomatis: Rilis pasar", text("Saya kembali pada 1 Desember.\n"), kind="")


@sample
def dari_milis() -> bytes:
    return mail(
        "[warta] Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        headers="List-Id: Warta <warta.contoh.go.id>\nPrecedence: list\n",
    )


@sample
def laporan_gagal_kirim() -> bytes:
    returned = part(
        "message/rfc822",
        mail("Berita Anda", text(paragraphs("pasar") + "\n"), boundary="dalam"),
        encoding="",
        disposition=None,
    )
    return mail(
        "Undelivered Mail Returned to Sender",
        text("Surel Anda tidak dapat disampaikan.\n"),
        part(
            "message/delivery-status", b"Action: failed\r\nStatus: 5.1.1\r\n", encoding="", disposition=None
        ),
        returned,
        sender="MAILER-DAEMON@contoh.go.id",
        headers="Return-Path: <>\n",
        kind="report",
    )


@sample
def surel_kami_sendiri() -> bytes:
    return mail(
        "Kiriman Anda kami terima", text("Terima kasih.\n"), headers="X-Redaksi-Letter: 12\n", kind=""
    )


@sample
def auto_submitted_no() -> bytes:
    """`Auto-Submitted: no` says that a person wrote it; so does X-Auto-Response-Suppress say nothing."""
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        headers="Auto-Submitted: no\nX-Auto-Response-Suppress: All\n",
    )


# Forwards and replies


def _head(labels: str, subject: str) -> str:
    dari, tanggal, judul, kepada = labels.split()
    return (
        f"{dari}: Sri Lestari <sri@contoh.go.id>\n{tanggal}: Sel, 24 Nov 2026 pukul 09.15\n"
        f"{judul}: {subject}\n{kepada}: Budi Santoso <budi@contoh.go.id>\n"
    )


@sample
def terusan_gmail() -> bytes:
    body = (
        "Min, ini dari Sri.\n\n---------- Forwarded message ---------\n"
        + _head("Dari Date Subject To", "Pasar Rakyat Kenanga Diresmikan")
        + "\n\n"
        + textwrap.fill(STORIES["pasar"][0], 72)
        + "\n\n"
        + "\n\n".join(textwrap.fill(words, 72) for words in STORIES["pasar"][1:])
        + "\n\n(diskominfo/sri)\n"
    )
    return mail("Fwd: Pasar Rakyat Kenanga Diresmikan", text(body), jpeg("pasar.jpg", 50))


@sample
def terusan_gmail_html() -> bytes:
    body = (
        '<div dir="ltr">Min, ini dari Sri.<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">'
        '---------- Pesan terusan ---------<br>Dari: <b class="gmail_sendername">Sri Lestari</b> '
        '<span dir="auto">&lt;<a href="mailto:sri@contoh.go.id">sri@contoh.go.id</a>&gt;</span><br>'
        "Tanggal: Sel, 24 Nov 2026 pukul 09.15<br>Subjek: Pasar Rakyat Kenanga Diresmikan<br>"
        'Kepada: Budi &lt;<a href="mailto:budi@contoh.go.id">budi@contoh.go.id</a>&gt;<br></div><br><br>'
        + "".join(f"<div>{words}</div><div><br></div>" for words in STORIES["pasar"])
        + "</div></div>"
    )
    return mail("Fwd: rilis", html(body), kind="")


@sample
def terusan_roundcube() -> bytes:
    body = (
        "\n-------- Pesan Asli --------\nJudul: Pasar Rakyat Kenanga Diresmikan\nTanggal: 2026-11-24 09:15\n"
        "Pengirim: Sri Lestari <sri@contoh.go.id>\nPenerima: budi@contoh.go.id\nLampiran: humas@contoh.go.id\n\n"
        + paragraphs("pasar")
        + "\n"
    )
    return mail("Fwd: Pasar Rakyat Kenanga Diresmikan", text(body), kind="")


@sample
def terusan_thunderbird() -> bytes:
    body = (
        "\n\n-------- Pesan Diteruskan --------\n"
        + _head("From Date Subject To", "Pasar Rakyat Kenanga Diresmikan").replace("From:", "From: \t")
        + "\n\n\n"
        + paragraphs("pasar")
        + "\n"
    )
    return mail("Fwd: Pasar Rakyat Kenanga Diresmikan", text(body), kind="")


@sample
def terusan_outlook() -> bytes:
    body = (
        "<p>Mohon tayang.</p><div style='border-top:solid #E1E1E1 1.0pt'><p><b>Dari:</b> Sri Lestari &lt;sri@contoh.go.id&gt;<br>"
        "<b>Dikirim:</b> Selasa, 24 November 2026 09:15<br><b>Kepada:</b> Budi Santoso &lt;budi@contoh.go.id&gt;<br>"
        "<b>Subjek:</b> Pasar Rakyat Kenanga Diresmikan</p></div>" + html_paragraphs("pasar")
    )
    return mail("FW: Pasar Rakyat Kenanga Diresmikan", html(body), kind="")


@sample
def terusan_yahoo_lengket() -> bytes:
    body = (
        "----- Pesan yang Diteruskan ----- Dari: Sri Lestari <sri@contoh.go.id>Kepada: Budi Santoso <budi@contoh.go.id>"
        "Dikirim: Selasa, 24 November 2026 09.15 WIBJudul: Pasar Rakyat Kenanga Diresmikan\n\n"
        + paragraphs("pasar")
        + "\n"
    )
    return mail("Trs: Pasar Rakyat Kenanga Diresmikan", text(body), kind="")


@sample
def terusan_apple() -> bytes:
    inner = (
        _head("From Date Subject To", "Pasar Rakyat Kenanga Diresmikan") + "\n" + paragraphs("pasar") + "\n"
    )
    body = "Begin forwarded message:\n\n" + "".join(
        f"> {line}\n" if line else ">\n" for line in inner.splitlines()
    )
    return mail(
        "Fwd: Pasar Rakyat Kenanga Diresmikan", text(body + "\n\nDikirim dari iPhone saya\n"), kind=""
    )


@sample
def terusan_bertingkat() -> bytes:
    body = (
        "FYI\n\n---------- Pesan terusan ---------\n"
        + _head("Dari Tanggal Subjek Kepada", "Fwd: Pasar Rakyat Kenanga Diresmikan")
        + "\nTolong diteruskan ke media center ya, Bud.\n\n---------- Forwarded message ---------\n"
        + _head("From Date Subject To", "Pasar Rakyat Kenanga Diresmikan")
        + "\n"
        + paragraphs("pasar")
        + "\n"
    )
    return mail("Fwd: Fwd: Pasar Rakyat Kenanga Diresmikan", text(body), kind="")


@sample
def terusan_sebagai_lampiran() -> bytes:
    inner = mail(
        "Pasar Rakyat Kenanga Diresmikan",
        text(paragraphs("pasar") + "\n"),
        jpeg("pasar.jpg", 51),
        sender="Sri Lestari <sri@contoh.go.id>",
        boundary="dalam",
    )
    return mail(
        "Fwd: berita",
        text("Mohon dimuat ya.\n"),
        part("message/rfc822", inner, encoding="", name="Pasar.eml"),
    )


@sample
def terusan_lampiran_base64() -> bytes:
    inner = mail(
        "Pasar Rakyat Kenanga Diresmikan",
        text(paragraphs("pasar") + "\n"),
        jpeg("pasar.jpg", 52),
        boundary="dalam",
    )
    return mail("Fwd: berita", text("Mohon dimuat.\n"), part("message/rfc822", inner, name="Pasar.eml"))


@sample
def terusan_lampiran_octet() -> bytes:
    inner = mail(
        "Pasar Rakyat Kenanga Diresmikan",
        text(paragraphs("pasar") + "\n"),
        jpeg("pasar.jpg", 53),
        boundary="dalam",
    )
    return mail(
        "Fwd: berita", text("Mohon dimuat.\n"), part("application/octet-stream", inner, name="Pasar.eml")
    )


@sample
def balasan_dengan_kutipan() -> bytes:
    quoted = "".join(f"> {line}\n" for line in textwrap.wrap(" ".join(STORIES["pasar"]), 70))
    body = (
        "REVISI paragraf 3\n\n"
        + paragraphs("banjir")
        + "\n\nPada Sel, 24 Nov 2026 pukul 14.59 Media Center Kota Contoh\n<redaksi@contoh.go.id> menulis:\n\n"
        + quoted
    )
    return mail(
        "Re: Bantuan Banjir Disalurkan", text(body), headers="In-Reply-To: <awal-1@contoh.go.id>\n", kind=""
    )


@sample
def balasan_di_bawah_kutipan() -> bytes:
    body = (
        "Pada tanggal Sen, 23 Nov 2026 10.41 Media Center <redaksi@contoh.go.id> menulis:\n"
        "> Terima kasih atas kiriman Anda.\n> Mohon lengkapi nama-nama yang hadir.\n\n"
        + paragraphs("banjir")
        + "\n"
    )
    return mail("Re: Bantuan Banjir Disalurkan", text(body), kind="")


@sample
def balasan_pendek() -> bytes:
    """So little is new that nothing is set aside."""
    body = (
        "Ya, sudah benar.\n\nPada Sel, 24 Nov 2026 pukul 14.59 Media Center <redaksi@contoh.go.id> menulis:\n\n"
        "> Apakah nama camat sudah benar?\n"
    )
    return mail("Re: Musrenbang Melati", text(body), kind="")


# Around the story


@sample
def salam_dan_tanda_tangan() -> bytes:
    body = (
        "Yth. Redaksi Media Center,\n\nSelamat siang. Berikut kami kirimkan rilis hari ini, mohon dimuat.\n\n"
        + paragraphs("banjir")
        + "\n\nDemikian kami sampaikan, atas perhatiannya diucapkan terima kasih.\n\n-- \nBudi Santoso, S.Sos\n"
        "NIP 198501012010011001\nHumas BPBD Kota Contoh\nHP 0812-0000-0000\n\n"
        "Disclaimer: Email ini bersifat rahasia dan hanya ditujukan kepada penerima yang dituju.\n"
    )
    return mail(
        "Bantuan Banjir Disalurkan",
        text(body),
        jpeg("banjir.jpg", 54),
        part("image/png", logo(), name="image001.png", disposition="inline"),
    )


@sample
def kaki_ponsel() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n\nDikirim dari Yahoo Mail di Android\n"),
        kind="",
    )


@sample
def surat_resmi() -> bytes:
    """Labels of an official letter are no head of a forwarded mail."""
    body = (
        "Nomor: 480/112/Kominfo\nLampiran: 1 (satu) berkas\nPerihal: Permohonan pemuatan berita\nKepada: Yth. Kepala Dinas\n\n"
        + paragraphs("banjir")
        + "\n"
    )
    return mail("Bantuan Banjir Disalurkan", text(body), kind="")


@sample
def tanda_yang_mengecoh() -> bytes:
    """Dashes, bullets and a lone `Dari:` belong to the story."""
    body = (
        "BANDA ACEH -- "
        + STORIES["banjir"][0]
        + "\n\nBantuan itu terdiri atas:\n\n- Rapat koordinasi posko\n- Beras 5 kilogram\n- Selimut\n\n"
        + "--------------------\n\nDari: gudang logistik provinsi bantuan dibawa dengan tiga truk.\n\n"
        + STORIES["banjir"][1]
        + "\n\n"
        + STORIES["banjir"][2]
        + "\n"
    )
    return mail("Bantuan Banjir Disalurkan", text(body), kind="")


@sample
def kutipan_bukan_penutup() -> bytes:
    body = (
        paragraphs("banjir")
        + "\n\nTerima kasih kepada seluruh relawan yang sudah bekerja siang dan malam, ujar Yusuf Hakim menutup keterangannya di posko.\n"
    )
    return mail("Bantuan Banjir Disalurkan", text(body), kind="")


# Text as people type it


@sample
def dari_whatsapp() -> bytes:
    first, second, third = STORIES["musrenbang"]
    body = (
        "Diteruskan\n\n[10.12, 23/11/2026] Budi MC: *WALI KOTA BUKA MUSRENBANG KECAMATAN MELATI*\n\n"
        f"_Palangka Raya_ - {first}\n\n{second}\n\n"
        f"[10.13, 23/11/2026] Budi MC: {third} 🙏🙏\n<Media tidak disertakan>\n"
    )
    return mail("Fwd: berita", text(body), jpeg("IMG-20261123-WA0007.jpg", 55))


@sample
def tanda_whatsapp() -> bytes:
    body = (
        "*Siswa Berlomba Baca Puisi*\n\n" + STORIES["literasi"][0] + "\n\n"
        "Lomba memakai rumus 5*3*2 dan berkas nama_file_baru.txt, kata *Laras Ayu* dengan _sangat_ gembira. "
        "Bintang * sendirian tetap bintang.\n\n" + STORIES["literasi"][2] + "\n"
    )
    return mail("Siswa Berlomba Baca Puisi", text(body), kind="")


@sample
def baris_72_kolom() -> bytes:
    body = "\n\n".join(textwrap.fill(words, 72) for words in STORIES["literasi"])
    body += "\n\nSusunan juri:\n- Wira Atmaja\n- Nala Kirana\n"
    return mail("Siswa Berlomba Baca Puisi", text(body), kind="")


@sample
def satu_baris_satu_paragraf() -> bytes:
    return mail("Siswa Berlomba Baca Puisi", text("\n".join(STORIES["literasi"]) + "\n"), kind="")


@sample
def format_mengalir() -> bytes:
    lines = [" \n".join(textwrap.wrap(words, 66)) for words in STORIES["literasi"]]
    return mail("Siswa Berlomba Baca Puisi", text("\n\n".join(lines) + "\n", more="; format=flowed"), kind="")


@sample
def huruf_aneh() -> bytes:
    first, second, third = STORIES["literasi"]
    bold = "".join(
        chr(0x1D5D4 + ord(char) - 65) if char.isupper() else chr(0x1D5EE + ord(char) - 97) for char in "Siswa"
    )
    body = f"{first.replace(' ', chr(0xA0), 4)}\n\n{second.replace('minat', 'mi' + chr(0x200B) + 'nat' + chr(0xAD))}\n\n{third}\n"
    return mail(f"{bold} Berlomba Baca Puisi", text("\ufeff" + body), kind="")


@sample
def tanda_tangan_digital() -> bytes:
    inner = multipart("mixed", text(paragraphs("banjir") + "\n"), jpeg("banjir.jpg", 56), boundary="dalam")
    return mail(
        "Bantuan Banjir Disalurkan",
        inner,
        part(
            "application/pgp-signature",
            b"-----BEGIN PGP SIGNATURE-----\r\n",
            encoding="",
            name="signature.asc",
        ),
        kind="signed",
    )


@sample
def undangan_kalender() -> bytes:
    event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Liputan\nEND:VEVENT\nEND:VCALENDAR\n"
    return mail(
        "Undangan: peresmian pasar",
        text("Mohon hadir meliput peresmian pasar besok pukul 08.00 WIB.\n"),
        text(event, kind="calendar"),
        kind="alternative",
    )


@sample
def pesan_sebagian() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part(
            'message/partial; number=1; total=2; id="x"',
            b"Subject: sebagian\r\n\r\nx\r\n",
            encoding="",
            disposition=None,
        ),
        part(
            "message/external-body; access-type=URL; URL=http://contoh.invalid",
            b"\r\n",
            encoding="",
            disposition=None,
        ),
    )


# Containers and other documents


@sample
def foto_di_dalam_zip() -> bytes:
    """Names in UTF-8 that do not say so, a folder, a Mac's furniture, a ZIP in the ZIP."""
    inner = zipped({"dalam/foto ketiga.jpg": photo(63)})
    archive = _unflagged(
        zipped(
            {
                "Foto Jum’at/satu.jpg": photo(61),
                "__MACOSX/Foto Jum’at/._satu.jpg": b"x",
                "Foto Jum’at/Thumbs.db": b"x",
                "../../dua – akhir.jpg": photo(62),
                "lagi.zip": inner,
            }
        )
    )
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part("application/zip", archive, name="foto.zip"),
    )


@sample
def naskah_dan_foto_dalam_zip() -> bytes:
    document = docx(["# Pasar Rakyat Kenanga Diresmikan", *STORIES["pasar"]])
    archive = zipped({"rilis.docx": document, "pasar.jpg": photo(64)})
    return mail(
        "kirim berita",
        text("Mohon dimuat.\n"),
        part("application/x-zip-compressed", archive, name="kiriman.zip"),
    )


@sample
def bom_zip() -> bytes:
    archive = zipped({"kecil.jpg": photo(65), "besar.bmp": b"\0" * 30_000_000, "sesudah.jpg": photo(66)})
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part("application/zip", archive, name="foto.zip"),
    )


@sample
def zip_bersandi() -> bytes:
    archive = zipped({"foto.jpg": photo(67)})
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = archive.index(mark) + place
        archive = archive[:at] + bytes([archive[at] | 1]) + archive[at + 1 :]
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part("application/zip", archive, name="foto.zip"),
    )


@sample
def arsip_rar() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part("application/octet-stream", b"Rar!\x1a\x07\x01\x00" + b"\0" * 60, name="foto.rar"),
    )


@sample
def winmail_dat() -> bytes:
    packed = tnef(
        paragraphs("banjir").replace("\n", "\r\n"),
        {"Banjir – Anggrek.jpg": photo(68), "undangan.pdf": pdf(["Undangan rapat koordinasi."])},
    )
    return mail("Bantuan Banjir Disalurkan", part("application/ms-tnef", packed, name="winmail.dat"))


@sample
def naskah_odt() -> bytes:
    document = odt(["# Pasar Rakyat Kenanga Diresmikan", *STORIES["pasar"]], [photo(69)])
    return mail(
        "",
        text("Selamat siang, terlampir naskahnya.\n"),
        part("application/vnd.oasis.opendocument.text", document, name="pasar.odt"),
    )


@sample
def naskah_rtf() -> bytes:
    document = rtf(["Siswa Berlomba Baca Puisi – “Cempaka”", *STORIES["literasi"]])
    return mail("", text("Terlampir.\n"), part("application/msword", document, name="puisi.rtf"))


@sample
def naskah_doc_lama() -> bytes:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    return mail("Rilis pasar", text("Terlampir.\n"), part("application/msword", data, name="rilis pasar.doc"))


@sample
def dua_naskah_docx() -> bytes:
    first = docx(["# Pasar Rakyat Kenanga Diresmikan", *STORIES["pasar"]])
    second = docx(["# Bantuan Banjir Disalurkan", *STORIES["banjir"]])
    return mail(
        "dua rilis hari ini",
        text("Mohon dimuat, ada dua berita.\n"),
        part(WORD, first, name="pasar.docx"),
        part(WORD, second, name="banjir.docx"),
    )


@sample
def dua_surel_terlampir() -> bytes:
    inner = [
        mail(title, text(paragraphs(name) + "\n"), boundary=f"dalam-{name}")
        for title, name in (
            ("Pasar Rakyat Kenanga Diresmikan", "pasar"),
            ("Bantuan Banjir Disalurkan", "banjir"),
        )
    ]
    return mail(
        "Fwd: dua berita",
        text("Mohon dimuat keduanya.\n"),
        *[part("message/rfc822", data, encoding="", disposition=None) for data in inner],
    )


@sample
def pengantar_panjang_dan_docx() -> bytes:
    letter = (
        "Yth. Redaksi Media Center,\n\nBersama ini kami kirimkan rilis kegiatan peresmian pasar yang dilaksanakan kemarin "
        "beserta dua foto pilihan. Mohon kiranya dapat dimuat pada kesempatan pertama, dan bila ada kekurangan data mohon "
        "menghubungi kami pada jam kerja melalui nomor kantor yang sudah tercatat di redaksi.\n"
    )
    long = STORIES["pasar"] + STORIES["banjir"] + STORIES["musrenbang"]
    document = docx(["# Pasar Rakyat Kenanga Diresmikan", *long])
    return mail("Rilis", text(letter), part(WORD, document, name="pasar.docx"))


@sample
def huruf_rusak() -> bytes:
    garbled = paragraphs("musrenbang").encode().decode("latin-1")
    return mail("Wali Kota Buka Musrenbang", text(garbled + "\n"), kind="")


@sample
def tautan_drive() -> bytes:
    body = (
        paragraphs("banjir")
        + "\n\nFoto ada di https://drive.google.com/drive/folders/1AbC?usp=sharing dan "
        + "https://www.google.com/url?q=https://we.tl/t-Xyz123&sa=D.\n"
    )
    return mail("Bantuan Banjir Disalurkan", text(body), kind="")


@sample
def foto_heic() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        text(paragraphs("banjir") + "\n"),
        part("application/octet-stream", photo(70, form="HEIF"), name="IMG_0042.HEIC"),
    )


@sample
def terkunci() -> bytes:
    return mail(
        "Bantuan Banjir Disalurkan",
        part("application/pgp-encrypted", b"Version: 1\r\n", encoding="", disposition=None),
        part(
            "application/octet-stream", b"-----BEGIN PGP MESSAGE-----\r\n", encoding="", name="encrypted.asc"
        ),
        kind="encrypted",
    )


@sample
def bagian_dalam_base64() -> bytes:
    """A multipart in base64, which no standard allows and some gateways write."""
    inner = multipart("mixed", text(paragraphs("banjir") + "\n"), jpeg("banjir.jpg", 71), boundary="dalam")
    head, _, body = inner.partition(b"\r\n\r\n")
    wrapped = head + b"\r\nContent-Transfer-Encoding: base64\r\n\r\n" + encoded(body, "base64")
    return mail("Bantuan Banjir Disalurkan", wrapped)


def _with_dateline(name: str, dateline: str) -> list[str]:
    first, *rest = STORIES[name]
    return [dateline + first, *rest]


def _unflagged(archive: bytes) -> bytes:
    """Clear the flag by which a ZIP says that its names are UTF-8."""
    for mark, place in ((b"PK\x03\x04", 7), (b"PK\x01\x02", 9)):
        at = -1
        while (at := archive.find(mark, at + 1)) >= 0:
            archive = archive[: at + place] + bytes([archive[at + place] & ~8]) + archive[at + place + 1 :]
    return archive


def _replace_in_zip(data: bytes, path: str, old: bytes, new: bytes) -> bytes:
    import io
    import zipfile

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[path] = files[path].replace(old, new)
    return zipped(files)


# The other samples register themselves.
from tests.samples import make_documents, make_wrapped  # noqa: E402, F401

if __name__ == "__main__":
    main()
