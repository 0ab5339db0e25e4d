"""Who works here, and who writes to us."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Self

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from newsroom.roles import NOT_AT_THE_DESK, Right, Role, rights_of


class Person(AbstractUser):
    """Somebody who signs in. People have one name field: many Indonesians have one name."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(max_length=150)
    degrees_before = models.CharField(max_length=60, blank=True)
    degrees_after = models.CharField(max_length=60, blank=True)
    initials = models.CharField(max_length=30, blank=True)
    unit = models.CharField(max_length=150, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    """Digits with the country's code, as `wa.me` wants them."""
    language = models.CharField(max_length=5, blank=True)
    """Of the screens; the office's when empty."""
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTRIBUTOR)
    """The main role, held until another is given. Further roles are terms, and so are past main roles."""
    role_since = models.DateField(null=True, blank=True)
    """None: since before this was written down."""

    REQUIRED_FIELDS = ["name"]  # noqa: RUF012 - Django's own idiom

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.partition(" ")[0]

    @property
    def titled_name(self) -> str:
        """The name with its degrees, as it stands in a letter."""
        front = f"{self.degrees_before} {self}" if self.degrees_before else str(self)
        return f"{front}, {self.degrees_after}" if self.degrees_after else front

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        self.__dict__.pop("_held", None)
        super().refresh_from_db(*args, **kwargs)

    @property
    def terms_now(self) -> list[Term]:
        """The terms that hold today. One question for each person, none where `terms` were fetched along."""
        if "_held" not in self.__dict__:
            self._held = [term for term in self.terms.all() if term.holds()] if self.pk else []
        return self._held

    @property
    def roles(self) -> frozenset[str]:
        """Every role held today, in the office's zone; none once the account is closed."""
        if not self.is_active:
            return frozenset()
        return frozenset({self.role, *(term.role for term in self.terms_now)})

    def may(self, right: Right) -> bool:
        """Say whether a role held today gives this right. The main role is asked first: it costs nothing."""
        if not self.is_active:
            return False
        return right in rights_of((self.role,)) or right in rights_of(self.roles)

    @property
    def edits(self) -> bool:
        return self.may(Right.EDIT)

    @property
    def operates(self) -> bool:
        """May repair what is stuck: retry deliveries, look at mailboxes and sites."""
        return self.may(Right.OPERATE)

    @property
    def archives(self) -> bool:
        """May describe what is kept, and keep the register of storage media."""
        return self.may(Right.ARCHIVE)

    @property
    def classifies(self) -> bool:
        """May set the class of public information."""
        return self.may(Right.CLASSIFY)

    @property
    def sees(self) -> bool:
        """May see everything of the desk."""
        return self.may(Right.SEE)

    @property
    def leads_people(self) -> bool:
        """May invite people, give roles and close accounts."""
        return self.may(Right.PEOPLE)

    @property
    def reads_log(self) -> bool:
        return self.may(Right.LOG)

    @property
    def only_reads(self) -> bool:
        """No role of theirs changes anything at the desk; who `archives` still changes what is told of the archive."""
        return rights_of((self.role,)) <= NOT_AT_THE_DESK and rights_of(self.roles) <= NOT_AT_THE_DESK


class TermQuerySet(models.QuerySet["Term"]):
    def holding(self, at: datetime | None = None) -> Self:
        """Keep the terms that hold at a moment, by the date of the office's zone; now by default."""
        moment = at or timezone.now()
        today = timezone.localdate(moment)
        return self.filter(
            Q(starts__lte=today),
            Q(ends=None) | Q(ends__gte=today),
            Q(ended_at=None) | Q(ended_at__gt=moment),
        )


class Term(models.Model):
    """A role held from a day to a day, besides the main one or before it. Never changed but to end it early."""

    class Acting(models.TextChoices):
        NO = "", _("Tetap")
        PLT = "plt", _("Plt. (pelaksana tugas)")
        PLH = "plh", _("Plh. (pelaksana harian)")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="terms")
    role = models.CharField(max_length=20, choices=Role.choices)
    starts = models.DateField()
    ends = models.DateField(null=True, blank=True)
    """The last day, itself included; None: until further notice."""
    acting = models.CharField(max_length=3, choices=Acting.choices, blank=True, default=Acting.NO)
    instead_of = models.ForeignKey(
        Person, null=True, blank=True, on_delete=models.PROTECT, related_name="deputies"
    )
    """Whose place an acting person takes; None when it is vacant."""
    reason = models.CharField(max_length=300, blank=True)
    set_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True, blank=True)
    """When it was ended before its last day."""
    ended_by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ("-starts", "-id")
        indexes = (models.Index(fields=("role", "starts"), name="terms_by_role"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(ends=None) | Q(ends__gte=models.F("starts")), name="a_term_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.person}"

    def holds(self, on: date | None = None) -> bool:
        """Say whether the term holds on a day; today, in the office's zone, by default."""
        today = on or timezone.localdate()
        return self.ended_at is None and self.starts <= today and (self.ends is None or self.ends >= today)

    @property
    def title(self) -> str:
        """The role as it is written: `Plt. Kabid`."""
        label = str(self.get_role_display())
        return f"{self.acting.capitalize()}. {label}" if self.acting else label


class Pass(models.Model):
    """A link that makes an account or a new password. Used once, until it expires; its secret is not kept.

    The secret is drawn from `nonce` and the key in the data folder: whoever has only the database cannot
    make the link, and the row keeps a SHA-256 of it to be found by.
    """

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Undangan")
        RESET = "reset", _("Sandi baru")

    kind = models.CharField(max_length=10, choices=Kind.choices)
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=150)
    unit = models.CharField(max_length=150, blank=True)
    role = models.CharField(max_length=20, choices=Role.choices, default=Role.CONTRIBUTOR)
    contributor = models.ForeignKey(
        "newsroom.Contributor", null=True, blank=True, on_delete=models.SET_NULL, related_name="passes"
    )
    person = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="passes")
    """Whose it is: of an invitation once it was accepted, of a new password from the start."""
    nonce = models.CharField(max_length=64)
    token_sha256 = models.CharField(max_length=64, unique=True)
    letter = models.ForeignKey(
        "newsroom.Letter", null=True, blank=True, on_delete=models.SET_NULL, related_name="passes"
    )
    by = models.ForeignKey(Person, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-id")
        verbose_name_plural = "passes"

    def __str__(self) -> str:
        return self.name

    @property
    def open(self) -> bool:
        return self.used_at is None and self.withdrawn_at is None and self.expires_at > timezone.now()


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


def holders(role: str, at: datetime | None = None) -> list[Person]:
    """Return who holds a role at a moment (now by default), by their main role or by a term; by name.

    Of an account that is closed today only what its terms say of the past counts.
    """
    moment = at or timezone.now()
    held = Term.objects.holding(moment).filter(role=role)
    if at is None:
        held = held.filter(person__is_active=True)
    main = Q(is_active=True, role=role) & (Q(role_since=None) | Q(role_since__lte=timezone.localdate(moment)))
    found: Iterable[Person] = Person.objects.filter(main | Q(pk__in=held.values("person"))).prefetch_related(
        "terms"
    )
    return sorted(found, key=lambda person: str(person).casefold())
