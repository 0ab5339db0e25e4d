"""The desk's remarks on a story: written, changed for a while, taken back with a trace; people called by @name."""

from __future__ import annotations

import re
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from newsroom.acts import ActRefused
from newsroom.models import Comment, Mention, Person, Story
from prose.personal import hide

LONGEST = 4000
CHANGE_WITHIN = timedelta(minutes=10)
"""How long a comment's writer may change it: afterwards others have answered what it said."""
_CALL = re.compile(r"(?<![\w@])@([\w.+-]*\w)")
_MARK = re.compile(
    r"\*\*(?P<bold>[^*\n]+)\*\*|\*(?P<italic>[^*\n]+)\*|(?P<link>https?://[^\s<>\"']+)|(?<![\w@])@(?P<call>[\w.+-]*\w)"
)


def desk() -> list[Person]:
    """Return who can read comments and be called in them, by name."""
    people = Person.objects.filter(is_active=True).prefetch_related("terms")
    return sorted((person for person in people if person.sees), key=lambda person: str(person).casefold())


def may_comment(person: Person) -> bool:
    """Say whether `person` may write to the desk; readers only read."""
    return person.sees and not person.only_reads


def add(story: Story, by: Person, text: str) -> Comment:
    """Write a comment; identity and bank numbers in it are masked. Raises ActRefused."""
    if not may_comment(by):
        raise ActRefused(_("Akun Anda tidak berwenang untuk tindakan ini."))
    text = _checked(text)
    with transaction.atomic():
        comment = Comment.objects.create(story=story, by=by, text=text)
        _call(comment)
    return comment


def change(comment: Comment, by: Person, text: str) -> None:
    """Change one's own comment. Raises ActRefused once its time is over."""
    if comment.by_id != by.pk:
        raise ActRefused(_("Hanya penulisnya yang dapat mengubah komentar ini."))
    text, now = _checked(text), timezone.now()
    with transaction.atomic():
        rows = Comment.objects.filter(pk=comment.pk, deleted_at=None, at__gt=now - CHANGE_WITHIN)
        if not rows.update(text=text, changed_at=now):
            raise ActRefused(
                _(
                    "Komentar hanya dapat diubah dalam 10 menit. Tulis komentar baru bila ada yang perlu diralat."
                )
            )
        comment.text = text
        _call(comment)


def delete(comment: Comment, by: Person) -> None:
    """Take one's own comment back; a line stays that says so. Raises ActRefused."""
    if comment.by_id != by.pk:
        raise ActRefused(_("Hanya penulisnya yang dapat menghapus komentar ini."))
    with transaction.atomic():
        Comment.objects.filter(pk=comment.pk, deleted_at=None).update(text="", deleted_at=timezone.now())
        comment.mentions.all().delete()


def as_html(text: str, names: dict[str, str]) -> SafeString:
    """Return a comment as HTML: **bold**, *italic*, addresses as links, those called by name; all else escaped.

    `names` are the people's names by their lower-case account names.
    """
    pieces, at = [], 0
    for found in _MARK.finditer(text):
        pieces += [(format_html("{}", text[at : found.start()]),), (_marked(found, names),)]
        at = found.end()
    pieces.append((format_html("{}", text[at:]),))
    return format_html_join("", "{}", pieces)


def _marked(found: re.Match[str], names: dict[str, str]) -> SafeString:
    kind = found.lastgroup or ""
    words = found[kind]
    match kind:
        case "bold":
            return format_html("<strong>{}</strong>", words)
        case "italic":
            return format_html("<em>{}</em>", words)
        case "link":
            return format_html('<a href="{}" rel="noopener noreferrer nofollow">{}</a>', words, words)
    if words.lower() in names:
        return format_html('<b class="called" title="@{}">{}</b>', words, names[words.lower()])
    return format_html("{}", found[0])


def _checked(text: str) -> str:
    text = hide(text.replace("\r\n", "\n").replace("\0", "").strip())
    if not text:
        raise ActRefused(_("Komentarnya masih kosong. Tulis dahulu, lalu kirim."))
    if len(text) > LONGEST:
        raise ActRefused(
            _("Komentar paling panjang %(most)d huruf; ini %(now)d. Persingkat, atau bagi menjadi dua.")
            % {"most": LONGEST, "now": len(text)}
        )
    return text


def _call(comment: Comment) -> None:
    """Note whom a comment calls; those it calls no more are not kept waiting, those told before stay told."""
    called = {name.lower() for name in _CALL.findall(comment.text)}
    people = [person for person in desk() if person.username.lower() in called and person.pk != comment.by_id]
    comment.mentions.exclude(person__in=people).delete()
    for person in people:
        Mention.objects.get_or_create(comment=comment, person=person)
