"""Sample mails whose text or files are wrapped: signed, locked, coded, invited. Registered like those of make_mail."""

from __future__ import annotations

from tests.samples.parts import (
    STORIES,
    crlf,
    encoded,
    html,
    html_paragraphs,
    jpeg,
    mail,
    multipart,
    paragraphs,
    part,
    photo,
    rtf,
    sample,
    signed_data,
    text,
    tnef,
    uuencoded,
    yenc,
)

PASAR = "Pasar Rakyat Kenanga Diresmikan"
BANJIR = "Bantuan Banjir Disalurkan"


@sample
def smime_terbungkus() -> bytes:
    """Opaque signed data around a whole multipart."""
    inner = multipart("mixed", text(paragraphs("banjir") + "\n"), jpeg("banjir.jpg", 131), boundary="dalam")
    sealed = part(
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m", signed_data(inner), name="smime.p7m"
    )
    return mail(BANJIR, sealed, kind="")


@sample
def smime_terkunci() -> bytes:
    locked = bytes.fromhex("3080 0609 2a864886f70d010703 a080 3080 020100 0000 0000 0000".replace(" ", ""))
    return mail(
        "Rilis pasar",
        part("application/pkcs7-mime; smime-type=enveloped-data", locked, name="smime.p7m"),
        kind="",
    )


@sample
def smime_tanda_tangan_terpisah() -> bytes:
    inner = multipart("mixed", text(paragraphs("banjir") + "\n"), jpeg("banjir.jpg", 132), boundary="dalam")
    signature = part("application/pkcs7-signature", b"0\x82\x01\x00" + b"\0" * 60, name="smime.p7s")
    return mail(BANJIR, inner, signature, kind="signed")


@sample
def pgp_di_dalam_teks() -> bytes:
    body = (
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"
        + paragraphs("banjir")
        + "\n\n- - Beras\n- - Selimut\n-----BEGIN PGP SIGNATURE-----\n\niQEzBAEBCAAdFiEE\n=AbCd\n-----END PGP SIGNATURE-----\n"
    )
    return mail(BANJIR, text(body), kind="")


@sample
def pgp_terkunci_di_dalam_teks() -> bytes:
    body = "-----BEGIN PGP MESSAGE-----\n\nhQEMA5\n=AbCd\n-----END PGP MESSAGE-----\n"
    return mail("Rilis pasar", text(body), kind="")


@sample
def winmail_rtf() -> bytes:
    """Outlook packs the text as RTF only."""
    packed = tnef("", {"pasar.jpg": photo(133)}, rich=rtf(STORIES["pasar"]))
    return mail(PASAR, part("application/ms-tnef", packed, name="winmail.dat"))


@sample
def surel_msg() -> bytes:
    data = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "__substg1.0_1000001F".encode("utf-16-le")
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n"),
        part("application/octet-stream", data, name="Fwd pasar.msg"),
    )


@sample
def uuencode_dalam_teks() -> bytes:
    body = crlf(paragraphs("banjir") + "\n\n") + uuencoded("banjir.jpg", photo(134)).replace(b"\n", b"\r\n")
    return mail(BANJIR, part("text/plain; charset=utf-8", body, encoding="8bit", disposition=None), kind="")


@sample
def yenc_dalam_teks() -> bytes:
    body = crlf(paragraphs("banjir") + "\n\n") + yenc("banjir.jpg", photo(135))
    return mail(BANJIR, part("text/plain; charset=utf-8", body, encoding="8bit", disposition=None), kind="")


@sample
def begin_dalam_cerita() -> bytes:
    """`begin 644 …` in a story is no file."""
    body = paragraphs("banjir") + "\n\nbegin 644 catatan\nKalimat ini milik cerita, bukan berkas.\nend\n"
    return mail(BANJIR, text(body), kind="")


@sample
def undangan_saja() -> bytes:
    event = (
        "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Peresmian Pasar Rakyat Kenanga\nDTSTART;TZID=Asia/Jakarta:20261124T080000\n"
        "LOCATION:Pasar Kenanga\\, Jalan Melati\nDESCRIPTION:Mohon hadir meliput.\\nPakaian ba\n tik.\nEND:VEVENT\nEND:VCALENDAR\n"
    )
    return mail(None, text(event, kind="calendar", more="; method=REQUEST"), kind="")


@sample
def teks_diperkaya() -> bytes:
    first, second, *rest = STORIES["banjir"]
    half = len(first) // 2 + first[len(first) // 2 :].index(" ")
    body = (
        f"<bold>{first[:half]}</bold>\n{first[half + 1 :]}\n\n<color><param>red</param>{second}</color>\n\n"
        + "\n\n".join(rest)
        + " <<humas>\n"
    )
    return mail(BANJIR, text(body, kind="enriched"), kind="")


@sample
def badan_rtf() -> bytes:
    return mail(BANJIR, part("text/rtf", rtf(STORIES["banjir"]), disposition=None), kind="")


@sample
def kartu_nama() -> bytes:
    inner = multipart(
        "alternative",
        text(paragraphs("banjir") + "\n"),
        part(
            "text/x-amp-html; charset=utf-8",
            f"<html amp4email><body>{html_paragraphs('banjir')}</body></html>".encode(),
            encoding="8bit",
            disposition=None,
        ),
        html(html_paragraphs("banjir")),
        boundary="dalam",
    )
    card = part(
        "text/vcard; charset=utf-8", b"BEGIN:VCARD\r\nFN:Budi Santoso\r\nEND:VCARD\r\n", name="budi.vcf"
    )
    return mail(BANJIR, inner, card)


@sample
def terusan_lampiran_qp() -> bytes:
    """An attached mail in quoted-printable, against every standard."""
    inner = mail(PASAR, text(paragraphs("pasar") + "\n"), jpeg("pasar.jpg", 136), boundary="dalam")
    head = b"Content-Type: message/rfc822\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    return mail("Fwd: berita", text("Mohon dimuat.\n"), head + encoded(inner, "quoted-printable"))


@sample
def lewat_milis() -> bytes:
    return mail(
        BANJIR,
        text(paragraphs("banjir") + "\n"),
        sender="'Sri Lestari' via Warta <warta@contoh.go.id>",
        headers="X-Original-From: Sri Lestari <sri@kelurahan.contoh.go.id>\n",
    )


@sample
def balas_ke_alamat_lain() -> bytes:
    return mail(
        BANJIR, text(paragraphs("banjir") + "\n"), headers="Reply-To: Humas <humas.contoh@surat.example>\n"
    )


@sample
def flowed_delsp() -> bytes:
    words = "Lomba baca puisi diikuti enam puluh siswa dari dua belas sekolah dasar."
    body = "\n".join(f"{words[at : at + 20]} " for at in range(0, len(words), 20)).rstrip() + "\n"
    return mail(
        "Siswa Berlomba Baca Puisi",
        text(f"{STORIES['literasi'][0]}\n\n{body}", more="; format=flowed; delsp=yes"),
        kind="",
    )


@sample
def emoji_dan_arab() -> bytes:
    """Emoji, a verse from right to left, Arabic digits: all stay in the text; controls go from the headline."""
    verse = "“بِسْمِ اللّٰهِ الرَّحْمٰنِ الرَّحِيْمِ”"
    body = paragraphs("banjir") + f"\n\nAcara dibuka dengan {verse} pada ١٤٤٨ 🙏🎉\n"
    return mail("\u202bBantuan Banjir\u202c Disalurkan", text(body), kind="")


@sample
def bentuk_berbeda() -> bytes:
    """Plain text and HTML, sent as two forms of one text, tell two stories."""
    return mail(BANJIR, text(paragraphs("pasar") + "\n"), html(html_paragraphs("banjir")), kind="alternative")


@sample
def data_pribadi() -> bytes:
    body = (
        paragraphs("banjir")
        + "\n\nDonasi ke nomor rekening BPD 012-345-6789, atau hubungi Sri di 0812-3456-7890.\n"
    )
    return mail(BANJIR, text(body), kind="")
