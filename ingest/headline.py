"""A story's headline: from the subject, or from its first line when the subject says nothing."""

from __future__ import annotations

import re
from pathlib import PurePath

from ingest import phrases

UNTITLED = "(tanpa judul)"

_PREFIX = re.compile(
    r"(?i)^\s*(?:(?:re|bls|balas|balasan|aw|fwd?|trs|tr|terusan|wg)\s*(?:\[\d+\]|\(\d+\))?\s*[:：]"
    r"|\[(?:external|eksternal|ext|spam\??|suspected spam|caution)\]|\*{2,}\s*spam\s*\*{2,}|\{spam\??\}|\[?spam\]?:"
    r"|(?:liputan|rilis|release|press release|siaran pers|berita|naskah(?: berita)?|foto|dokumentasi|mohon (?:di)?(?:muat|tayang|publikasi)\w*|revisi|ralat|koreksi|update)\s*[:：]"
    r"|\[(?:liputan|rilis|berita|siaran pers|urgent|penting|revisi|ralat)\])\s*"
)
_NOTHING = re.compile(
    r"(?i)^[\W_]*(?:(?:no|tanpa|tidak ada) (?:subject|subjek|judul|title)|untitled|kosong)[\W_]*$"
)
# A subject made of these words alone names no event.
_NOISE_WORDS = """
berita rilis release press kumpulan kompilasi pers siaran liputan naskah foto photo dokumentasi gambar kirim kiriman
mengirim mengirimkan kegiatan laporan bahan materi file berkas dokumen lampiran terlampir attachment
email surel mohon tolong bantu tayang tayangkan ditayangkan muat dimuat muatkan publikasi publikasikan
dipublikasikan naikkan dinaikkan posting unggah urgent penting segera asap cepat hari ini tadi pagi
siang sore malam tanggal tgl bulan tahun min mimin admin redaksi humas kominfo diskominfo prokopim
protokol mc media center kontributor dari untuk dan di ke yang dengan senin selasa rabu kamis jumat jum
at sabtu minggu ahad januari februari maret april mei juni juli agustus september oktober november
desember jan feb mar apr jun jul agu ags agt sep okt nov des baru terbaru test tes coba fwd re revisi
ralat wa whatsapp image scan satu dua tiga beberapa
"""
_NOISE = frozenset(_NOISE_WORDS.split())
_LABEL = re.compile(
    r"(?i)^[*_#\s]*(?:judul(?: berita)?|title|headline)[*_]{0,3}\s*:\s*[*_]{0,3}(?P<title>.+?)[*_]{0,3}\s*$"
)


def from_subject(subject: str) -> str:
    """Strip `Fwd:`, `Bls:`, `[EXTERNAL]`, `Liputan:` and their like from a subject, however many there are."""
    while (shorter := _PREFIX.sub("", subject, count=1)) != subject:
        subject = shorter
    return subject.strip(" \t-–—:;*_").strip() if subject.strip(" \t-–—:;*_.") else ""


def says_nothing(subject: str) -> bool:
    """Say whether a subject without its prefixes names no event: `Rilis Humas 12/5`, `(no subject)`, a number."""
    if _NOTHING.match(subject):
        return True
    words = re.findall(r"[^\W\d_]+", subject.lower())
    return all(word in _NOISE for word in words)


def speaks_of_mail(subject: str, title: str) -> bool:
    """Say whether a subject names the mail (`kirim rilis …`) and in all else only repeats the title."""
    said = re.findall(r"[^\W\d_]+", subject.casefold())
    about = [word for word in said if word not in _NOISE]
    return len(about) < len(said) and set(about) <= set(re.findall(r"[^\W\d_]+", title.casefold()))


def of_paragraph(paragraph: str) -> str:
    """Return a paragraph's words when it has the look of a headline, empty when it has not."""
    label = _LABEL.match(paragraph)
    if label:
        return label["title"].strip()
    bare = re.sub(r"^#{1,6}\s+", "", paragraph).strip()
    marked = bare != paragraph.strip() or bool(re.fullmatch(r"(\*{1,3}|_{1,3})(?!\s).+(?<!\s)\1", bare))
    words = re.sub(r"\\([\\`*_#])", r"\1", re.sub(r"(?<!\\)[*_]{1,3}", "", bare)).strip()
    if not _fits(words) or phrases.GREETING.match(words):
        return ""
    return (
        words if marked or words.upper() == words or _is_title_case(words) or len(words.split()) >= 3 else ""
    )


def is_marked(paragraph: str) -> bool:
    """Say whether the writer marked a paragraph as a headline: bold, capitals, a heading, `Judul:`."""
    if _LABEL.match(paragraph) or paragraph.startswith("#"):
        return True
    bare = paragraph.strip()
    if re.fullmatch(r"(\*{2,3}|__)(?!\s).+(?<!\s)\1", bare):
        return True
    letters = [char for char in bare if char.isalpha()]
    return len(letters) > 8 and all(char.isupper() for char in letters)


def alike(one: str, other: str) -> bool:
    """Say whether two headlines are the same but for case, marks and a few words."""
    a, b = (set(re.findall(r"\w+", text.casefold())) for text in (one, other))
    if not a or not b:
        return False
    return len(a & b) / min(len(a), len(b)) >= 0.7 and len(a & b) / max(len(a), len(b)) >= 0.4


def from_filename(filename: str) -> str:
    """Make a headline of a document's name, empty when the name says nothing."""
    words = re.sub(r"[_+.-]+|\s+", " ", PurePath(filename).stem)
    words = re.sub(r"(?i)\b(?:final|fix|rev|revisi|copy|salinan|edit)\b|\(\d+\)|\d{6,}", "", words)
    words = re.sub(r"(?i)^\s*(?:rilis|release|siaran pers|berita|naskah|liputan)\b", "", words)
    words = from_subject(" ".join(words.split()))
    return "" if says_nothing(words) or len(words.split()) < 2 else words


def _fits(words: str) -> bool:
    count = len(words.split())
    if not 2 <= count <= 25 or len(words) > 180:
        return False
    if re.search(r"[.,;:]$", words) or re.search(r"[.!?] [A-Z]", words):
        return False
    return not re.match(r"\(|[-•]\s|\d+[.)]\s|>", words)


def _is_title_case(words: str) -> bool:
    long = [word for word in words.split() if len(word) > 3]
    return bool(long) and sum(word[0].isupper() for word in long) >= 0.8 * len(long)


def is_empty(subject: str) -> bool:
    return not subject or _NOTHING.match(subject) is not None
