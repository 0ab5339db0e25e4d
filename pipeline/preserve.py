"""preserve and check_fixity: every version is packaged for good, and re-read to see that nothing has rotted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone

import archive
import prose
from newsroom.dressing import notice_line
from newsroom.models import (
    REREAD_AFTER,
    Attachment,
    Package,
    Photo,
    Proof,
    Revision,
    Shelf,
    Story,
    Submission,
    log,
)
from pipeline.proof import proven_receipts
from pipeline.stores import originals, packages_folder

SHELVES = 256
KEPT: tuple[tuple[type[Model], str], ...] = (
    (Submission, "sha256"),
    (Photo, "sha256"),
    (Attachment, "sha256"),
    (Proof, "page_sha256"),
    (Proof, "picture_sha256"),
)
"""What stands among the originals, and where its SHA-256 is written down."""


class Rotten(Exception):
    """A kept file is no longer what it was. The text names it and says what to do."""


def preserve(package: Package) -> None:
    """Write one version of a story as a BagIt package. Raises archive.ArchiveError."""
    path = _made_before(package) or archive.make_package(make_sip(package), packages_folder())
    now = timezone.now()
    relative = str(path.relative_to(packages_folder()))
    package.done(path=relative, checked_at=now, sound=True)
    log("preserve", story=package.story, version=package.version, note=relative)


def _made_before(package: Package) -> Path | None:
    """Return the sound package of a worker that died before it could say so; what it holds is not made again."""
    path = packages_folder() / package.story.key / f"v{package.version}"
    return path if path.is_dir() and not archive.check_package(path) else None


def make_sip(package: Package) -> archive.SIP:
    """Gather what is handed over for preservation: mails, photos, text, receipts, a readable page."""
    story = package.story
    sealed = story.sealed(package.version)
    store = originals()
    files: dict[str, bytes | Path] = {}
    mails = list(story.mails)
    for number, mail in enumerate(mails, start=1):
        files[f"mail/{number:02d}_{mail.sha256[:12]}.eml"] = store.path(mail.sha256)
        for attachment in mail.attachments.order_by("id"):
            suffix = Path(attachment.filename).suffix.lower()[:8]
            name = prose.slug(Path(attachment.filename).stem, 40) or "berkas"
            files[f"documents/{attachment.sha256[:12]}_{name}{prose_suffix(suffix)}"] = store.path(
                attachment.sha256
            )
    pictures = []
    for number, photo in enumerate(sealed.photos, start=1):
        suffix = prose_suffix(Path(photo["filename"]).suffix.lower()) or ".jpg"
        name = f"photos/{number:02d}_{photo['sha256'][:12]}{suffix}"
        files[name] = store.path(photo["sha256"])
        pictures.append({**photo, "file": name})
    receipts, kept = proven_receipts(story, sealed)
    files |= {name: store.path(sha256) for name, sha256 in kept.items()}
    metadata = _metadata(story, sealed, mails, pictures, receipts)
    files["text.md"] = _markdown(sealed).encode()
    files["receipts.json"] = _json(receipts)
    files["index.html"] = _page(story, sealed, pictures, receipts)
    return archive.SIP(
        identifier=story.key, version=package.version, title=sealed.headline, files=files, metadata=metadata
    )


def check_fixity(package: Package) -> None:
    """Re-read a package; what is found is named. Raises Rotten."""
    problems = archive.check_package(packages_folder() / package.path)
    now = timezone.now()
    if problems:
        sentences = " ".join(problem.sentence for problem in problems)
        package.hold(checked_at=now, sound=False)
        log("fixity_failed", story=package.story, version=package.version, note=sentences)
        raise Rotten(
            f"Paket arsip tidak utuh: {sentences} Pulihkan dari salinan cadangan, lalu periksa lagi."
        )
    package.done(checked_at=now, sound=True)


def check_originals(shelf: Shelf) -> None:
    """Re-read one shelf of the originals; what is damaged or missing is named. Raises Rotten."""
    expected = [
        sha256
        for model, field in KEPT
        for sha256 in model.objects.filter(**{f"{field}__startswith": shelf.prefix}).values_list(
            field, flat=True
        )
    ]
    problems = list(originals().check(expected, shelf=shelf.prefix))
    now = timezone.now()
    if problems:
        sentences = " ".join(problem.sentence for problem in problems)
        shelf.hold(checked_at=now)
        log("fixity_failed", note=sentences)
        raise Rotten(f"Berkas asli tidak utuh: {sentences}")
    shelf.done(checked_at=now)


def open_shelves() -> None:
    """Make the shelves once; their first looks are spread over the whole span."""
    if Shelf.objects.count() == SHELVES:
        return
    now = timezone.now()
    Shelf.objects.bulk_create(
        [Shelf(prefix=f"{n:02x}", checked_at=now - REREAD_AFTER * n / SHELVES) for n in range(SHELVES)],
        ignore_conflicts=True,
    )


def prose_suffix(suffix: str) -> str:
    """Return a file suffix only when it is a plain one."""
    return suffix if suffix[1:].isalnum() and suffix.isascii() else ""


def _metadata(
    story: Story,
    sealed: Revision,
    mails: list[Submission],
    pictures: list[dict[str, Any]],
    receipts: list[dict[str, Any]],
) -> dict[str, Any]:
    entries = story.log.filter(at__lte=timezone.now()).select_related("by")
    return {
        "key": story.key,
        "version": sealed.version,
        "headline": sealed.headline,
        "dateline_city": sealed.dateline_city,
        "byline_outlet": sealed.byline_outlet,
        "byline_writer": sealed.byline_writer,
        "byline_editor": sealed.byline_editor,
        "photographer": sealed.photographer,
        "category": sealed.category,
        "notice": notice_line(sealed),
        "received_at": story.received_at.isoformat(),
        "verified_at": sealed.at.isoformat(),
        "verified_by": str(sealed.by) if sealed.by else "",
        "contributor": str(story.contributor) if story.contributor else "",
        "mails": [
            {"sha256": mail.sha256, "message_id": mail.message_id, "sender": mail.sender_address}
            for mail in mails
        ],
        "photos": pictures,
        "receipts": receipts,
        "log": [
            {
                "at": entry.at.isoformat(),
                "by": str(entry.by) if entry.by else "",
                "verb": entry.verb,
                "version": entry.version,
                "note": entry.note,
            }
            for entry in entries
        ],
    }


def _markdown(sealed: Revision) -> str:
    return f"# {sealed.headline}\n\n{sealed.body.strip()}\n"


def _page(
    story: Story, sealed: Revision, pictures: list[dict[str, Any]], receipts: list[dict[str, Any]]
) -> bytes:
    context = {
        "story": story,
        "text": sealed,
        "html": prose.to_html(sealed.body),
        "notice": notice_line(sealed),
        "photos": pictures,
        "receipts": receipts,
    }
    return render_to_string("pipeline/package.html", context).encode()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True).encode() + b"\n"
