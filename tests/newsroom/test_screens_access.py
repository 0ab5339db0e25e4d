"""Who may open what, for every address the newsroom and the web have."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from collage import Recipe
from newsroom.fixity import make_report
from newsroom.models import (
    Abbreviation,
    Collage,
    Contributor,
    Copy,
    Destruction,
    Leader,
    Mailbox,
    Medium,
    Person,
    Sight,
    Sighting,
    Spelling,
    Story,
    Submission,
    Tag,
    Upload,
    UploadedFile,
)
from newsroom.passes import invite
from tests.newsroom.screens import enter, make_story, release
from tests.office import SETTINGS, Office, rows_written

ROLES = (
    "anonymous",
    "stranger",
    "writer",
    "operator",
    "editor",
    "chief",
    "admin",
    "auditor",
    "requester",
    "archivist",
)
"""`stranger` is a contributor whose story it is not; `auditor` reads everything, `requester` nothing;
`archivist` reads everything, and keeps the register of media."""

DESK = {"operator", "editor", "chief", "admin"}
PEOPLE = {*DESK, "writer", "stranger"}
OWN = {*DESK, "writer"}
EDITORS = DESK - {"operator"}
READS_LOG = {"chief", "admin", "auditor"}
OWN_ACCOUNT = {*PEOPLE, "requester", "auditor", "archivist"}

# name, arguments, method, who gets past the door
TABLE: list[tuple[str, tuple[Any, ...], str, set[str]]] = [
    ("home", (), "get", PEOPLE),
    ("queue", (), "get", PEOPLE),
    ("arrivals", (), "get", {*PEOPLE, "anonymous"}),  # answers nothing to those who are signed out
    ("many", (), "post", DESK),
    ("keep_view", (), "post", DESK),
    ("drop_view", ("VIEW",), "post", {"editor"}),  # whose view it is
    ("pause", ("STORY",), "post", DESK),
    ("resume", ("STORY",), "post", DESK),
    ("present", ("STORY",), "post", {*OWN, "anonymous"}),
    ("story", ("STORY",), "get", OWN),
    ("glance", ("STORY",), "get", {*OWN, "anonymous"}),  # nothing, to those who are signed out
    ("save", ("STORY",), "post", OWN),
    ("comments", ("STORY",), "get", DESK),
    ("add_comment", ("STORY",), "post", DESK),
    ("change_comment", ("STORY", "COMMENT"), "post", DESK),
    ("delete_comment", ("STORY", "COMMENT"), "post", DESK),
    ("mentions", (), "get", DESK),
    ("read_mentions", (), "post", DESK),
    ("draft", ("STORY",), "post", {*OWN, "anonymous"}),  # the page's script is told to wait
    ("draft_token", ("STORY",), "get", {*OWN, "anonymous"}),
    ("discard_draft", ("STORY",), "post", OWN),
    ("decide", ("STORY", "verify"), "post", OWN),
    ("revision", ("STORY", "REVISION"), "get", OWN),
    ("compare", ("STORY",), "get", OWN),
    ("restore_revision", ("STORY", "REVISION"), "post", OWN),
    ("spellings", (), "get", DESK - {"operator"}),
    ("change_spelling", ("SPELLING",), "post", DESK - {"operator"}),
    ("import_spellings", (), "get", DESK - {"operator"}),
    ("export_spellings", (), "get", DESK - {"operator"}),
    ("abbreviations", (), "get", DESK - {"operator"}),
    ("change_abbreviation", ("ABBREVIATION",), "post", DESK - {"operator"}),
    ("import_abbreviations", (), "get", DESK - {"operator"}),
    ("export_abbreviations", (), "get", DESK - {"operator"}),
    ("share", ("RELEASED",), "get", OWN),
    ("note_share", ("RELEASED",), "post", OWN),
    ("undo_share", ("RELEASED", "SHARE"), "post", OWN),
    ("share_photo", ("RELEASED", 1), "get", OWN),
    ("announce", ("RELEASED", "retract"), "post", EDITORS),
    ("own_figures", (), "get", PEOPLE),
    ("findings", ("STORY",), "post", {*OWN, "anonymous"}),
    ("fix_finding", ("STORY", "0" * 64), "post", OWN),
    ("ignore_finding", ("STORY", "0" * 64), "post", OWN),
    ("heed_findings", ("STORY",), "post", OWN),
    ("heed_finding", ("STORY", "lead_facts"), "post", OWN),
    ("preview", ("STORY",), "post", {*OWN, "anonymous"}),
    ("changes", ("RELEASED",), "post", {*OWN, "anonymous"}),
    ("approvals", (), "get", {"chief"}),  # who stands in the leadership's chain; an admin does not
    ("approval_pin", (), "post", {"chief"}),
    ("answer_approval", ("STORY", "approve"), "post", {"chief"}),
    ("approval_link", ("STORY",), "post", EDITORS),
    ("withdraw_approval", ("STORY",), "post", EDITORS),
    ("sites", ("RELEASED",), "get", {*OWN, "anonymous"}),
    ("reschedule", ("STORY",), "post", DESK),
    ("published", (), "get", PEOPLE),
    ("drift", ("SIGHT",), "get", DESK),
    ("settle_drift", ("SIGHT", "keep"), "post", DESK),
    ("archive", (), "get", PEOPLE),
    ("keep_search", (), "post", {*PEOPLE, "archivist"}),
    ("drop_search", ("SEARCH",), "post", {"editor"}),  # whose search it is
    ("record", ("RELEASED",), "get", OWN),
    ("archive_photo", ("RELEASED_PHOTO",), "get", OWN),
    ("describe_story", ("STORY",), "post", {*DESK, "archivist"}),
    ("describe_photo", ("RELEASED_PHOTO",), "post", {*DESK, "archivist"}),
    ("archive_picks", (), "get", PEOPLE),
    ("archive_pick", (), "post", {*PEOPLE, "archivist"}),
    ("describe_picked", (), "post", {*DESK, "archivist"}),
    ("undo_description", (), "post", {*DESK, "archivist"}),
    ("take_photos", (), "post", {*PEOPLE, "archivist"}),
    ("take_packages", (), "post", {*DESK, "archivist"}),
    ("taking_progress", ("tanda123",), "get", PEOPLE),
    ("leaders", (), "get", EDITORS),
    ("change_leader", ("LEADER",), "post", EDITORS),
    ("tags", (), "get", EDITORS),
    ("change_tag", ("TAG",), "post", EDITORS),
    ("fixity", (), "get", DESK),
    ("make_fixity_report", (), "post", {*DESK, "archivist"}),
    ("fixity_json", ("REPORT",), "get", DESK),
    ("fixity_pdf", ("REPORT",), "get", DESK),
    ("second_copy", (), "get", DESK),
    ("begin_second_copy", (), "post", DESK),
    ("retry_second_copy", (), "post", DESK),
    ("copy_again", ("COPY",), "post", DESK),
    ("measure_helper", (), "get", DESK),
    ("media", (), "get", {*DESK, "archivist"}),
    ("add_medium", (), "get", {*DESK, "archivist"}),
    ("alone_holdings", (), "get", {*DESK, "archivist"}),
    ("medium", ("MEDIUM",), "get", {*DESK, "archivist"}),
    ("change_medium", ("MEDIUM",), "get", {*DESK, "archivist"}),
    ("add_holding", ("MEDIUM",), "get", {*DESK, "archivist"}),
    ("import_holdings", ("MEDIUM",), "get", {*DESK, "archivist"}),
    ("accept_holding", ("HOLDING",), "post", {*DESK, "archivist"}),
    ("tasks", (), "get", DESK),
    ("task", ("TASK",), "get", DESK),
    ("task_result", ("TASK",), "get", {*DESK, "anonymous"}),
    ("take_task", ("TASK",), "post", DESK),
    ("tell_task", ("TASK",), "post", DESK),
    ("task_photos", ("TASK",), "get", DESK),
    ("task_photo", ("TASK", 1), "get", DESK),
    ("summary", (), "get", DESK),
    ("export_summary", (), "get", DESK),
    ("records", (), "get", DESK),
    ("export_records", ("dip", "csv"), "get", DESK),
    ("record_form", ("RELEASED",), "get", DESK),
    ("schedule", (), "get", DESK),
    ("export_schedule", (), "get", DESK),
    ("import_schedule", (), "get", DESK),
    ("filing_rules", (), "get", DESK),
    ("review_list", (), "get", DESK),
    ("destructions", (), "get", DESK),
    ("propose_destruction", (), "get", DESK),
    ("destruction", ("DESTRUCTION",), "get", DESK),
    ("decide_destruction", ("DESTRUCTION",), "post", {*DESK, "archivist"}),  # the act asks for the right
    ("destruction_files", ("DESTRUCTION",), "get", DESK),
    ("destruction_minutes", ("DESTRUCTION",), "get", DESK),
    ("setup", (), "get", {"admin"}),
    ("setup_skip", ("uji",), "post", {"admin"}),
    ("setup_close", (), "post", {"admin"}),
    ("setup_open", (), "post", {"admin"}),
    ("setup_office", (), "get", {"admin"}),
    ("setup_logo", (), "post", {"admin"}),
    ("setup_people", (), "get", {"admin"}),
    ("setup_mail", (), "get", {"admin"}),
    ("setup_mailbox", (), "get", {"admin"}),
    ("setup_mailbox_review", (), "get", {"admin"}),
    ("setup_outgoing", (), "get", {"admin"}),
    ("setup_outgoing_review", (), "get", {"admin"}),
    ("setup_forget", (), "post", {"admin"}),
    ("setup_site", (), "get", {"admin"}),
    ("setup_trial", (), "get", {"admin"}),
    ("setup_trial_begin", (), "post", {"admin"}),
    ("setup_trial_steps", (), "get", {"admin", "anonymous"}),  # answers nothing to those who are signed out
    ("setup_trial_drop", (), "post", {"admin"}),
    ("attention", (), "get", DESK),
    ("retry", ("kotak-surat", "MAILBOX"), "post", DESK),
    ("retry_site", ("kota",), "post", DESK),
    ("site_list", (), "get", DESK),
    ("site_health", ("kota",), "get", DESK),
    ("pause_site", ("kota",), "post", DESK),
    ("resume_site", ("kota",), "post", DESK),
    ("check_site", ("kota",), "post", DESK),
    ("handled", ("LETTER",), "post", DESK),
    ("submission", ("MAIL",), "get", DESK),
    ("admit", ("MAIL",), "post", DESK),
    ("set_aside", ("MAIL",), "post", DESK),
    ("ignored", (), "get", DESK),
    ("mailboxes", (), "get", DESK),
    ("choose_start", ("MAILBOX",), "post", DESK),
    ("settle_now", ("MAILBOX",), "post", DESK),
    ("fetch_anyway", ("SIGHTING",), "post", DESK),
    ("undo_text", ("STORY",), "post", OWN),
    ("mask_all_personal", ("STORY",), "post", OWN),
    ("mask_personal", ("STORY", "0" * 20), "post", OWN),
    ("overrule_personal", ("STORY", "0" * 20), "post", OWN),
    ("restore_all", ("STORY", "MAIL"), "post", OWN),
    ("restore_text", ("STORY", "MAIL", 0), "post", OWN),
    ("forget_kind", ("STORY", "MAIL", "signature"), "post", OWN),
    ("other_text", ("STORY", "MAIL", 0), "get", OWN),
    ("choose_text", ("STORY", "MAIL", 0), "post", OWN),
    ("split_text", ("STORY", "MAIL", 0), "post", OWN),
    ("use_picture", ("STORY", "MAIL", "0" * 64), "post", OWN),
    ("ignore_picture", ("STORY", "MAIL", "0" * 64), "post", OWN),
    ("heed_picture", ("STORY", "MAIL", "0" * 64), "post", OWN),
    ("move_photo", ("STORY", "PHOTO", "STORY"), "post", OWN),
    ("open_photo", ("STORY", "PHOTO"), "post", EDITORS),
    ("photo_edit", ("STORY", "PHOTO"), "get", EDITORS),
    ("reset_photo", ("STORY", "PHOTO"), "post", EDITORS),
    ("leave_out", ("STORY", "PHOTO"), "post", EDITORS),
    ("flag_too", ("STORY", "PHOTO"), "post", EDITORS),
    ("tell_apart", ("STORY", "PHOTO"), "post", EDITORS),
    ("put_photos_back", ("STORY",), "post", EDITORS),
    ("mail_parts", ("MAIL",), "get", OWN),
    ("ask_for_files", ("MAIL",), "get", DESK),
    ("reread", ("MAIL",), "post", DESK),
    ("original_text", ("MAIL",), "get", OWN),
    ("aside_picture", ("MAIL", "0" * 64), "get", OWN),
    ("mail_picture", ("MAIL", "0" * 64, "kecil"), "get", OWN),
    ("proposal", ("PROPOSAL",), "get", OWN),
    ("decline_proposal", ("PROPOSAL",), "post", DESK),
    ("reconsider_proposal", ("PROPOSAL",), "post", DESK),
    ("separate_proposal", ("PROPOSAL",), "post", DESK),
    ("join", ("MAIL",), "post", DESK),
    ("differ", ("MAIL",), "post", DESK),
    ("alike", ("MAIL",), "post", DESK),
    ("contributors", (), "get", DESK),
    ("add_contributor", (), "get", DESK),
    ("import_contributors", (), "get", DESK),
    ("export_contributors", (), "get", DESK),
    ("contributor", ("CONTRIBUTOR",), "get", DESK),
    ("block_contributor", ("CONTRIBUTOR",), "post", DESK),
    ("more", (), "get", PEOPLE),
    ("mail_heartbeat", (), "get", {*PEOPLE, "anonymous"}),
    ("photo", ("PHOTO", "kecil"), "get", OWN),
    ("photo_preview", ("PHOTO",), "get", EDITORS),
    ("original_mail", ("MAIL",), "get", OWN),
    ("original_photo", ("PHOTO",), "get", OWN),
    ("original_attachment", ("ATTACHMENT",), "get", OWN),
    ("proof_picture", ("PROOF", "besar"), "get", OWN),
    ("proof_page", ("PROOF",), "get", OWN),
    ("upload", (), "get", PEOPLE),
    ("upload_begin", (), "post", {*PEOPLE, "anonymous"}),  # the page's script is answered by a sentence
    ("upload_draft", ("UPLOAD",), "get", {"writer"}),
    ("upload_words", ("UPLOAD",), "post", {"writer", "anonymous"}),
    ("upload_status", ("UPLOAD",), "get", {"writer", "anonymous"}),
    ("upload_file", ("UPLOAD",), "post", {"writer", "anonymous"}),
    ("upload_piece", ("UPLOAD", "FILE"), "get", {"writer", "anonymous"}),
    ("upload_discard", ("UPLOAD",), "post", {"writer"}),
    ("collages", (), "get", DESK),
    ("new_collage", (), "get", DESK),
    ("collage", ("COLLAGE",), "get", DESK),
    ("change_collage", ("COLLAGE",), "post", DESK),
    ("make_collage", ("COLLAGE",), "post", DESK),
    ("collage_state", ("COLLAGE",), "get", {*DESK, "anonymous"}),
    ("send_collage", ("COLLAGE",), "post", DESK),
    ("copy_collage", ("COLLAGE",), "post", DESK),
    ("drop_collage", ("COLLAGE",), "post", DESK),
    ("collage_file", ("COLLAGE", "kolase.jpg"), "get", DESK),
    ("collage_photo", ("COLLAGE", "0" * 64), "get", DESK),
    ("candidate_photo", ("REVISION", "0" * 64), "get", DESK),
    ("doctor", (), "get", DESK),
    ("doctor_rehearse", (), "post", DESK),
    ("site_setup", (), "get", {"admin"}),
    ("site_setup_found", (), "get", {"admin"}),
    ("site_setup_sign_in", (), "post", {"admin"}),
    ("site_setup_back", (), "get", {"admin"}),
    ("site_setup_check", (), "get", {"admin"}),
    ("site_setup_try", (), "post", {"admin"}),
    ("site_setup_review", (), "get", {"admin"}),
    ("site_setup_cancel", (), "post", {"admin"}),
    ("account_change_password", (), "get", OWN_ACCOUNT),
    ("profile", (), "get", OWN_ACCOUNT),
    ("end_session", (0,), "post", OWN_ACCOUNT),
    ("end_other_sessions", (), "post", OWN_ACCOUNT),
    ("own_notices", (), "get", OWN_ACCOUNT),
    ("own_address", (), "post", OWN_ACCOUNT),
    ("drop_own_address", (), "post", OWN_ACCOUNT),
    ("try_channel", ("mail",), "post", OWN_ACCOUNT),
    ("account_reauthenticate", (), "get", OWN_ACCOUNT),
    ("mfa_index", (), "get", OWN_ACCOUNT),
    ("mfa_reauthenticate", (), "get", OWN_ACCOUNT),
    ("mfa_reauthenticate_webauthn", (), "get", OWN_ACCOUNT),
    ("mfa_activate_totp", (), "get", OWN_ACCOUNT),
    ("mfa_deactivate_totp", (), "get", OWN_ACCOUNT),
    ("mfa_view_recovery_codes", (), "get", OWN_ACCOUNT),
    ("mfa_generate_recovery_codes", (), "get", OWN_ACCOUNT),
    ("mfa_download_recovery_codes", (), "get", OWN_ACCOUNT),
    ("mfa_list_webauthn", (), "get", OWN_ACCOUNT),
    ("mfa_add_webauthn", (), "get", OWN_ACCOUNT),
    ("mfa_edit_webauthn", (1,), "get", OWN_ACCOUNT),
    ("mfa_remove_webauthn", (1,), "get", OWN_ACCOUNT),
    ("people", (), "get", READS_LOG),
    ("person", ("PERSON",), "get", READS_LOG),
    ("invite_person", (), "get", {"admin"}),
    ("change_person", ("PERSON",), "post", {"admin"}),
    ("give_role", ("PERSON",), "post", {"admin"}),
    ("give_term", ("PERSON",), "post", {"admin"}),
    ("end_term", ("PERSON", "TERM"), "post", {"admin"}),
    ("drop_factors", ("PERSON",), "post", {"admin"}),
    ("end_sessions", ("PERSON",), "post", {"admin"}),
    ("reset_link", ("PERSON",), "post", {"admin"}),
    ("close_person", ("PERSON",), "post", {"admin"}),
    ("reopen_person", ("PERSON",), "post", {"admin"}),
    ("pass", ("PASS",), "get", {"admin"}),
    ("renew_pass", ("PASS",), "post", {"admin"}),
    ("withdraw_pass", ("PASS",), "post", {"admin"}),
    ("invite_contributor", ("CONTRIBUTOR",), "post", DESK),
    ("log", (), "get", READS_LOG),
    ("export_log", (), "get", READS_LOG),
]

SENDS_ON = {
    "make_fixity_report",
    *("mask_all_personal", "mask_personal", "overrule_personal"),
    *("undo_text", "restore_all", "restore_text", "forget_kind", "other_text", "choose_text", "split_text"),
    *("use_picture", "ignore_picture", "heed_picture", "move_photo", "reread"),
    "change_spelling",
    "change_abbreviation",
    "heed_finding",
    "reschedule",
    "discard_draft",
    "restore_revision",
    *("add_comment", "change_comment", "delete_comment", "read_mentions"),
    *("note_share", "undo_share"),
    *("many", "keep_view", "drop_view", "keep_search", "drop_search", "pause", "resume"),
    *("fix_finding", "ignore_finding", "heed_findings"),
    *("open_photo", "reset_photo", "leave_out", "put_photos_back", "flag_too", "tell_apart"),
    "upload_discard",
    *("take_task", "tell_task", "settle_drift"),
    # Without an address that was looked at, connecting a site begins at its beginning.
    *("site_setup_found", "site_setup_sign_in", "site_setup_back", "site_setup_check", "site_setup_try"),
    *("site_setup_review", "site_setup_cancel"),
    *("pause_site", "resume_site"),
    *("archive_pick", "describe_picked", "undo_description", "take_photos", "take_packages"),
    *("change_leader", "change_tag"),
    *("home", "retry", "retry_site", "handled", "admit", "set_aside"),
    *("choose_start", "settle_now", "fetch_anyway"),
    *("decline_proposal", "reconsider_proposal", "separate_proposal", "join", "differ", "alike"),
    *("begin_second_copy", "retry_second_copy", "copy_again", "accept_holding"),
    "block_contributor",
    *("change_collage", "make_collage", "send_collage", "copy_collage", "drop_collage"),
    *("drop_own_address", "try_channel"),
    *("end_session", "end_other_sessions", "mfa_reauthenticate", "mfa_reauthenticate_webauthn"),
    *("mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes", "mfa_add_webauthn"),
    *("mfa_edit_webauthn", "mfa_remove_webauthn"),  # the password is asked for first
    "decide_destruction",
    *("end_term", "drop_factors", "end_sessions", "reset_link", "close_person", "reopen_person"),
    *("renew_pass", "withdraw_pass", "invite_contributor"),
    *("approval_link", "withdraw_approval"),
    *("setup_skip", "setup_close", "setup_open", "setup_forget", "setup_trial_begin", "setup_trial_drop"),
    *("setup_mailbox_review", "setup_outgoing_review"),
}
"""Addresses that lead on to another page when they are done."""
OPEN_TO_ALL = {
    "account_login",
    "account_signup",
    "account_logout",
    "set_language",
    "site",
    "site_file",
    "heartbeat",
    "guide",
    "office_logo",
    *("use_pass", "ask_reset"),
    "robots",
    # What readers see, where the office has opened it: tests/web/test_public_archive.py
    *("public_front", "public_month", "public_story", "public_photo", "public_search", "public_corrections"),
    *("public_rss", "public_feed", "public_sitemap", "public_sitemap_part"),
    *("approve_by_link", "approval_photo"),  # whoever holds the link; see tests/web/test_approval.py
    *("mfa_authenticate", "mfa_login_webauthn"),  # they belong to signing in
}
OPEN_WITH: dict[str, tuple[Any, ...]] = {
    "site": ("kota",),
    "site_file": ("kota", "index.html"),
    "use_pass": ("x",),
    "public_month": (2026, 11),
    "public_story": ("x",),
    "public_photo": ("x", 1, "besar"),
    "public_sitemap_part": (1,),
    "approve_by_link": ("x",),
    "approval_photo": ("x", 1),
}


@pytest.fixture
def rows(office: Office, editor: Person, writer: Person, use: Callable[[str], None]) -> dict[str, Any]:
    use(
        f"{SETTINGS}  - {{name: portal, kind: assisted, title: Portal, url: https://portal.contoh.example}}\n"
    )
    story = make_story(office, 1)
    released = release(make_story(office, 2), editor)
    mail = Submission.objects.get(story=story)
    attachment = mail.attachments.create(sha256="0" * 64, filename="a.pdf", content_type="x", size=1)
    stranger = office.person("orang-lain", "contributor")
    other = Contributor.objects.create(address="lain@contoh.example", name="Lain", person=stranger)
    assert story.revision and story.photos.first()
    upload = Upload.objects.create(key="kiriman", person=writer)
    holding = Medium.objects.create(name="HDD-07").holdings.create(name="video.mp4", size=40)
    UploadedFile.objects.create(key="berkas", upload=upload, filename="a.jpg", size=1)
    return {
        "STORY": story.pk,
        "COMMENT": story.comments.create(by=editor, text="Mohon dicek.").pk,
        "SHARE": released.shares.create(by=editor, way="tandai").pk,
        "SEARCH": editor.saved_searches.create(name="Banjir").pk,
        "VIEW": editor.saved_views.create(name="Liputan malam").pk,
        "CONTRIBUTOR": other.pk,
        "REVISION": story.revision.pk,
        "RELEASED": released.pk,
        "RELEASED_PHOTO": released.photos.get().pk,
        "LEADER": Leader.objects.create(name="Darmawi", title="Camat").pk,
        "TAG": Tag.objects.create(name="uji", slug="uji").pk,
        "REPORT": make_report(timezone.localdate(), timezone.localdate(), editor).pk,
        "SIGHT": Sight.objects.create(delivery=released.deliveries.earliest("id"), drift="hidden").pk,
        "TASK": released.deliveries.create(site="portal", asked=True, ledger={"asked": "tayang:1"}).pk,
        "MAIL": mail.pk,
        "PROPOSAL": story.proposals.create(submission=mail, why="Balasan.").pk,
        "PHOTO": story.photos.get().pk,
        "ATTACHMENT": attachment.pk,
        "LETTER": story.letters.create(to="a@contoh.example", subject="x", body="x", message_id="<x@x>").pk,
        "PROOF": released.proofs.create(
            site="kota", place=0, version=1, state="live", url="x", confirmed_at=released.released_at
        ).pk,
        "UPLOAD": upload.key,
        "FILE": "berkas",
        "SIGHTING": Sighting.objects.create(mailbox="lokal", uid="1").pk,
        "SPELLING": Spelling.objects.create(wrong="uji keliru", right="uji benar").pk,
        "ABBREVIATION": Abbreviation.objects.create(short="UJI", long="Unit Jaga Informasi").pk,
        "DESTRUCTION": Destruction.objects.create(
            number="1", reason="x", committee="x", proposed_by=editor
        ).pk,
        "COPY": Copy.objects.create(kind="original", name="0" * 64, size=1).pk,
        "MEDIUM": holding.medium_id,
        "HOLDING": holding.pk,
        "MAILBOX": Mailbox.objects.create(name="lokal").pk,
        "COLLAGE": draft_collage().pk,
        **people(office),
    }


def draft_collage() -> Collage:
    """Return a collage that is being arranged, of no photo so far."""
    recipe = Recipe(title="Kolase Foto Juli–Desember 2026", start=date(2026, 7, 1), end=date(2026, 12, 31))
    return Collage.objects.create(start=recipe.start, end=recipe.end, recipe=recipe.to_json())


def people(office: Office) -> dict[str, Any]:
    somebody = office.person("seseorang", "contributor")
    today = timezone.localdate()
    made = invite(office.person("admin", "admin"), name="Baru", email="", role="editor")
    return {
        "PERSON": somebody.pk,
        "TERM": somebody.terms.create(role="editor", starts=today).pk,
        "PASS": made.pk,
    }


def welcomed(method: str, welcome: set[str]) -> set[str]:
    """Add the readers to those the table names: they open what the desk opens, and send nothing."""
    if method == "get" and welcome & DESK >= DESK:
        welcome = welcome | {"auditor", "archivist"}
    return welcome | ({"requester"} if {"stranger", "admin"} <= welcome and method == "get" else set())


def browser(office: Office, role: str, **how: Any) -> Client:
    if role == "anonymous":
        return Client(**how)
    names = {"stranger": "orang-lain", "writer": "nala", "editor": "bram"}
    return enter(office.person(names.get(role, role), role), **how)


@pytest.mark.parametrize("role", ROLES)
def test_every_address_lets_in_those_it_should_and_nobody_else(
    office: Office, rows: dict[str, Any], role: str
) -> None:
    client = browser(office, role)
    for name, arguments, method, welcome in TABLE:
        address = reverse(name, args=[rows.get(str(part), part) for part in arguments])
        before = rows_written()
        response = getattr(client, method)(address)
        check_guards(response, address)
        if method == "get":
            assert rows_written() == before, f"looking at {name} wrote something"
        status = response.status_code
        if role in welcomed(method, welcome):
            assert status not in (403, 500), f"{role} was refused at {name}: {status}"
            assert status != 302 or name in SENDS_ON, f"{role} sent away: {name}"
        elif role == "anonymous":
            assert status == 302, f"{name} answers {status} to a visitor"
        else:
            assert status == 403, f"{name} answers {status} to {role}"


def test_the_table_names_every_address_there_is() -> None:
    def names(resolver: URLResolver) -> set[str]:
        found: set[str] = set()
        for entry in resolver.url_patterns:
            if isinstance(entry, URLResolver):
                found |= names(entry)
            elif isinstance(entry, URLPattern) and entry.name:
                found.add(entry.name)
        return found

    assert names(get_resolver()) == {row[0] for row in TABLE} | OPEN_TO_ALL


def test_what_changes_something_is_refused_to_a_link_that_is_merely_followed(
    office: Office, rows: dict[str, Any]
) -> None:
    client = browser(office, "editor")
    for name, arguments, method, _ in TABLE:
        if method == "post":
            address = reverse(name, args=[rows.get(str(part), part) for part in arguments])
            assert client.get(address).status_code == 405, name


def test_a_form_from_elsewhere_changes_nothing(office: Office, rows: dict[str, Any]) -> None:
    client = browser(office, "editor", enforce_csrf_checks=True)
    response = client.post(reverse("decide", args=[rows["STORY"], "spike"]), {"note_spike": "x"})
    assert response.status_code == 403
    assert "kedaluwarsa" in response.content.decode()
    assert Story.objects.get(pk=rows["STORY"]).state == "queued"


def test_no_address_takes_a_form_from_elsewhere(office: Office, rows: dict[str, Any]) -> None:
    client = browser(office, "admin", enforce_csrf_checks=True)
    before = rows_written()
    for address in addresses(rows):
        response = client.post(address, {"a": "1"})
        assert response.status_code == 403, address
        assert "kedaluwarsa" in response.content.decode(), address
    assert rows_written() == before


def check_guards(response: Any, address: str) -> None:
    headers = response.headers
    assert headers["X-Content-Type-Options"] == "nosniff", address
    assert (headers["X-Frame-Options"], headers["Referrer-Policy"]) == ("DENY", "same-origin"), address
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy or "default-src 'none'" in policy, address
    assert "script" not in policy.replace("script-src 'self'", ""), address


def addresses(rows: dict[str, Any]) -> list[str]:
    """Return every address of the table, and those that are open to all."""
    opened: list[tuple[str, tuple[Any, ...]]] = [
        *((name, arguments) for name, arguments, _method, _welcome in TABLE),
        *((name, OPEN_WITH.get(name, ())) for name in sorted(OPEN_TO_ALL)),
    ]
    return [reverse(name, args=[rows.get(str(part), part) for part in parts]) for name, parts in opened]


@pytest.mark.parametrize("verb", ["release", "publish", "verify2"])
def test_a_move_that_is_not_a_persons_has_no_address(office: Office, rows: dict[str, Any], verb: str) -> None:
    response = browser(office, "editor").post(reverse("decide", args=[rows["STORY"], verb]))
    assert response.status_code == 404


@pytest.mark.parametrize("role", ["writer", "operator"])
def test_those_who_do_not_edit_can_neither_write_nor_decide(
    office: Office, rows: dict[str, Any], role: str
) -> None:
    story = Story.objects.get(pk=rows["STORY"])
    before = {"seen": str(story.revision_id), "seen_state": story.state}
    client = browser(office, role)
    refused = client.post(
        reverse("save", args=[story.pk]), {**before, "headline": "Judul palsu", "body": "Isi palsu"}
    )
    assert refused.status_code == 403
    for verb in ("verify", "spike", "send_back"):
        answer = client.post(reverse("decide", args=[story.pk, verb]), {**before, f"note_{verb}": "sebab"})
        assert answer.status_code == 403, verb
    story.refresh_from_db()
    assert (story.headline, story.state) == ("Judul berita 1", "queued")


def test_an_unknown_kind_of_row_cannot_be_retried(office: Office, rows: dict[str, Any]) -> None:
    client = browser(office, "editor")
    assert client.post(reverse("retry", args=["orang", 1])).status_code == 404
    assert client.post(reverse("retry", args=["kotak-surat", 999])).status_code == 404
