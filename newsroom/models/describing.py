"""What a story and its photos are about, for those who look for them years later.

Archival description is no part of the verified text: it may be added and mended at any time and makes no new version.
"""

from __future__ import annotations

from django.db import models


class Leader(models.Model):
    """Somebody whose activities the office covers (pimpinan)."""

    name = models.CharField(max_length=150)
    title = models.CharField(max_length=150, blank=True)
    """As it stands before the name: `Wali Kota`."""
    starts = models.DateField(null=True, blank=True)
    ends = models.DateField(null=True, blank=True)
    """The last day of the term, itself included."""
    order = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("order", "name", "id")
        constraints = (
            models.UniqueConstraint(fields=("name", "title"), name="one_leader_of_a_name_and_title"),
        )

    def __str__(self) -> str:
        return f"{self.title} {self.name}" if self.title else self.name


class Tag(models.Model):
    """A word of the office's own that stories and photos are found by."""

    name = models.CharField(max_length=60, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    retired = models.BooleanField(default=False)
    """No longer offered; what has it is still found by it."""

    class Meta:
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name
