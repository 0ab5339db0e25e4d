"""The doctor's look at one WordPress: each step of publishing tried, nothing changed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from config import Finding
from publishers.base import PublishError
from publishers.wordpress_api import Api
from publishers.wordpress_objects import Me, Named

NEEDED = ("publish_posts", "upload_files", "edit_others_posts")
SKEW = 60.0
"""Seconds a site's clock may be off: beyond that, WordPress takes a story for a future one."""


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
        me = api.one(Me, "/wp/v2/users/me")
        say("masuk", True, f"Masuk sebagai {options.user}.")
        _role(me, say)
        _categories(api, options.categories, say)
    except PublishError as error:
        step = "masuk" if any(one.ok for one in found) else "sambungan"
        say(step, False, str(error))
    return found


def clock(api: Api, now: Callable[[], datetime], say: Callable[[str, bool, str], None]) -> None:
    if api.server_time and abs(off := (api.server_time - now()).total_seconds()) > SKEW:
        way = "lebih cepat" if off > 0 else "terlambat"
        say(
            "jam",
            False,
            f"Jam situs {way} {abs(off) / 60:.0f} menit dari jam komputer ini. Setel keduanya (NTP), agar waktu "
            "tayang benar.",
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
