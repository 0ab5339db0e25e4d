"""What a package holds: everything of one version of a story, for people and programs decades from now.

The layout is in docs/archive.md, the keys of metadata.json in archive/metadata.schema.json; both travel with the
package or are repeated by it, so that it explains itself.
"""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

import archive
import photos
import prose
from newsroom.dressing import notice_line
from newsroom.models import LATE, Package, Revision, Story, Submission
from pipeline.proof import proven_receipts
from pipeline.stores import originals

FORMAT = 2
"""Of packages: 1 had a page whose photos lay beside it, and neither description nor Dublin Core."""
SCHEMA = "metadata.schema.json"
SEEN = photos.Size(1200, 76)
"""The photos inside the page: large enough to know people by, small enough that the page opens everywhere."""

Metadata = dict[str, Any]


def make_sip(package: Package) -> archive.SIP:
    """Gather what is handed over for preservation. Raises archive.ArchiveError."""
    story = package.story
    sealed = story.sealed(package.version)
    store = originals()
    mails = list(story.mails)
    files: dict[str, bytes | Path] = _mails(mails)
    pictures = _pictures(story, sealed, files)
    receipts, kept = proven_receipts(story, sealed)
    files |= {name: store.path(sha256) for name, sha256 in kept.items()}
    metadata = {
        **_identity(package, sealed),
        **_text(sealed),
        **_description(story),
        **_arrival(story, mails),
        "photos": pictures,
        "receipts": receipts,
        "log": _log(story),
        "late_sha256": late_digest(story, sealed, receipts),
    }
    files["text.md"] = _markdown(sealed).encode()
    files["receipts.json"] = _json(receipts)
    files["dublin-core.xml"] = archive.dublin_core(_dublin(package, sealed, metadata))
    files[SCHEMA] = Path(archive.__file__).with_name(SCHEMA).read_bytes()
    files["index.html"] = _page(sealed, metadata)
    return archive.SIP(
        identifier=story.key,
        version=package.version,
        revision=package.revision,
        title=sealed.headline,
        files=files,
        metadata=metadata,
    )


def late_digest(story: Story, sealed: Revision, receipts: list[Metadata] | None = None) -> str:
    """Return the SHA-256 of what may still become known of a version: receipts, proofs, what was settled at sites."""
    if receipts is None:
        receipts, _ = proven_receipts(story, sealed)
    deeds = story.log.filter(version=sealed.version, verb__in=LATE).select_related("by").order_by("id")
    late = {"notice": sealed.notice, "receipts": receipts, "deeds": [_entry(entry) for entry in deeds]}
    return hashlib.sha256(_json(late)).hexdigest()


def prose_suffix(suffix: str) -> str:
    """Return a file suffix only when it is a plain one."""
    return suffix if suffix[1:].isalnum() and suffix.isascii() else ""


def _mails(mails: list[Submission]) -> dict[str, bytes | Path]:
    files: dict[str, bytes | Path] = {}
    store = originals()
    for number, mail in enumerate(mails, start=1):
        files[f"mail/{number:02d}_{mail.sha256[:12]}.eml"] = store.path(mail.sha256)
        for attachment in mail.attachments.order_by("id"):
            suffix = prose_suffix(Path(attachment.filename).suffix.lower()[:8])
            name = prose.slug(Path(attachment.filename).stem, 40) or "berkas"
            files[f"documents/{attachment.sha256[:12]}_{name}{suffix}"] = store.path(attachment.sha256)
    return files


def _pictures(story: Story, sealed: Revision, files: dict[str, bytes | Path]) -> list[Metadata]:
    """Lay the photos' originals into `files` and describe them: those readers see in order, then the others."""
    store = originals()
    rows = {row.sha256: row for row in story.photos.prefetch_related("tags", "leaders")}
    shown = [{**photo, "published": True} for photo in sealed.photos]
    seen = {photo["sha256"] for photo in shown}
    others = [
        {"sha256": row.sha256, "filename": row.filename, "caption": row.caption, "credit": row.credit}
        for row in rows.values()
        if row.sha256 not in seen
    ]
    pictures = []
    for number, photo in enumerate([*shown, *others], start=1):
        suffix = prose_suffix(Path(photo["filename"]).suffix.lower()) or ".jpg"
        folder = "photos" if photo.get("published") else "photos/unpublished"
        name = f"{folder}/{number:02d}_{photo['sha256'][:12]}{suffix}"
        files[name] = store.path(photo["sha256"])
        row = rows.get(photo["sha256"])
        pictures.append(
            {
                "alt": "",
                "edits": {},
                "masked": {},
                "published": False,
                **photo,
                "file": name,
                "taken_at": row.taken_at.isoformat() if row and row.taken_at else None,
                "tags": [str(tag) for tag in row.tags.all()] if row else [],
                "leaders": [str(leader) for leader in row.leaders.all()] if row else [],
            }
        )
    return pictures


def _identity(package: Package, sealed: Revision) -> Metadata:
    return {
        "format": "redaksi-package",
        "format_version": FORMAT,
        "office": settings.REDAKSI.office.name,
        "key": package.story.key,
        "version": package.version,
        "revision": package.revision,
        "verified_at": sealed.at.isoformat(),
        "verified_by": str(sealed.by) if sealed.by else "",
        "why": sealed.why,
        "notice": notice_line(sealed),
    }


def _text(sealed: Revision) -> Metadata:
    return {name: getattr(sealed, name) for name in Revision.TEXT if name != "body"}


def _description(story: Story) -> Metadata:
    """Return what archivists have said the story is about: no part of the verified text."""
    return {
        "event_on": story.event_on.isoformat() if story.event_on else None,
        "event_place": story.event_place,
        "tags": [str(tag) for tag in story.tags.all()],
        "leaders": [str(leader) for leader in story.leaders.all()],
    }


def _arrival(story: Story, mails: list[Submission]) -> Metadata:
    return {
        "received_at": story.received_at.isoformat(),
        "released_at": story.released_at.isoformat() if story.released_at else None,
        "contributor": str(story.contributor) if story.contributor else "",
        "mails": [
            {"sha256": mail.sha256, "message_id": mail.message_id, "sender": mail.sender_address}
            for mail in mails
        ],
    }


def _log(story: Story) -> list[Metadata]:
    return [_entry(entry) for entry in story.log.select_related("by").order_by("id")]


def _entry(entry: Any) -> Metadata:
    return {
        "at": entry.at.isoformat(),
        "by": str(entry.by) if entry.by else "",
        "verb": entry.verb,
        "version": entry.version,
        "note": entry.note,
    }


def _dublin(package: Package, sealed: Revision, metadata: Metadata) -> list[tuple[str, str]]:
    """Return the package's Dublin Core terms, for archives that have never heard of Redaksi."""
    creator = "/".join(filter(None, (sealed.byline_outlet, sealed.byline_writer)))
    name = archive.package_name(package.version, package.revision)
    return [
        ("dc:identifier", f"{metadata['key']} {name}"),
        ("dc:title", sealed.headline),
        ("dc:creator", creator),
        ("dc:contributor", sealed.byline_editor),
        ("dc:contributor", sealed.photographer),
        ("dc:publisher", metadata["office"]),
        ("dc:date", metadata["released_at"] or metadata["verified_at"]),
        ("dcterms:created", metadata["event_on"] or ""),
        ("dcterms:spatial", metadata["event_place"] or sealed.dateline_city),
        *(("dc:subject", word) for word in filter(None, (sealed.category, *metadata["tags"]))),
        *(("dcterms:references", leader) for leader in metadata["leaders"]),
        ("dc:description", next(iter(prose.paragraphs(sealed.body)), "")),
        ("dcterms:provenance", metadata["notice"]),
        ("dcterms:isVersionOf", metadata["key"]),
        *(("dc:relation", receipt["url"]) for receipt in metadata["receipts"] if receipt.get("url")),
        ("dc:type", "Text"),
        ("dc:format", "text/markdown"),
        ("dc:language", "id"),
    ]


def _markdown(sealed: Revision) -> str:
    return f"# {sealed.headline}\n\n{sealed.body.strip()}\n"


def _page(sealed: Revision, metadata: Metadata) -> bytes:
    shown = [{**photo, "data": _inlined(photo)} for photo in metadata["photos"] if photo["published"]]
    context = {"text": sealed, "html": prose.to_html(sealed.body), "facts": metadata, "photos": shown}
    return render_to_string("pipeline/package.html", context).encode()


def _inlined(photo: Metadata) -> str:
    """Return a photo as readers saw it, reduced, as a data: address; empty where it cannot be drawn."""
    data = originals().read(photo["sha256"])
    try:
        edits = photos.Edits.from_json(photo["edits"])
        made = next(iter(photos.renditions(data, (SEEN,), edits=edits)))
    except photos.UnreadablePhoto:
        return ""
    return f"data:image/jpeg;base64,{base64.b64encode(made.data).decode()}"


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
