"""The row's state is the queue: what the rows that wait for a step have in common."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

LEASE = timedelta(minutes=15)
"""How long a claim holds unless renewed; a worker on this machine that died is noticed sooner."""


class ClaimLost(Exception):
    """Another worker has taken this row since: whatever we were about to write is theirs to write."""


class WaitingQuerySet(models.QuerySet[Any]):
    def ready(self) -> Self:
        """Keep the rows whose time has come, that nobody is working on and no person must look at first."""
        now = timezone.now()
        return self.filter(
            Q(next_attempt_at=None) | Q(next_attempt_at__lte=now),
            Q(claimed_until=None) | Q(claimed_until__lt=now),
            parked=False,
        )

    def stuck(self) -> Self:
        """Keep the rows that have failed and wait for another try or for a person."""
        return self.exclude(error="")


class Waiting(models.Model):
    attempts = models.PositiveIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True)
    error = models.TextField(blank=True)
    parked = models.BooleanField(default=False)
    """A person must act before it is tried again."""
    claim = models.CharField(max_length=120, blank=True)
    claimed_until = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    def take(self, claim: str, among: WaitingQuerySet) -> bool:
        """Claim the row with one conditional UPDATE; False when it is no longer `among` those that wait."""
        until = timezone.now() + LEASE
        if not among.filter(pk=self.pk).update(claim=claim, claimed_until=until):
            return False
        self.refresh_from_db()
        return True

    def hold(self, **changes: Any) -> None:
        """Write `changes` under our claim and renew it. Raises ClaimLost when it is no longer ours."""
        until = timezone.now() + LEASE
        mine = type(self)._default_manager.filter(pk=self.pk, claim=self.claim)
        if not self.claim or not mine.update(claimed_until=until, **changes):
            raise ClaimLost(str(self))
        for name, value in changes.items():
            setattr(self, name, value)

    def done(self, **changes: Any) -> None:
        """Write `changes` and let the row go: it has succeeded. Raises ClaimLost."""
        self.hold(attempts=0, next_attempt_at=None, error="", parked=False, **changes)
        self.let_go()

    def failed(self, sentence: str, *, again_at: datetime | None, **changes: Any) -> None:
        """Let the row go with its error in front of the editors; without `again_at` a person must act."""
        self.hold(
            attempts=F("attempts") + 1,
            error=sentence,
            next_attempt_at=again_at,
            parked=again_at is None,
            **changes,
        )
        self.let_go()

    def let_go(self) -> None:
        type(self)._default_manager.filter(pk=self.pk, claim=self.claim).update(claim="", claimed_until=None)
        self.refresh_from_db()

    def retry(self) -> None:
        """Forget what went wrong and when to try again: it is due now."""
        type(self)._default_manager.filter(pk=self.pk).update(
            attempts=0, next_attempt_at=None, parked=False, error=""
        )
        self.refresh_from_db()


def release_claims(prefix: str) -> int:
    """Release the claims of the worker whose claims begin with `prefix`; return how many there were."""
    count = 0
    for model in waiting_models():
        count += model._default_manager.filter(claim__startswith=prefix).update(claim="", claimed_until=None)
    return count


def claimants() -> set[str]:
    """Return the workers that hold claims, by the part of the claim before the last colon."""
    found: set[str] = set()
    for model in waiting_models():
        claims = model._default_manager.exclude(claim="").values_list("claim", flat=True)
        found.update(claim.rpartition(":")[0] for claim in claims)
    return found


def waiting_models() -> list[type[Waiting]]:
    from django.apps import apps  # the registry is only filled once every model module is loaded

    return [model for model in apps.get_models() if issubclass(model, Waiting)]
