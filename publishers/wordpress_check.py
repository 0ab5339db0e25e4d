"""The doctor's look at one WordPress: each step of publishing tried, nothing changed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from config import Finding, SettingsError, secret
from publishers.base import PublishError
from publishers.wordpress_api import Api, SiteFault
from publishers.wordpress_objects import Me, Named
from publishers.wordpress_words import LOGIN
from publishers.wordpress_xmlrpc_api import XmlRpcApi

NEEDED = ("publish_posts", "upload_files", "edit_others_posts")
SKEW = 60.0
"""Seconds a site's clock may be off: beyond that, WordPress takes a story for a future one."""
LOST = frozenset({"rest_not_logged_in", "rest_forbidden_context", "rest_cannot_view", "rest_forbidden",
                  "incorrect_password", "invalid_username", "invalid_email", "application_passwords_disabled"})  # fmt: skip
"""What WordPress answers to somebody it takes for a visitor, or whose password it does not take."""
HTACCESS = (
    "RewriteEngine On",
    "RewriteRule .* - [E=HTTP_AUTHORIZATION:%{HTTP:Authorization}]",
)
STRIPPED = (
    "Server situs membuang kepala Authorization, jadi kata sandi kita tidak sampai ke WordPress (lewat XML-RPC kata "
    "sandi yang sama diterima). Minta pengelola menaruh dua baris ini di bagian atas .htaccess: “"
    + "” dan “".join(HTACCESS)
    + "”. Pada PHP-FPM atau CGI dapat juga dengan “CGIPassAuth On”; pada nginx dengan “fastcgi_param "
    "HTTP_AUTHORIZATION $http_authorization;”."
)
NOT_AN_APPLICATIONS = (
    "Kata sandi ini bukan kata sandi aplikasi: kata sandi aplikasi dibuat WordPress sendiri, 24 huruf dan angka. "
    "Sepertinya ini kata sandi untuk masuk. Buat yang baru di situs: Pengguna → Profil → Kata Sandi Aplikasi."
)
WRONG = (
    "Nama pengguna atau kata sandi aplikasi tidak diterima, juga lewat XML-RPC. Periksa nama penggunanya; mungkin "
    "kata sandi itu sudah dicabut atau salah salin. Buat yang baru di Pengguna → Profil → Kata Sandi Aplikasi. "
    "Wordfence juga dapat mematikannya: Login Security → Settings."
)


def findings(name: str, api: Api, options: Any, now: Callable[[], datetime]) -> list[Finding]:
    """Try connection, application passwords, login, role, categories and clock. Raises nothing."""
    found: list[Finding] = []

    def say(what: str, ok: bool, sentence: str) -> None:
        found.append(Finding(f"situs {name}: {what}", ok, sentence))

    try:
        index = api.index()
        say("sambungan", True, f"{api.url} menjawab sebagai WordPress.")
        clock(api, now, say)
        if "application-passwords" not in (index.get("authentication") or {}):
            say(
                "kata sandi aplikasi",
                False,
                "Kata sandi aplikasi dimatikan di situs ini. Minta pengelola menyalakannya (Wordfence: Login "
                "Security → Settings; situs juga harus memakai https).",
            )
        try:
            me = api.one(Me, "/wp/v2/users/me")
        except SiteFault as fault:
            say("masuk", False, login_trouble(api, options, fault, now))
            return found
        say("masuk", True, f"Masuk sebagai {options.user}.")
        _role(me, say)
        _categories(api, options.categories, say)
    except PublishError as error:
        step = "masuk" if any(one.ok for one in found) else "sambungan"
        say(step, False, str(error))
    return found


def clock(api: Api, now: Callable[[], datetime], say: Callable[[str, bool, str], None]) -> None:
    if api.server_time and (sentence := skew(api.server_time, now())):
        say("jam", False, sentence)


def skew(shown: datetime, now: datetime) -> str:
    """Say how far a site's clock is off; nothing when it is right."""
    off = (shown - now).total_seconds()
    if abs(off) <= SKEW:
        return ""
    way = "lebih cepat" if off > 0 else "terlambat"
    return (
        f"Jam situs {way} {abs(off) / 60:.0f} menit dari jam komputer ini. Setel keduanya (NTP), agar waktu "
        "tayang benar."
    )


def made_by_wordpress(password: str) -> bool:
    """Say whether a password has the form of an application password; its spaces do not matter."""
    return re.fullmatch(r"[A-Za-z0-9]{24}", re.sub(r"\s", "", password)) is not None


def login_trouble(api: Api, options: Any, fault: SiteFault, now: Callable[[], datetime]) -> str:
    """Say why we are taken for a visitor. REST has one answer for all causes; XML-RPC tells them apart."""
    if fault.code not in LOST:
        return str(fault)
    try:
        password = secret(options.password_env, options.password_file)
    except SettingsError as error:
        return str(error)
    if not made_by_wordpress(password):
        return NOT_AN_APPLICATIONS
    other = XmlRpcApi(
        api.title, api.url, options.user, lambda: password, options.timeout, options.quarantine, now
    )
    try:
        other.roles()
    except SiteFault as told:
        known = told.code == "403"
    except PublishError:
        known = False
    else:
        return STRIPPED
    return (
        WRONG
        if known
        else f"{LOGIN.format(title=api.title)} Obatnya untuk Apache: “{'” dan “'.join(HTACCESS)}” di .htaccess."
    )


def _role(me: Me, say: Callable[[str, bool, str], None]) -> None:
    missing = [right for right in NEEDED if not me.capabilities.get(right)]
    if missing:
        say(
            "peran",
            False,
            f"Akun kita belum berhak {', '.join(missing)}. Minta pengelola memberi peran Editor.",
        )
    else:
        say("peran", True, "Boleh menayangkan dan mengunggah foto.")


def _categories(api: Api, wanted: dict[str, int], say: Callable[[str, bool, str], None]) -> None:
    if not wanted:
        return
    numbers = sorted(set(wanted.values()))
    query = {"include[]": numbers, "context": "view", "_fields": "id"}
    held = {one.id for one in api.many(Named, "/wp/v2/categories", **query)}
    gone = [f"{name} ({number})" for name, number in wanted.items() if number not in held]
    if gone:
        say(
            "kategori",
            False,
            f"Situs tidak mengenal kategori {', '.join(gone)}. Perbaiki categories di pengaturan.",
        )
    else:
        say("kategori", True, "Semua kategori di pengaturan ada di situs.")
