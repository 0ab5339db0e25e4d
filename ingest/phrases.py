"""Words around a story in Indonesian and English mail: forwards, replies, greetings, closings, footers.

Collected from what Gmail, Thunderbird, Roundcube, Zimbra, Outlook, Yahoo and Apple Mail write.
"""

from __future__ import annotations

import re

MARKS = r"[*_\s]*"

SENDER = ("dari", "from", "pengirim")
DATE = ("tanggal", "date", "dikirim", "terkirim", "sent", "tgl")
SUBJECT = ("subjek", "subject", "judul", "perihal", "hal")
OTHER = (
    "kepada",
    "to",
    "penerima",
    "ke",
    "untuk",
    "cc",
    "bcc",
    "tembusan",
    "lampiran",
    "reply-to",
    "balas ke",
    "importance",
    "prioritas",
)
_NAMES = "|".join(re.escape(name) for name in (*SENDER, *DATE, *SUBJECT, *OTHER))

LABEL = re.compile(rf"^{MARKS}(?P<name>{_NAMES}){MARKS}:{MARKS}(?P<value>.*?){MARKS}$", re.IGNORECASE)
_CAPITALISED = "|".join(re.escape(name.capitalize()) for name in (*SENDER, *DATE, *SUBJECT, *OTHER))
GLUED = re.compile(rf"(?:^|(?<=[\s>])|(?<=[^\s:/-]))(?P<name>{_CAPITALISED}){MARKS}:(?=[\s*])")
SEPARATOR_BEFORE = re.compile(r"^-{2,}[^-:]{3,60}-{2,}\s*")

FORWARDED = re.compile(
    r"(?i)^[\W_]*(?:forwarded message|forwarded by .*|begin forwarded message|mulai pesan (?:yang )?(?:di)?terusan\w*"
    r"|pesan (?:yang )?diteruskan|pesan terusan|surel (?:yang )?diteruskan|email (?:yang )?diteruskan|awal pesan terusan)[\W_]*$"
)
ORIGINAL = re.compile(r"(?i)^[\W_]*(?:original message|pesan asli|original appointment)[\W_]*$")
UNDERSCORES = re.compile(r"^(?:\\?_){20,}$")

ATTRIBUTION = re.compile(
    r"(?i)^[\W_]*(?:pada|on|tanggal)\b.{8,300}?\b(?:menulis|wrote)\s*:?[\W_]*$"
    r"|^.{2,120}\b(?:menulis|wrote)(?: (?:di|pada|on) .{6,60})?\s*:[\W_]*$"
)
MOMENT = re.compile(r"@|\b\d{1,2}[.:]\d{2}\b")

GREETING = re.compile(
    r"(?i)^\W*(?:ass?alam\w*|selamat (?:pagi|siang|sore|malam|datang)|salam (?:sejahtera|hormat|sehat)|om swast\w*|shalom"
    r"|yth\b|kepada yth|dengan hormat|halo|hai|hi|dear|min\b|mimin|kak\b|bapak|ibu|mohon (?:izin|ijin|bantuan|berkenan"
    r"|untuk|dapat|di|tayang|muat)|(?:izin|ijin) (?:meng|mohon|share|kirim|berbagi)"
    r"|(?:berikut|bersama ini|dengan ini|terlampir)\b.{0,60}\b(?:kami|saya|kirim\w*|sampaikan|lampirkan|rilis|naskah|berita|foto)\b"
    r"|(?:rilis|naskah|berita|foto)\b.{0,40}\bterlampir|terlampir\b|tolong (?:di|tayang|muat)"
    r"|fyi\b|untuk (?:ditindaklanjuti|dimuat|ditayangkan|diteruskan))"
)
# What opens a letter to the editors, as against a story that opens with such a word.
TO_EDITORS = re.compile(
    r"(?i)\b(?:redaksi|admin|min|mimin|kak|tim|rekan|foto|berita|dokumentasi|media ?center|tayang\w*|(?:di)?muat|dimuat|publikasi\w*"
    r"|rilis|release|naskah|kirim\w*|posting|unggah|hormat|wr\.?|wb\.?|wabarakatuh|yth)\b"
)

CLOSING = re.compile(
    r"(?i)^\W*(?:(?:demikian|sekian)\b.{0,200}\b(?:terima ?kasih|sampaikan|disampaikan|perhatian\w*|kerja ?sama\w*|maklum|adanya)"
    r"|(?:demikian|sekian)\W*$"
    r"|atas (?:perhatian|kerja ?sama|bantuan|perkenan)\w*\b"
    r"|(?:terima ?kasih|makasih|trims|tks|thx|thanks|thank you)\b"
    r"|(?:hormat (?:kami|saya)|salam(?: (?:hormat|hangat|sejahtera|redaksi))?|wass?alam\w*(?:[ '’]\w+\.?){0,4}"
    r"|(?:best |kind |warm )?regards|sincerely|cheers)\W*$)"
)
CONTACT = re.compile(
    r"(?i)\bNIP\b|\b(?:hp|telp?|telepon|phone|mobile|wa|whatsapp|fax|faks|e-?mail|surel|web(?:site)?|ig|instagram)\b\s*[.:/]"
    r"|www\.|https?://|[\w.+-]+@[\w-]+\.\w|(?:\+62|\b08\d)[\d\s-]{7,}"
)
DISCLAIMER = re.compile(
    r"(?i)^\W*(?:disclaimer|penafian|penyangkalan|(?:e-?mail|surel|pesan|surat)(?: elektronik)? ini (?:bersifat|beserta|dan (?:lampiran|isinya)"
    r"|mungkin|ditujukan|hanya|telah (?:diperiksa|dipindai))|this (?:e-?mail|message|communication)\b.{0,80}\b(?:confidential"
    r"|intended|privileged|checked|scanned)|the information (?:contained|transmitted)|confidentiality|pernyataan kerahasiaan"
    r"|virus[- ]free|bebas (?:dari )?virus|avast\b|scanned by|dipindai oleh|(?:please )?consider the environment"
    r"|(?:catatan\W+)?pertimbangkan (?:dampak )?lingkungan|peringatan:? (?:e-?mail|surel|pesan)|you received this message because you are subscribed)"
)
FOOTER = re.compile(
    r"(?i)^\W*(?:(?:dikirim|terkirim) (?:dari|melalui|menggunakan|lewat|via)\b.{2,80}"
    r"|sent (?:from|via|using)\b.{2,60}|(?:dapatkan|unduh|get|download) outlook (?:untuk|for|di) .{2,40}"
    r"|sent with .{2,40}|diteruskan dari .{2,40})$"
)
OUTER_NOTE = re.compile(r"(?i)^\W*diteruskan\W*$|^\W*forwarded\W*$")

CAPTION = re.compile(
    r"(?i)^[\W_]*(?P<label>foto|photo|gambar|caption|kapsi|keterangan|ket\.?|teks)(?P<more>(?:\s*/\s*|\s+)(?:foto|photo|gambar|caption|keterangan))?"
    r"[\s._-]*(?:(?:ke|no\.?|nomor)[\s-]*)?(?P<number>\d{1,2})?(?:\s*(?:-|–|dan|&|s\.?/?d\.?|sampai)\s*(?P<last>\d{1,2}))?[*_]{0,3}\s*[:.)=–—-](?P<rest>.*)$"
)
CAPTION_ALONE = re.compile(
    r"(?i)^[*_]{0,3}(?:(?:caption|keterangan|ket\.?|teks)\s+)?(?:foto|photo|gambar|caption)\s*(?:ke-?\s*)?(?P<number>\d{1,2})[*_]{0,3}$"
)
BYLINE = re.compile(r"^[*_]{0,3}\([^()]{2,80}\)[*_]{0,3}[.]?$")
