"""The doctor's look at one XML-RPC site: each step of publishing tried, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from config import Finding
from publishers.base import PublishError
from publishers.wordpress_api import SiteFault
from publishers.wordpress_check import clock
from publishers.wordpress_xmlrpc_api import XmlRpcApi
from publishers.wordpress_xmlrpc_options import WordPressXmlrpcOptions
from publishers.wordpress_xmlrpc_words import OFF

Say = Callable[[str, bool, str], None]
NEEDED = ("wp.newPost", "wp.editPost", "wp.getPosts", "wp.uploadFile", "wp.getMediaLibrary")
TOO_LOW = frozenset({"contributor", "subscriber"})
"""Roles that may not publish."""


def findings(
    name: str, api: XmlRpcApi, options: WordPressXmlrpcOptions, now: Callable[[], datetime]
) -> list[Finding]:
    """Try connection, XML-RPC, login, role, categories and clock. Raises nothing."""
    found: list[Finding] = []

    def say(what: str, ok: bool, sentence: str) -> None:
        found.append(Finding(f"situs {name}: {what}", ok, sentence))

    try:
        missing = set(NEEDED) - set(api.methods())
        say("sambungan", True, f"{api.endpoint} menjawab sebagai WordPress.")
        clock(api, now, say)
        if missing:
            say("xml-rpc", False, OFF.format(title=api.title))
            return found
        _account(api, options, say)
    except SiteFault as fault:
        step = "xml-rpc" if fault.code in ("405", "-32601") else "masuk"
        say(step, False, str(fault))
    except PublishError as error:
        step = "masuk" if any(one.ok for one in found) else "sambungan"
        say(step, False, str(error))
    return found


def _account(api: XmlRpcApi, options: WordPressXmlrpcOptions, say: Say) -> None:
    roles = api.roles()
    say("masuk", True, f"Masuk sebagai {options.user}.")
    if not set(roles) - TOO_LOW:
        held = ", ".join(roles) or "tanpa peran"
        say(
            "peran",
            False,
            f"Akun kita ({held}) belum boleh menayangkan. Minta pengelola memberi peran Editor.",
        )
        return
    if roles == ["author"]:
        say(
            "peran",
            False,
            "Akun kita hanya Penulis: berita yang ditayangkan akun lain tidak dapat ditemukannya. Minta pengelola "
            "memberi peran Editor.",
        )
    else:
        say("peran", True, "Boleh menayangkan dan mengunggah foto.")
    _categories(api, options.categories, say)
    _version(api, say)


def _categories(api: XmlRpcApi, wanted: dict[str, int], say: Say) -> None:
    if not wanted:
        return
    held = {term.term_id for term in api.terms("category")}
    gone = [f"{name} ({number})" for name, number in wanted.items() if number not in held]
    if gone:
        sentence = f"Situs tidak mengenal kategori {', '.join(gone)}. Perbaiki categories di pengaturan."
        say("kategori", False, sentence)
    else:
        say("kategori", True, "Semua kategori di pengaturan ada di situs.")


def _version(api: XmlRpcApi, say: Say) -> None:
    version = api.options("software_version").get("software_version", "")
    numbers = [int(part) if part.isdecimal() else 0 for part in version.split(".")[:2]]
    if numbers >= [5, 6]:
        sentence = f"WordPress {version} juga dapat dipakai dengan kind: wordpress, yang lebih lengkap (teks alt foto)."
    else:
        sentence = f"WordPress {version or 'tanpa nomor versi'}."
    say("versi", True, sentence)
