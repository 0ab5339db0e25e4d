"""Every page there is, by the table of who may open what: so a new one is looked at, or said not to be a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from tests.newsroom.test_screens_access import OPEN_TO_ALL, TABLE

NOT_PAGES = {
    **dict.fromkeys(("home", "account_signup"), "leads on to another page, or is another's second name"),
    **dict.fromkeys(
        ("arrivals", "glance", "collage_state", "sites", "task_result", "mail_heartbeat"), "a part of a page"
    ),
    **dict.fromkeys(
        (
            "photo",
            "photo_preview",
            "aside_picture",
            "mail_picture",
            "task_photo",
            "share_photo",
            "collage_photo",
            "candidate_photo",
        ),
        "a picture",
    ),
    **dict.fromkeys(("approval_photo", "proof_picture"), "a picture"),
    **dict.fromkeys(
        ("original_mail", "original_photo", "original_attachment", "task_photos", "collage_file"),
        "a download",
    ),
    **dict.fromkeys(("export_spellings", "export_abbreviations", "export_contributors"), "a download"),
    **dict.fromkeys(("export_log", "mfa_download_recovery_codes"), "a download"),
    **dict.fromkeys(("upload_status", "upload_piece", "draft_token"), "an answer to a script"),
    **dict.fromkeys(("export_summary", "export_records", "export_schedule"), "a download"),
    **dict.fromkeys(("destruction_files", "destruction_minutes"), "a download"),
    "destruction": "needs a proposal: tests/newsroom/test_records.py",
    "taking_progress": "an answer to a script",
    **dict.fromkeys(("fixity_json", "fixity_pdf", "measure_helper"), "a download"),
    "office_logo": "a picture",
    "setup_trial_steps": "a part of a page",
    **dict.fromkeys(("setup_mailbox_review", "setup_outgoing_review"), "a step after something was tried"),
    **dict.fromkeys(
        ("public_front", "public_month", "public_story", "public_search", "public_corrections"),
        "the public archive, closed in this office: tests/web/test_public_archive.py",
    ),
    "public_photo": "a picture",
    **dict.fromkeys(("public_rss", "public_feed", "public_sitemap", "public_sitemap_part"), "for machines"),
    **dict.fromkeys(("heartbeat", "robots"), "plain text"),
    "proof_page": "the public page as it was kept, not ours",
    **dict.fromkeys(("mfa_login_webauthn", "mfa_reauthenticate_webauthn"), "an answer to a script"),
    **dict.fromkeys(
        ("mfa_edit_webauthn", "mfa_remove_webauthn"), "needs a key: tests/real/test_people_chromium.py"
    ),
    "mfa_authenticate": "stands between password and desk: tests/real/test_people_chromium.py",
    **dict.fromkeys(("site", "site_file"), "the public site, not ours: tests/real/test_folder_served.py"),
    "set_language": "is only posted to",
    "other_text": "a mail with several texts: tests/newsroom/test_mail.py",
    **dict.fromkeys(
        ("site_setup_found", "site_setup_check", "site_setup_review", "site_setup_back"),
        "a step after a real site was looked at: tests/real/test_wordpress_wizard_chromium.py",
    ),
}
"""Addresses that answer a GET with something else than a page of ours that can be opened, and why."""

ROLES = ("editor", "admin", "chief", "writer")
"""The first of them that the table welcomes opens the page."""
SESSIONS = {"writer": "contributor"}
LEADER = {
    "approvals",
    "mfa_reauthenticate",
    "mfa_view_recovery_codes",
    "mfa_deactivate_totp",
    "mfa_generate_recovery_codes",
}
"""What the section head opens: the leadership's chain, and a second factor that is set up."""
DOOR = {"account_login", "ask_reset", "guide", "use_pass", "approve_by_link"}
"""What is opened without an account."""

STORIES = ("out", "released", "retracted", "returned", "spiked", "waiting", "scheduled", "late", "paused")
MORE: dict[str, tuple[str, str]] = {
    # name, who, address
    **{f"story-{name}": ("editor", f"/berita/{{{name.upper()}}}/") for name in STORIES},
    "story-longout": ("editor", "/berita/{LONGOUT}/"),
    "story-personal": ("editor", "/berita/{PERSONAL}/"),
    "story-again": ("editor", "/berita/{AGAIN}/"),
    "story-correct": ("chief", "/berita/{RELEASED}/?langkah=correct"),
    "story-own": ("writer", "/berita/{RETURNED}/"),
    "queue-own": ("writer", "/antrean/"),
    "queue-empty": ("editor", "/antrean/?q=zzz"),
    "queue-all": ("editor", "/antrean/?status=semua"),
    "queue-returned": ("editor", "/antrean/?status=dikembalikan"),
    "published-own": ("writer", "/tayang/"),
    "archive-wall": ("editor", "/arsip/?tampil=dinding"),
    "archive-found": ("editor", "/arsip/?q=warga"),
    "archive-empty": ("editor", "/arsip/?q=zzz"),
    "record-retracted": ("editor", "/arsip/{RETRACTED}/"),
    "record-longout": ("editor", "/arsip/{LONGOUT}/"),
    "submission-held": ("editor", "/kiriman/{HELD}/"),
    "site-dead": ("editor", "/situs-tujuan/kota/"),
    "collage-chosen": ("editor", "/kolase/{COLLAGE}/?pilih=1&tampil=semua"),
    "more-own": ("writer", "/lainnya/"),
    "more-admin": ("admin", "/lainnya/"),
    "missing": ("editor", "/tidak/ada/"),
    "forbidden": ("writer", "/perhatian/"),
    "missing-door": ("", "/tidak/ada/"),
    "gone-pass": ("", "/tautan/tidak-ada/"),
}
"""Pages whose look depends on what they show."""
ERRORS = {"missing": 404, "forbidden": 403, "missing-door": 404}


@dataclass(frozen=True)
class Sheet:
    name: str
    who: str
    """The role whose session opens it; empty at the door."""
    address: str
    status: int | None = 200
    """None: what it answers is no matter."""


def asked() -> Iterator[tuple[str, tuple[Any, ...], set[str]]]:
    """Yield the name, arguments and welcome of every address that a GET may open."""
    for name, arguments, method, welcome in TABLE:
        if method == "get":
            yield name, arguments, welcome
    for name in sorted(OPEN_TO_ALL):
        token = {"use_pass": ("PASS_TOKEN",), "approve_by_link": ("APPROVAL_TOKEN",)}.get(name, ())
        yield name, token, {"editor"}


def sheets(rows: dict[str, Any]) -> list[Sheet]:
    """Return every page to be opened, with addresses made of these rows."""
    found = []
    for name, arguments, welcome in asked():
        if name in NOT_PAGES:
            continue
        address = reverse(name, args=[rows.get(str(part), part) for part in arguments])
        found.append(Sheet(name, _who(name, welcome), address))
    for name, (who, pattern) in MORE.items():
        status = None if name == "gone-pass" else ERRORS.get(name, 200)
        found.append(Sheet(name, SESSIONS.get(who, who), pattern.format(**rows), status))
    return found


def _who(name: str, welcome: set[str]) -> str:
    if name in DOOR:
        return ""
    if name in LEADER:
        return "section_head"
    role = next(role for role in ROLES if role in welcome)
    return SESSIONS.get(role, role)
