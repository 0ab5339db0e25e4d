"""What an editor decides about a story that was changed at a site: theirs stays, ours comes back, theirs is taken."""

from __future__ import annotations

from dataclasses import dataclass
from html import unescape
from typing import Any

from bs4 import BeautifulSoup, Comment
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

import prose
from config import Site
from newsroom.acts import ActRefused
from newsroom.dressing import notice_line, outfit
from newsroom.editing import EditRefused, edit
from newsroom.models import (
    ASSISTED,
    Choice,
    Delivery,
    Drift,
    Package,
    Person,
    Revision,
    Sight,
    State,
    Story,
    log,
)
from newsroom.workflow import DUE_AGAIN

BLOCKS = (
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "ul",
    "ol",
    "blockquote",
    "table",
    "figure",
    "pre",
    "hr",
)
VERBS = {Choice.KEEP: "keep_theirs", Choice.TAKE: "take_theirs", Choice.RESTORE: "put_ours_back"}


@dataclass(frozen=True)
class Found:
    """A text as a site has it, made safe: words only, no picture or script of it is ever shown."""

    headline: str
    markdown: str
    captions: tuple[str, ...]


def choices(sight: Sight, by: Person) -> tuple[Choice, ...]:
    """Return what this person may decide now."""
    if not by.edits or not sight.drift or sight.choice == Choice.RESTORE:
        return ()
    if sight.choice:
        return (Choice.RESTORE,)
    if sight.drift == Drift.SHOWN:
        return (Choice.RESTORE,)
    takes = sight.drift == Drift.EDITED and sight.text and sight.delivery.story.state == State.RELEASED
    return (Choice.KEEP, Choice.RESTORE, *([Choice.TAKE] if takes else []))


def keep_theirs(sight: Sight, by: Person, *, seen: str) -> None:
    """Let the site's version stay: from now on it is what the site is compared with. Raises ActRefused."""
    with transaction.atomic():
        _accept(_decided(sight, by, Choice.KEEP, seen), by)


def put_ours_back(sight: Sight, by: Person, *, seen: str) -> None:
    """Have our version sent once more, over the state `seen` names and no other. Raises ActRefused."""
    with transaction.atomic():
        delivery = _decided(sight, by, Choice.RESTORE, seen)
        version = delivery.story.version
        ledger = dict(delivery.ledger)
        if _by_hand(delivery):
            # A person's word was for the state of then; an address is read again by itself.
            ledger = {name: value for name, value in ledger.items() if not _is_word(name, value)}
        else:
            # As publishers.consent: somebody wants this version there in place of what was found.
            ledger["asked"] = {"version": version, "modified": sight.found_mark}
        _write(delivery, ledger=ledger, sent_version=version - 1)


def take_theirs(sight: Sight, by: Person, *, seen: str, revision: int | None) -> None:
    """Make the site's words the draft of a correction, which an editor publishes or not. Raises ActRefused.

    `revision` is the story's text on the editor's page.
    """
    story = sight.delivery.story
    if is_being_written(story):
        raise ActRefused(
            _(
                "Berita ini sudah berisi draf ralat yang belum ditayangkan. Selesaikan draf itu dulu, lalu ambil versi situs."
            )
        )
    found = reading(sight)
    try:
        with transaction.atomic():
            _accept(_decided(sight, by, Choice.TAKE, seen), by)
            text = {"headline": found.headline or story.headline, "body": bare(found.markdown, story)}
            edit(story, by, text, seen=revision, why="take_theirs")
    except EditRefused as error:
        raise ActRefused(str(error)) from error


def is_being_written(story: Story) -> bool:
    """Say whether the story's text is no longer the one that was verified."""
    sealed = story.sealed()
    return any(getattr(story, name) != getattr(sealed, name) for name in Revision.TEXT)


def left_alone(delivery: Delivery, version: int, by: Person | None) -> dict[str, Any]:
    """Return the receipt of a version that was not sent, because the site's own was let be."""
    return {
        "version": version,
        "at": timezone.now().isoformat(),
        "state": "kept",
        "remote_id": delivery.remote_id,
        "url": delivery.url,
        "sha256": "",
        "detail": {"kept_by": str(by or "")},
    }


def reading(sight: Sight) -> Found:
    """Read what was found at the site: its words as Markdown, without figures, and their captions."""
    sealed = sight.delivery.story.sealed()
    soup = BeautifulSoup(_paragraphed(sight.text), "html.parser")
    for comment in soup.find_all(string=lambda text: isinstance(text, Comment)):
        comment.extract()
    captions = []
    for figure in soup.find_all("figure"):
        captions.append(" ".join(figure.get_text(" ").split()))
        figure.decompose()
    notice = " ".join(notice_line(sealed).split())
    first = soup.find(True)
    if notice and first is not None and " ".join(first.get_text().split()) == notice:
        first.decompose()
    headline = " ".join(prose.clean(unescape(sight.title)).split())
    return Found(headline, prose.from_html(str(soup)), tuple(captions))


def ours(sight: Sight, site: Site) -> Found:
    """Return our version as it was written for that site."""
    sealed = sight.delivery.story.sealed()
    worn = outfit(sealed, site)
    return Found(sealed.headline, worn.text.whole, tuple(worn.caption(photo) for photo in sealed.photos))


def bare(markdown: str, story: Story) -> str:
    """Return a text without the dateline and the code that our templates put around it."""
    office = settings.REDAKSI.office.name
    known = prose.Known(offices=(office,), outlets=tuple(filter(None, (office, story.byline_outlet))))
    return prose.take_apart(markdown, known).body


def _paragraphed(html: str) -> str:
    """Mark the paragraphs of a text in which empty lines part them, as WordPress' older editor writes."""
    pieces = [piece.strip() for piece in html.replace("\r\n", "\n").split("\n\n")]
    starts = tuple(f"<{name}" for name in (*BLOCKS, "!--", "/"))
    return "\n\n".join(
        piece if piece.lower().startswith(starts) else f"<p>{piece}</p>" for piece in pieces if piece
    )


def _decided(sight: Sight, by: Person, choice: Choice, seen: str) -> Delivery:
    """Note a choice; of two who choose at once the second is told. To be called in a transaction."""
    if not by.edits:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini. Mintalah editor melakukannya."))
    row = Sight.objects.select_for_update(of=("self",)).select_related("chosen_by").get(pk=sight.pk)
    delivery = Delivery.objects.select_for_update().select_related("story").get(pk=sight.delivery_id)
    row.delivery = delivery
    if row.token != seen or choice not in choices(row, by):
        raise ActRefused(_overtaken(row))
    if delivery.claimed_until and delivery.claimed_until > timezone.now():
        raise ActRefused(
            _("Berita ini sedang dikirim ke situs itu. Tunggu sebentar, lalu muat ulang halaman.")
        )
    Sight.objects.filter(pk=row.pk).update(choice=choice, chosen_by=by, chosen_at=timezone.now(), mark="")
    if choice != Choice.TAKE:  # the saved draft is its own line
        note = f"{delivery.site} · {row.get_drift_display()}"
        log(VERBS[choice], by=by, story=delivery.story, version=delivery.story.version, note=note)
    return delivery


def _accept(delivery: Delivery, by: Person) -> None:
    """Make what was found what the site is compared with; a version that waited is not sent over it."""
    sight = delivery.sight
    changes: dict[str, Any] = {}
    if delivery.owed:
        version = delivery.story.version
        changes["sent_version"] = version
        changes["receipts"] = [*delivery.receipts, left_alone(delivery, version, by)]
        Package.objects.question(delivery.story_id, version)
    _write(delivery, ledger={**delivery.ledger, **sight.record}, **changes)


def _write(delivery: Delivery, **changes: Any) -> None:
    free = Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, sent_version=delivery.sent_version)
    if not free.update(**changes, **DUE_AGAIN):
        raise ActRefused(
            _("Berita ini sedang dikirim ke situs itu. Tunggu sebentar, lalu muat ulang halaman.")
        )


def _is_word(name: str, value: Any) -> bool:
    """Say whether an entry of a portal's ledger is a person's word that no page has proven."""
    return name in ("told", "gone") and bool(value.get("unread") or value.get("never"))


def _by_hand(delivery: Delivery) -> bool:
    site = settings.REDAKSI.site(delivery.site)
    return site is not None and site.kind == ASSISTED


def _overtaken(row: Sight) -> str:
    if row.choice and row.chosen_by:
        return _("%(who)s sudah memutuskan: %(choice)s. Muat ulang halaman.") % {
            "who": row.chosen_by,
            "choice": row.get_choice_display().lower(),
        }
    return _("Keadaan di situs sudah berubah lagi sejak halaman Anda dibuka. Baca lagi, lalu putuskan.")
