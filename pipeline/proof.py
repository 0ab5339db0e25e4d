"""prove: what readers were shown is kept, the page's HTML and, where Chromium is there, a picture of it.

It is a step of its own behind deliver: nothing that is delivered waits for it, and no site that forbids reading
is a trouble. What is not proven is tried again for some hours, and then the record says plainly why.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from config import Finding, Site
from newsroom.dressing import notice_line, outfit
from newsroom.models import Delivery, Package, Proof, Revision, Story
from pipeline.stores import need_room, originals
from publishers import Unreachable, chromium, snapshot
from publishers.snapshot import Snapshot

AGAIN = (60, 300, 900, 3600, 14400)
"""Seconds after each try that proved nothing; together well within the time a package waits."""


def promise(delivery: Delivery, place: int) -> None:
    """Make the row of the proof that belongs to a delivery's receipt, where there is a page to read."""
    receipt = delivery.receipts[place]
    if not receipt.get("url"):
        return
    Proof.objects.create(
        story=delivery.story,
        site=delivery.site,
        place=place,
        version=receipt["version"],
        state=receipt["state"],
        url=receipt["url"],
        confirmed_at=receipt["at"],
    )


def prove(proof: Proof) -> None:
    """Keep the public page of one confirmed version. Raises Unreachable when it is to be tried again, DiskFull."""
    if _overtaken(proof):
        _without(proof, "Versi ini sudah digantikan sebelum halamannya sempat disimpan.")
        return
    last = proof.attempts >= len(AGAIN)
    try:
        seen = _look(proof)
    except Unreachable as error:
        if not last:
            raise Unreachable(str(error), wait=AGAIN[proof.attempts]) from error
        _without(proof, f"{error} Halamannya tidak dapat disimpan; tidak dicoba lagi.")
        return
    words = _unproven(proof, seen)
    if words and not last:
        raise Unreachable(words, wait=AGAIN[proof.attempts])
    picture, no_picture = _picture(proof, seen)
    if _overtaken(proof):  # nobody can tell any more which version was read
        _without(proof, "Versi ini digantikan ketika halamannya sedang disimpan.")
        return
    need_room(len(seen.body) + len(picture))
    store = originals()
    _settle(
        proof,
        settled_at=timezone.now(),
        taken_at=timezone.now(),
        proven=not words,
        words=words,
        answer={
            "url": seen.url,
            "status": seen.status,
            "headers": seen.headers,
            "redirects": list(seen.redirects),
            "cut": seen.cut,
        },
        page_sha256=store.keep(seen.body),
        page_size=len(seen.body),
        picture_sha256=store.keep(picture) if picture else "",
        picture_size=len(picture),
        picture_words=no_picture,
    )


def leave_unproven(proof: Proof, sentence: str) -> None:
    """Settle a proof that fails for reasons of our own: the record says so, and its package waits no longer."""
    with transaction.atomic():
        proof.hold(settled_at=timezone.now(), words=sentence)
        Package.objects.question(proof.story_id, proof.version)


def proven_receipts(story: Story, sealed: Revision) -> tuple[list[dict[str, Any]], dict[str, str]]:
    """Return one version's receipts with what proves them, and SHA-256 by name of the files for its package."""
    proofs = {(proof.site, proof.place): proof for proof in story.proofs.filter(version=sealed.version)}
    receipts: list[dict[str, Any]] = []
    files: dict[str, str] = {}
    for delivery in story.deliveries.order_by("site"):
        numbers = 0
        for place, receipt in enumerate(delivery.receipts):
            if receipt["version"] != sealed.version:
                continue
            numbers += 1
            told = {"site": delivery.site, "verified_at": sealed.at.isoformat(), **receipt}
            if proof := proofs.get((delivery.site, place)):
                stem = f"proof/{delivery.site}_v{sealed.version}" + (f"-{numbers}" if numbers > 1 else "")
                told["proof"] = _told(proof, stem, files)
            receipts.append(told)
    return receipts, files


def check() -> Finding:
    """Say for the doctor whether pictures of public pages can be made."""
    wanted = settings.REDAKSI.proof
    if not wanted.picture:
        return Finding("bukti tayang", True, "Halaman yang tayang disimpan tanpa gambar, sesuai pengaturan.")
    if program := chromium.find(wanted.chromium):
        return Finding("bukti tayang", True, f"Halaman yang tayang disimpan beserta gambarnya ({program}).")
    if wanted.chromium:
        return Finding(
            "bukti tayang",
            False,
            f"{wanted.chromium} tidak dapat dijalankan. Periksa proof.chromium di pengaturan.",
        )
    return Finding(
        "bukti tayang",
        True,
        "Halaman yang tayang disimpan tanpa gambar: Chromium tidak ada di komputer ini. Pasang paket chromium bila "
        "gambarnya diperlukan.",
    )


def _told(proof: Proof, stem: str, files: dict[str, str]) -> dict[str, Any]:
    """Say for receipts.json what became of a proof, and name its files."""
    if proof.settled_at is None:
        return {"proven": False, "words": "Halamannya belum tersimpan ketika paket ini dibuat."}
    told: dict[str, Any] = {"proven": proof.proven, "words": proof.words}
    if proof.taken_at:
        told |= {"taken_at": proof.taken_at.isoformat(), **proof.answer, "picture_words": proof.picture_words}
    for what, name, sha256, size in (
        ("page", f"{stem}.html", proof.page_sha256, proof.page_size),
        ("picture", f"{stem}.jpg", proof.picture_sha256, proof.picture_size),
    ):
        if sha256:
            files[name] = sha256
            told[what] = {"file": name, "sha256": sha256, "size": size}
    return told


def _without(proof: Proof, words: str) -> None:
    _settle(proof, settled_at=timezone.now(), words=words)


def _settle(proof: Proof, **changes: Any) -> None:
    """Write what became of a proof; a package made before is compared with it."""
    with transaction.atomic():
        proof.done(**changes)
        Package.objects.question(proof.story_id, proof.version)


def _overtaken(proof: Proof) -> bool:
    """Say whether the story has a newer version, or the site has confirmed something since."""
    story = Story.objects.only("version").get(pk=proof.story_id)
    delivery = Delivery.objects.only("receipts").get(story=story, site=proof.site)
    return story.version > proof.version or len(delivery.receipts) > proof.place + 1


def _look(proof: Proof) -> Snapshot:
    if root := _folder(proof):
        return snapshot.read_folder(root, proof.url)
    site = _site(proof)
    if site is not None and not snapshot.same_place(proof.url, _address(site, proof.url)):
        raise Unreachable("Alamat halamannya di luar situs ini, jadi tidak dibaca.")
    return snapshot.read(proof.url, _address(site, proof.url))


def _unproven(proof: Proof, seen: Snapshot) -> str:
    """Say why the page does not prove what it is to prove; empty when it does."""
    if seen.away:
        return f"Halamannya dialihkan ke luar situs ({seen.headers.get('location', '')[:200]})."
    if proof.state != "live":
        if seen.gone or not seen.shows(*_wanted(proof)[:2]):
            return ""
        return "Naskahnya masih terbaca di halaman ini, mungkin dari simpanan sementara situs."
    if seen.status != 200:
        return f"Situs menjawab {seen.status} kepada pembaca tanpa akun."
    if seen.shows(*_wanted(proof)):
        return ""
    return "Judul dan naskah versi ini tidak ditemukan di halaman yang terbaca tanpa akun."


def _wanted(proof: Proof) -> tuple[str, ...]:
    """Return what a reader of this version finds: headline, first paragraph and the line on what was changed."""
    sealed = proof.story.sealed(proof.version)
    site = _site(proof)
    lead = outfit(sealed, site).lead if site else ""
    return sealed.headline, lead, notice_line(sealed)


def _picture(proof: Proof, seen: Snapshot) -> tuple[bytes, str]:
    """Return a picture of the page, or nothing and why."""
    wanted = settings.REDAKSI.proof
    if not wanted.picture:
        return b"", "Gambar halaman dimatikan di pengaturan."
    program = chromium.find(wanted.chromium)
    if program is None:
        return b"", "Gambar halaman tidak dibuat: Chromium tidak ada di komputer ini."
    if seen.away:
        return b"", "Gambar halaman tidak dibuat: halamannya di luar situs."
    try:
        if root := _folder(proof):
            place = snapshot.NOWHERE + proof.url
            return chromium.draw(program, place, lambda url: snapshot.folder_answer(root, url)), ""
        return chromium.draw(program, seen.url), ""
    except (chromium.NoPicture, Unreachable) as error:
        return b"", str(error)


def _site(proof: Proof) -> Site | None:
    found: Site | None = settings.REDAKSI.site(proof.site)
    return found


def _address(site: Site | None, otherwise: str) -> str:
    """Return the address all of a site's pages are under."""
    return str((site.options.get("url") if site else "") or otherwise)


def _folder(proof: Proof) -> Path | None:
    """Return the folder a page lies in where its site has no address of its own."""
    site = _site(proof)
    whole = proof.url.startswith(("http://", "https://"))
    return Path(site.options["path"]) if site and site.kind == "folder" and not whole else None
