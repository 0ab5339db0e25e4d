"""What search stands on: one row for each story that was released, and the words there are."""

from __future__ import annotations

from django.db import models

from newsroom.models.people import Person
from newsroom.models.story import Story


class Entry(models.Model):
    """A story as search knows it. All of it is made from other rows: see newsroom/search.py."""

    place = models.BigIntegerField(primary_key=True)
    """When it was released and its number, in one number: the newest has the greatest."""
    story = models.OneToOneField(Story, on_delete=models.CASCADE, related_name="entry")
    month = models.PositiveIntegerField(db_index=True)
    """Of its release, in the office's zone: 202611."""
    facets = models.JSONField(default=dict)
    """What it can be narrowed by: the values of each kind of mark."""
    made_by = models.PositiveSmallIntegerField()
    """The version of the index that made it; 0 when what it was made of has changed since."""
    tokens = models.TextField()
    """Its words in their order, `_` between two texts; then ~stems and =marks."""

    class Meta:
        verbose_name_plural = "entries"
        indexes = (models.Index(fields=("made_by",), name="entry_made_by"),)

    def __str__(self) -> str:
        return f"{self.story_id}"


class KnownWord(models.Model):
    """A word of the index, and how many stories hold it: what an unfinished word is completed with."""

    word = models.CharField(max_length=60, unique=True)
    stories = models.IntegerField(default=0)

    def __str__(self) -> str:
        return self.word


class SavedSearch(models.Model):
    """A search of the archive somebody kept under a name."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="saved_searches")
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=1000, blank=True)
    """What stands in the address after the question mark."""
    shared = models.BooleanField(default=False)
    """The whole desk sees it."""

    class Meta:
        ordering = ("name", "id")
        verbose_name_plural = "saved searches"
        constraints = (models.UniqueConstraint(fields=("person", "name"), name="one_search_of_a_name"),)

    def __str__(self) -> str:
        return self.name
