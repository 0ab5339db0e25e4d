"""An office's own style for its folder site: files in a folder of theirs, read anew for each story.

A fault in them stops no news and no take-down: the last good style is kept and goes on being used.
"""

from __future__ import annotations

import hashlib
import re
from html import escape
from html.parser import HTMLParser
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from publishers.folder_record import PRIVATE

KEPT = f"{PRIVATE}/tema/terakhir.json"
"""The last good theme, relative to the site's root."""
PLACEHOLDERS = ("nama", "akar", "menu", "logo")
WORDS = {"kepala.html": 50_000, "kaki.html": 50_000, "gaya.css": 500_000, "tambahan.css": 500_000}
"""The files with a meaning of their own that are text, and their most bytes."""
LOGOS = ("logo.svg", "logo.png", "logo.webp", "logo.jpg")
SUFFIXES = {".svg", ".png", ".webp", ".jpg", ".woff2"}
"""Of the other files a theme may have."""
MOST_FILES = 60
MOST_BYTES = 2_000_000
VOID = {"area", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
FORBIDDEN = {"script", "style", "iframe", "object", "embed", "form", "base", "meta", "link"}
OUTSIDE = re.compile(r"""(?i)url\(\s*["']?\s*(?:[a-z][a-z0-9+.-]*:)?//|@import\s""")


class ThemeError(Exception):
    """A theme cannot be used. The text says in one Indonesian sentence what is wrong and where."""


class Theme(BaseModel):
    """What an office puts in place of ours; empty where it leaves ours."""

    model_config = ConfigDict(frozen=True, ser_json_bytes="base64", val_json_bytes="base64")

    header: str = ""
    footer: str = ""
    css: str = ""
    more_css: str = ""
    logo: str = ""
    """The name of one of `files`."""
    files: dict[str, bytes] = {}

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()


def theme_for(root: Path, folder: Path | None) -> tuple[Theme, str]:
    """Return the theme in `folder`, or the last good one and what is wrong with the present one."""
    if folder is None:
        return Theme(), ""
    try:
        return read_theme(folder), ""
    except ThemeError as error:
        return _kept(root), str(error)


def read_theme(folder: Path) -> Theme:
    """Read and check the theme in `folder`. Raises ThemeError."""
    try:
        if not folder.is_dir():
            raise ThemeError(
                f"Folder tema {folder} tidak ada; buat foldernya atau hapus theme dari pengaturan."
            )
        paths = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
        words = {path.name: _words(path) for path in paths if path.name in WORDS}
        files = {path.name: _bytes(path, MOST_BYTES) for path in paths if _carried(path)}
    except OSError as error:
        raise ThemeError(
            f"Folder tema {folder} tidak terbaca ({error.strerror}); periksa izinnya."
        ) from error
    if len(files) > MOST_FILES:
        raise ThemeError(f"Folder tema {folder} berisi {len(files)} berkas; paling banyak {MOST_FILES}.")
    return Theme(
        header=words.get("kepala.html", ""),
        footer=words.get("kaki.html", ""),
        css=words.get("gaya.css", ""),
        more_css=words.get("tambahan.css", ""),
        logo=next((name for name in LOGOS if name in files), ""),
        files=files,
    )


def fill(fragment: str, values: dict[str, str]) -> str:
    """Put `values`, which are HTML already, in place of `{{name}}`."""
    return re.sub(r"\{\{\s*(\w+)\s*\}\}", lambda found: values[found[1]], fragment)


def _kept(root: Path) -> Theme:
    try:
        return Theme.model_validate_json((root / KEPT).read_bytes())
    except (FileNotFoundError, ValidationError):
        return Theme()


def _carried(path: Path) -> bool:
    if path.name in WORDS:
        return False
    if path.suffix not in SUFFIXES or not re.fullmatch(r"[A-Za-z0-9._-]{1,100}", path.name):
        kinds = ", ".join(sorted(SUFFIXES))
        raise ThemeError(
            f"Tema: {path.name} tidak dapat dipakai; berkas tambahan harus {kinds} dengan nama tanpa spasi."
        )
    return True


def _bytes(path: Path, most: int) -> bytes:
    data = path.read_bytes()
    if len(data) > most:
        raise ThemeError(
            f"Tema: {path.name} terlalu besar ({len(data) // 1000} KB); paling besar {most // 1000} KB."
        )
    return data


def _words(path: Path) -> str:
    try:
        text = _bytes(path, WORDS[path.name]).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ThemeError(f"Tema: {path.name} bukan teks UTF-8; simpan ulang sebagai UTF-8.") from error
    if path.suffix == ".css":
        if OUTSIDE.search(text):
            raise ThemeError(
                f"Tema: {path.name} memanggil alamat luar atau @import; simpan berkasnya di folder tema dan "
                "panggil dengan url(tema/nama-berkas)."
            )
        return text
    for name in re.findall(r"\{\{\s*(.*?)\s*\}\}", text):
        if name not in PLACEHOLDERS:
            known = ", ".join(f"{{{{{one}}}}}" for one in PLACEHOLDERS)
            raise ThemeError(
                f"Tema: {path.name} memakai {{{{{escape(name)}}}}} yang tidak dikenal; yang ada {known}."
            )
    _Fragment(path.name).check(text)
    return text


class _Fragment(HTMLParser):
    """Checks that a piece of HTML closes what it opens and calls nothing from outside."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.open: list[tuple[str, int]] = []

    def check(self, text: str) -> None:
        self.feed(text)
        if "<" in self.rawdata:
            raise ThemeError(f"Tema: {self.name} berakhir di tengah sebuah tanda <…>; lengkapi penutupnya.")
        self.close()
        if self.open:
            tag, line = self.open[-1]
            raise ThemeError(f"Tema: <{tag}> di {self.name} baris {line} tidak ditutup; tambahkan </{tag}>.")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._allow(tag, attrs)
        if tag not in VOID:
            self.open.append((tag, self.getpos()[0]))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._allow(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            line = self.getpos()[0]
            raise ThemeError(f"Tema: </{tag}> di {self.name} baris {line} tidak punya pembuka yang sesuai.")
        self.open.pop()

    def _allow(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        where = f"{self.name} baris {self.getpos()[0]}"
        if tag in FORBIDDEN:
            raise ThemeError(f"Tema: <{tag}> di {where} tidak diizinkan; halaman situs ini tanpa skrip.")
        for name, value in attrs:
            if name.startswith("on") or name == "style":
                raise ThemeError(
                    f"Tema: atribut {name} di {where} tidak diizinkan; pindahkan ke tambahan.css."
                )
            if (value or "").strip().lower().startswith(("javascript:", "data:")):
                raise ThemeError(f"Tema: alamat di {where} tidak diizinkan; tulis alamat biasa.")
            if name in ("src", "srcset") and "//" in (value or ""):
                raise ThemeError(
                    f"Tema: gambar di {where} dipanggil dari luar; simpan di folder tema dan tulis {{{{akar}}}}tema/nama-berkas."
                )
