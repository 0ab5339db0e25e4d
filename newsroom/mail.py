"""What editors do with a mail's text: put back what was set aside, take another text, split the mail."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.desk import retry
from newsroom.editing import EditRefused, edit, first_revision
from newsroom.masking import MASK, unmask
from newsroom.models import Disposition, Habit, Person, Revision, Story, Submission, log
from newsroom.pictures import take_along
from newsroom.revisions import RESTORE, put_back

LEARNED = ("letterhead", "greeting", "quote", "closing", "signature", "disclaimer", "footer")
"""Kinds of segment that are no longer set aside in a sender's mails once an editor has put one back."""
UNDOABLE = ("restore_text", "choose_text", "fix", MASK, RESTORE)
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Piece:
    """A stretch of a mail's text, as it is shown beside the story."""

    index: int
    kind: str
    text: str
    reason: str = ""
    restored: bool = False
    """It was set aside, and stands in the story all the same."""

    @property
    def aside(self) -> bool:
        return self.kind != "story" and bool(self.text.strip())

    @property
    def shown(self) -> str:
        """The text without the blank lines around it."""
        return self.text.strip("\r\n")

    @property
    def glimpse(self) -> str:
        """Its first words, rules of dashes left out."""
        words = [word for word in self.text.split() if _WORD.search(word)]
        return " ".join(words[:8]) + (" …" if len(words) > 8 else "")

    @property
    def words(self) -> int:
        return len(_WORD.findall(self.text))


def pieces(mail: Submission, body: str) -> list[Piece]:
    """Return the mail's text in order, each stretch with why it was set aside and whether `body` has it."""
    return [
        Piece(
            index,
            segment["kind"],
            segment["text"],
            segment.get("reason", ""),
            restored=_stands_in(segment.get("body", ""), body),
        )
        for index, segment in enumerate(mail.segments)
    ]


def restore(
    story: Story, mail: Submission, by: Person, *, seen: int | None, index: int | None = None
) -> Revision:
    """Put a stretch that was set aside back into the story, at its place; without `index` all of them.

    What editors have written stays. A single stretch teaches that the sender's next mails keep that kind; all
    at once teach nothing, or signatures and telephone numbers would come along for good. Raises EditRefused,
    Overtaken.
    """
    wanted = [
        piece
        for piece in pieces(mail, story.body)
        if piece.aside and not piece.restored and index in (None, piece.index)
    ]
    if not wanted:
        raise EditRefused(_("Teks ini sudah ada di naskah."))
    body = story.body
    for piece in wanted:
        body = _put_back(body, mail.segments, piece.index)
    with transaction.atomic():
        revision = edit(story, by, {"body": body}, seen=seen, why="restore_text")
        if revision is None:
            raise EditRefused(_("Teks ini sudah ada di naskah."))
        if by.edits and index is not None:
            _learn(mail, {piece.kind for piece in wanted})
    return revision


def other_text(story: Story, other: dict[str, Any]) -> dict[str, str]:
    """Return the fields of a story's text as another text of the mail has them."""
    contributor = story.contributor
    text = {name: str(other.get(name, "")) for name in Revision.TEXT if name != "category"}
    text["byline_outlet"] = text["byline_outlet"] or (contributor.outlet if contributor else "")
    text["byline_writer"] = text["byline_writer"] or (contributor.initials if contributor else "")
    text["headline"] = text["headline"] or story.headline
    for name in ("dateline_city", "byline_outlet", "byline_writer", "byline_editor", "photographer"):
        text[name] = text[name][: Story._meta.get_field(name).max_length]
    return text


def choose(story: Story, mail: Submission, position: int, by: Person, *, seen: int | None) -> Revision:
    """Make another text of the mail the story's; the present one stays among the revisions.

    Raises EditRefused, Overtaken.
    """
    other = the_other(mail, position)
    revision = edit(story, by, other_text(story, other), seen=seen, why="choose_text")
    if revision is None:
        raise EditRefused(_("Naskah ini sudah dipakai."))
    return revision


def the_other(mail: Submission, position: int) -> dict[str, Any]:
    """Return another text of the mail. Raises EditRefused when it is gone."""
    if not 0 <= position < len(mail.others):
        raise EditRefused(_("Naskah lain itu tidak ada lagi. Muat ulang halaman."))
    found: dict[str, Any] = mail.others[position]
    return found


def split(
    story: Story, mail: Submission, position: int, by: Person, photos: Sequence[int] = ()
) -> tuple[Story, bool]:
    """Make another text of the mail a story of its own, with `photos` of the first story; once.

    Returns the story, and False when it was there already. Raises EditRefused, Overtaken.
    """
    if not by.edits:
        raise EditRefused(_("Hanya editor yang dapat menjadikannya berita sendiri."))
    other = the_other(mail, position)
    with transaction.atomic():
        made, new = Story.objects.get_or_create(
            key=split_key(mail, position),
            defaults={
                **other_text(story, other),
                "contributor": story.contributor,
                "sites": [site.name for site in settings.REDAKSI.sites],
                "received_at": mail.received_at,
                "split_from": mail,
            },
        )
        if new:
            take_along(story, made, photos, by)
            first_revision(made, "split", by)
            log("split", by=by, story=made, submission=mail, version=made.version, note=story.headline)
    return made, new


def undoable(story: Story) -> Revision | None:
    """Return the text before the one an editor took from the mail with one click, if that one still stands."""
    now = story.revision
    if now is None or now.why not in UNDOABLE:
        return None
    return story.revisions.filter(pk__lt=now.pk).last()


def undo(story: Story, by: Person, *, seen: int | None) -> Revision:
    """Put back the text as it was before a stretch was restored or another text chosen.

    What the sender's mails were to keep because of it is forgotten. Raises EditRefused, Overtaken.
    """
    before = undoable(story)
    if before is None:
        raise EditRefused(_("Tidak ada yang dapat diurungkan: naskahnya sudah berubah lagi."))
    if story.revision is not None and story.revision.why == RESTORE:
        return put_back(story, before, by, seen=seen, why="undo_text")
    if story.revision is not None and story.revision.why == MASK:
        return unmask(story, before, by, seen=seen)
    text = {name: getattr(before, name) for name in Revision.TEXT}
    unlearned = {
        mail.pk: {
            piece.kind
            for piece, old in zip(pieces(mail, story.body), pieces(mail, before.body), strict=True)
            if piece.restored and not old.restored
        }
        for mail in story.mails
    }
    with transaction.atomic():
        revision = edit(story, by, text, seen=seen, why="undo_text")
        if revision is None:
            raise EditRefused(_("Tidak ada yang dapat diurungkan: naskahnya sudah berubah lagi."))
        for mail in story.mails:
            forget(mail, unlearned[mail.pk], by)
    return revision


def habits(mails: Iterable[Submission]) -> dict[str, Habit | None]:
    """Return what editors have taught about the senders of these mails, by address."""
    addresses = {mail.sender_address for mail in mails}
    known = Habit.objects.filter(address__in=addresses - {""}).in_bulk(field_name="address")
    return {address: known.get(address) for address in addresses}


def forget(mail: Submission, kinds: Iterable[str], by: Person) -> None:
    """Set stretches of these kinds aside again in the sender's next mails."""
    habit = Habit.objects.select_for_update().filter(address=mail.sender_address).first()
    if habit is None or not by.edits or not set(kinds) & set(habit.keeps):
        return
    Habit.objects.filter(pk=habit.pk).update(keeps=[kind for kind in habit.keeps if kind not in set(kinds)])


def _learn(mail: Submission, kinds: set[str]) -> None:
    learned = kinds & set(LEARNED)
    if not mail.sender_address or not learned:
        return
    Habit.objects.get_or_create(address=mail.sender_address)
    habit = Habit.objects.select_for_update().get(address=mail.sender_address)
    Habit.objects.filter(pk=habit.pk).update(keeps=sorted(learned | set(habit.keeps)))


def _stands_in(text: str, body: str) -> bool:
    return bool(text) and f"\n\n{text}\n\n" in f"\n\n{body.strip()}\n\n"


def _put_back(body: str, segments: Sequence[dict[str, str]], index: int) -> str:
    """Return the body with a segment before the first paragraph that follows it in the mail."""
    paragraphs = [paragraph for paragraph in re.split(r"\n[ \t]*\n", body.strip()) if paragraph.strip()]
    before = _words("\n".join(segment["text"] for segment in segments[:index]))
    after = _words("\n".join(segment["text"] for segment in segments[index + 1 :]))
    above = [place for place, paragraph in enumerate(paragraphs) if _is_in(paragraph, before)]
    below = [place for place, paragraph in enumerate(paragraphs) if _is_in(paragraph, after)]
    if above:
        place = above[-1] + 1
    elif not any(segment["kind"] == "story" for segment in segments[:index]):
        place = 0
    else:  # all that stood above it has been rewritten
        place = below[0] if below else len(paragraphs)
    return "\n\n".join([*paragraphs[:place], segments[index]["body"], *paragraphs[place:]])


def _is_in(paragraph: str, text: str) -> bool:
    words = _words(paragraph)
    return len(words) > 12 and words in text


def _words(text: str) -> str:
    """Return a text's words alone, so that marks, wrapping and quoting make no difference."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def split_key(mail: Submission, position: int) -> str:
    """Return the key of the story that another text of the mail becomes."""
    return story_key(f"{mail.sha256} {position}")


def story_key(identity: str) -> str:
    """Make a story's key from what it came from.

    Derived, not drawn: a database made anew from the kept mails finds its stories on the sites again.
    """
    return hashlib.sha256(f"redaksi story {identity}".encode()).hexdigest()[:24]


def ask_reread(mail: Submission, by: Person) -> None:
    """Have the worker read a mail again. Raises ActRefused."""
    if mail.disposition in (Disposition.UNREAD, Disposition.FAILED):
        retry(mail, by)
        return
    if not by.operates:
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
    with transaction.atomic():
        mail.retry()
        Submission.objects.filter(pk=mail.pk).update(reread_at=timezone.now())
        log("ask_reread", by=by, submission=mail)
