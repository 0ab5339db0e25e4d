"""What readers were shown: for each version a site has confirmed, its public page as we got it."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models

from newsroom.models.story import Story
from newsroom.waiting import Waiting, WaitingQuerySet


class ProofQuerySet(WaitingQuerySet):
    def awaited(self) -> Self:
        """Keep those whose page is still to be read."""
        return self.filter(settled_at=None)

    def due(self) -> Self:
        names = [site.name for site in settings.REDAKSI.sites]
        return self.ready().awaited().filter(site__in=names).order_by("confirmed_at", "id")


class Proof(Waiting):
    """The public page of one confirmed version at one site; made with its receipt."""

    story = models.ForeignKey(Story, on_delete=models.PROTECT, related_name="proofs")
    site = models.CharField(max_length=60)
    place = models.PositiveIntegerField()
    """Of its receipt among the delivery's, from 0."""
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=10)
    """What the page is to prove: `live` or `hidden`."""
    url = models.TextField()
    confirmed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    """Nothing more is tried: the page is kept, or `words` say why not."""
    taken_at = models.DateTimeField(null=True, blank=True)
    """When the page was read; none when there is no snapshot."""
    proven = models.BooleanField(default=False)
    """The page shows the story, or shows it no longer where it was withdrawn."""
    words = models.TextField(blank=True)
    """Why the page proves nothing, or why there is none."""
    answer = models.JSONField(default=dict, blank=True)
    """How the site answered: url, status, headers, redirects, cut."""
    page_sha256 = models.CharField(max_length=64, blank=True)
    page_size = models.PositiveIntegerField(default=0)
    picture_sha256 = models.CharField(max_length=64, blank=True)
    picture_size = models.PositiveIntegerField(default=0)
    picture_words = models.TextField(blank=True)
    """Why there is no picture."""

    objects = ProofQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("story", "site", "place"), name="one_proof_per_receipt"),
        )

    def __str__(self) -> str:
        return f"{self.story_id} v{self.version} → {self.site}"
