"""What somebody has picked in the archive, page after page: kept in their session until they let it go."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import ngettext

from newsroom.models import PUBLIC, Person, Photo, Story
from newsroom.templatetags.office import number

MOST = 500
"""Stories, and photos, that are picked at once."""
_KEY = "archive_picked"


@dataclass
class Picked:
    """The numbers of stories and photos, in the order in which they were picked."""

    stories: list[int] = field(default_factory=list)
    photos: list[int] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.stories or self.photos)

    def add(self, stories: Iterable[int] = (), photos: Iterable[int] = ()) -> bool:
        """Put more on the list; say whether all of them had room."""
        every = [*dict.fromkeys((*self.stories, *stories))], [*dict.fromkeys((*self.photos, *photos))]
        self.stories, self.photos = every[0][:MOST], every[1][:MOST]
        return len(every[0]) <= MOST and len(every[1]) <= MOST

    def drop(self, stories: Iterable[int] = (), photos: Iterable[int] = ()) -> None:
        without, out = set(stories), set(photos)
        self.stories = [pk for pk in self.stories if pk not in without]
        self.photos = [pk for pk in self.photos if pk not in out]


def picked(session: MutableMapping[str, Any]) -> Picked:
    """Return what the session holds."""
    held = session.get(_KEY) or {}
    return Picked(list(held.get("stories", ())), list(held.get("photos", ())))


def keep(session: MutableMapping[str, Any], chosen: Picked) -> None:
    session[_KEY] = {"stories": chosen.stories, "photos": chosen.photos}


def stories_seen_by(person: Person, pks: Iterable[int]) -> list[Story]:
    """Return those of the stories that were released and that the person may see, in the order given."""
    rows = Story.objects.all().visible_to(person).filter(state__in=PUBLIC).in_bulk(list(pks))
    return [rows[pk] for pk in pks if pk in rows]


def photos_seen_by(person: Person, pks: Iterable[int]) -> list[Photo]:
    """Return those of the photos whose story was released and may be seen, in the order given."""
    rows = photos_of(Story.objects.all().visible_to(person).filter(state__in=PUBLIC)).in_bulk(list(pks))
    return [rows[pk] for pk in pks if pk in rows]


def photos_of(stories: QuerySet[Story]) -> QuerySet[Photo]:
    """Return the photos of these stories that readers are to see."""
    shown: QuerySet[Photo] = Photo.objects.filter(
        story__in=stories.values("pk"), left_out=False, readable=True
    )
    return shown.select_related("story")


def picked_words(chosen: Picked) -> str:
    """Say how much is picked: `2 berita, 50 foto`."""
    stories, photos = len(chosen.stories), len(chosen.photos)
    parts = [
        ngettext("%(count)s berita", "%(count)s berita", stories) % {"count": number(stories)}
        if stories
        else "",
        ngettext("%(count)s foto", "%(count)s foto", photos) % {"count": number(photos)} if photos else "",
    ]
    return ", ".join(part for part in parts if part)
