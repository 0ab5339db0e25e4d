"""Rows as scripts see them: one JSON object a line. The keys are a contract later versions keep."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO

from django.conf import settings

import prose
from newsroom.models import Delivery, Package, Photo, Story, Submission
from newsroom.personal import concerns


def write_lines(rows: Iterable[dict[str, Any]], out: TextIO) -> None:
    """Write each row as one line of JSON."""
    for row in rows:
        out.write(json.dumps(row, ensure_ascii=False) + "\n")


def submission(row: Submission) -> dict[str, Any]:
    return {
        "sha256": row.sha256,
        "message_id": row.message_id,
        "disposition": row.disposition or None,
        "reason": row.reason or row.error,
        "sender": row.sender_address,
        "revision_of": row.revision_of.sha256 if row.revision_of else None,
        "duplicate_of": row.duplicate_of.sha256 if row.duplicate_of else None,
        "story": story(row.story) if row.story else None,
    }


def story(row: Story) -> dict[str, Any]:
    return {
        "id": row.pk,
        "key": row.key,
        "state": row.state,
        "version": row.version,
        "headline": row.headline,
        "paragraphs": prose.paragraphs(row.body),
        "dateline_city": row.dateline_city,
        "byline_outlet": row.byline_outlet,
        "byline_writer": row.byline_writer,
        "byline_editor": row.byline_editor,
        "photographer": row.photographer,
        "photos": [photo(picture) for picture in row.photos.all()],
        "checks": [],
        "pii": [{"kind": one.kind, "places": one.where, "blocks": one.bars} for one in concerns(row)],
    }


def photo(row: Photo) -> dict[str, Any]:
    return {
        "sha256": row.sha256,
        "filename": row.filename,
        "caption": row.caption,
        "credit": row.credit,
        "alt": row.alt,
    }


def delivery(row: Delivery) -> dict[str, Any]:
    return {
        "story": row.story_id,
        "key": row.story.key,
        "site": row.site,
        "state": row.state or "waiting",
        "version": row.story.version,
        "sent_version": row.sent_version,
        "remote_id": row.remote_id,
        "url": public_address(row),
        "error": row.error,
    }


def public_address(row: Delivery) -> str:
    """Return where readers find the story: folder sites tell their addresses from their own root."""
    if not row.url or "://" in row.url:
        return row.url
    return f"{settings.REDAKSI.web.public_url}/situs/{row.site}/{row.url}"


def package(row: Package) -> dict[str, Any]:
    return {
        "story": row.story_id,
        "version": row.version,
        "revision": row.revision,
        "path": row.path,
        "valid": row.sound,
    }
