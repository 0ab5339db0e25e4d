"""Destruction of what the schedule no longer keeps: proposed by one person, approved by another, and written down.

Nothing is deleted here, nor anywhere in the program: a destruction that was approved is a list of exact files.
Docs: docs/records.md.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom import tickets
from newsroom.acts import ActRefused
from newsroom.models import (
    Attachment,
    Destroyed,
    Destruction,
    FinalDisposition,
    Person,
    Photo,
    Proof,
    Record,
    Retention,
    Right,
    Story,
    Submission,
    log,
)
from newsroom.records import retentions

MOST = 200
"""Stories in one proposal: a committee reads every line of it."""
FILES = ("no", "berita", "judul", "jenis", "nama", "sha256 atau letak", "ukuran", "keterangan")


def propose(rows: Iterable[Record], by: Person, *, number: str, reason: str, committee: str) -> Destruction:
    """Propose to destroy what is due; what the schedule keeps for good cannot be. Raises ActRefused."""
    if not by.may(Right.ARCHIVE):
        raise ActRefused(_("Akun Anda tidak berwenang mengubah berkas arsip. Mintalah arsiparis."))
    number, reason, committee = number.strip(), reason.strip(), committee.strip()
    if not (number and reason and committee) or len(number) > 100:
        raise ActRefused(_("Isi nomor berita acara, alasan, dan nama panitia penilai."))
    wanted = list(rows)
    if not 1 <= len(wanted) <= MOST:
        raise ActRefused(_("Pilih 1 sampai 200 berkas untuk satu usulan."))
    schedule = retentions(row.code for row in wanted)
    _check(wanted, schedule)
    try:
        with transaction.atomic():
            made = Destruction.objects.create(
                number=number, reason=reason, committee=committee, proposed_by=by
            )
            free = Record.objects.filter(pk__in=[row.pk for row in wanted], destruction=None, for_good=False)
            if free.update(destruction=made) != len(wanted):
                raise ActRefused(
                    _("Sebagian berkas baru saja dinilai orang lain. Pilih lagi dari daftarnya.")
                )
            _write_down(made, wanted, schedule)
            for row in wanted:
                log("destroy_propose", by=by, story=row.story, note=number)
    except IntegrityError as error:
        raise ActRefused(_("Nomor berita acara itu sudah dipakai. Tulis nomor lain.")) from error
    return made


def decide(made: Destruction, by: Person, *, approve: bool, answer: str) -> None:
    """Let a second person of the leadership approve or refuse. Raises ActRefused."""
    if reason := why_not(made, by):
        raise ActRefused(reason)
    answer = answer.strip()
    if not approve and not answer:
        raise ActRefused(_("Tulis alasan tidak menyetujuinya."))
    state = Destruction.State.APPROVED if approve else Destruction.State.REFUSED
    with transaction.atomic():
        as_seen = Destruction.objects.filter(pk=made.pk, state=Destruction.State.OPEN)
        if not as_seen.update(state=state, decided_by=by, decided_at=timezone.now(), answer=answer):
            raise ActRefused(_("Usulan ini baru saja diputuskan orang lain. Muat ulang halaman."))
        if approve:
            _still_so(made)
        else:
            Record.objects.filter(destruction=made).update(destruction=None)
        verb = "destroy_approve" if approve else "destroy_refuse"
        for item in made.items.select_related("story"):
            log(verb, by=by, story=item.story, note=". ".join(filter(None, (made.number, answer)))[:1000])
    made.refresh_from_db()


def why_not(made: Destruction, by: Person) -> str:
    """Say why `by` cannot decide on the proposal; empty when they can."""
    if not by.may(Right.APPROVE):
        return _("Pemusnahan disetujui oleh pimpinan (kepala redaksi, Kasi, Kabid, Sekretaris, atau Kadis).")
    if made.proposed_by_id == by.pk:
        return _("Pengusul tidak boleh menyetujui usulannya sendiri. Mintalah pimpinan lain.")
    if made.state != Destruction.State.OPEN:
        return _("Usulan ini sudah diputuskan.")
    return ""


def file_list(made: Destruction) -> Iterator[Sequence[str]]:
    """Yield every file the destruction is about, with those that stay because another story holds them."""
    number = 0
    for item in made.items.all():
        for file in item.files:
            number += 1
            held = ", ".join(file["held_by"])
            yield (
                str(number),
                tickets.ticket(item.story_id),
                item.headline,
                file["kind"],
                file["name"],
                file.get("sha256") or file.get("path", ""),
                str(file.get("size") or ""),
                f"tetap disimpan, dipakai juga oleh {held}" if held else "dimusnahkan",
            )


def _check(rows: Sequence[Record], schedule: dict[str, Retention]) -> None:
    due = set(Record.objects.all().due(timezone.localdate()).values_list("pk", flat=True))
    for row in rows:
        line = schedule.get(row.code)
        if row.pk not in due or line is None:
            raise ActRefused(
                _("Berkas “%(story)s” belum habis masa retensinya, atau sedang dalam usulan lain.")
                % {"story": row.story}
            )
        if line.final_disposition == FinalDisposition.KEEP:
            raise ActRefused(
                _("Berkas “%(story)s” menurut JRA permanen, jadi tidak dapat diusulkan musnah.")
                % {"story": row.story}
            )


def _still_so(made: Destruction) -> None:
    """Raise ActRefused unless all is as it was proposed: weeks may lie between, and nothing destroyed comes back."""
    rows = {row.story_id: row for row in made.records.all()}
    schedule = retentions(row.code for row in rows.values())
    files = _inventory(list(rows))
    today = timezone.localdate()
    for item in made.items.all():
        row = rows.get(item.story_id)
        line = schedule.get(row.code) if row is not None else None
        over = row is not None and line is not None and row.closed_on and line.ends(row.closed_on) <= today
        kept = line is None or line.final_disposition == FinalDisposition.KEEP
        if kept or not over or not _same(item.files, files[item.story_id]):
            raise ActRefused(
                _(
                    "Berkas “%(story)s” sudah berubah sejak diusulkan: kodenya, JRA-nya, isinya, atau pemakaian filenya "
                    "oleh berita lain. Tolak usulan ini, lalu minta arsiparis mengusulkan lagi yang masih perlu."
                )
                % {"story": item.headline}
            )


def _same(before: Iterable[dict[str, Any]], now: Iterable[dict[str, Any]]) -> bool:
    told = [sorted(json.dumps(file, sort_keys=True) for file in files) for files in (before, now)]
    return told[0] == told[1]


def _write_down(made: Destruction, rows: Sequence[Record], schedule: dict[str, Retention]) -> None:
    found = _inventory([row.story_id for row in rows])
    Destroyed.objects.bulk_create(
        Destroyed(
            destruction=made,
            story=row.story,
            headline=row.story.headline,
            code=row.code,
            retention=_retention(schedule[row.code]),
            closed_on=row.closed_on,
            files=found[row.story_id],
        )
        for row in rows
    )


def _inventory(pks: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """Return the files of each story, with who else holds them."""
    stories = Story.objects.filter(pk__in=pks).prefetch_related(
        "photos", "packages", "proofs", "submissions__attachments", "split_from__attachments"
    )
    found = {story.pk: list(_files(story)) for story in stories}
    holders = _holders(
        {file["sha256"] for files in found.values() for file in files if "sha256" in file}, pks
    )
    for files in found.values():
        for file in files:
            file["held_by"] = holders.get(file.get("sha256", ""), [])
    return found


def _retention(line: Retention) -> str:
    return f"{line.title}: aktif {line.active_years} tahun, inaktif {line.inactive_years} tahun"[:200]


def _files(story: Story) -> Iterator[dict[str, Any]]:
    mails = {mail.pk: mail for mail in story.submissions.all()}
    if story.split_from is not None:
        mails[story.split_from.pk] = story.split_from
    for mail in mails.values():
        yield {"kind": "surel", "name": mail.subject[:200], "sha256": mail.sha256, "size": mail.size}
        for attachment in mail.attachments.all():
            named = {"name": attachment.filename, "sha256": attachment.sha256, "size": attachment.size}
            yield {"kind": "lampiran", **named}
    for photo in story.photos.all():
        yield {"kind": "foto", "name": photo.filename, "sha256": photo.sha256, "size": 0}
    for proof in story.proofs.all():
        name = f"{proof.site}, versi {proof.version}"
        for sha256, size in (
            (proof.page_sha256, proof.page_size),
            (proof.picture_sha256, proof.picture_size),
        ):
            if sha256:
                yield {"kind": "bukti tayang", "name": name, "sha256": sha256, "size": size}
    for package in story.packages.all():
        if package.path:
            yield {"kind": "paket arsip", "name": f"versi {package.version}", "path": package.path, "size": 0}


def _holders(wanted: set[str], pks: Sequence[int]) -> dict[str, list[str]]:
    """Return who else holds these originals: a file under its checksum may be many stories', or a mail's that is none."""
    held: dict[str, set[str]] = {}
    ours = set(pks)
    hashes = sorted(wanted)
    for start in range(0, len(hashes), 500):
        part = hashes[start : start + 500]
        found = [
            *Photo.objects.filter(sha256__in=part).values_list("sha256", "story"),
            *Attachment.objects.filter(sha256__in=part).values_list("sha256", "submission__story"),
            *Attachment.objects.filter(sha256__in=part).values_list("sha256", "submission__split_stories"),
            *Submission.objects.filter(sha256__in=part).values_list("sha256", "story"),
            *Submission.objects.filter(sha256__in=part).values_list("sha256", "split_stories"),
            *Proof.objects.filter(page_sha256__in=part).values_list("page_sha256", "story"),
            *Proof.objects.filter(picture_sha256__in=part).values_list("picture_sha256", "story"),
        ]
        for sha256, story in found:
            if story is not None and story not in ours:
                held.setdefault(sha256, set()).add(tickets.ticket(story))
        loose = Attachment.objects.filter(submission__story=None, submission__split_stories=None)
        for sha256, mail in loose.filter(sha256__in=part).values_list("sha256", "submission"):
            held.setdefault(sha256, set()).add(f"surel {mail}")
    return {sha256: sorted(names) for sha256, names in held.items()}
