"""Who works here, and who writes to us."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CONTRIBUTOR = "contributor", _("Kontributor")
    EDITOR = "editor", _("Editor")
    CHIEF = "chief", _("Kepala redaksi")
    OPERATOR = "operator", _("Operator")
    ADMIN = "admin", _("Admin")


class Person(AbstractUser):
    """Somebody who signs in. People have one name field: many Indonesians have one name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTRIBUTOR)

    REQUIRED_FIELDS = ["name"]  # noqa: RUF012 - Django's own idiom

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def edits(self) -> bool:
        return self.role in (Role.EDITOR, Role.CHIEF, Role.ADMIN)

    @property
    def operates(self) -> bool:
        """May repair what is stuck: retry deliveries, look at mailboxes and sites."""
        return self.role != Role.CONTRIBUTOR


class Contributor(models.Model):
    """One line of the allow-list: an address, or a whole domain written `@dinas.contoh.go.id`."""

    address = models.CharField(max_length=254, unique=True)
    name = models.CharField(max_length=150)
    outlet = models.CharField(max_length=150, blank=True)
    initials = models.CharField(max_length=30, blank=True)
    person = models.OneToOneField(Person, null=True, blank=True, on_delete=models.SET_NULL)
    blocked = models.BooleanField(default=False)
    """What comes from here is kept and set aside, never taken up."""
    lists = models.BooleanField(default=False)
    """Mail of theirs that comes through a mailing list is coverage, no circular."""
    added_at = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.SET_NULL, related_name="added_contributors"
    )

    class Meta:
        ordering = ("name", "address")

    def __str__(self) -> str:
        return self.name
