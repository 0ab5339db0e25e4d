"""Site tasks: what is to be done by hand at a portal, with all that is needed for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import OuterRef, Subquery
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from config import Site
from newsroom import tasks as acts
from newsroom.acts import ActRefused
from newsroom.dressing import notice_line
from newsroom.kit import make_kit, text_the_portal_has
from newsroom.models import ASSISTED, PUBLISH_WITHIN, Delivery, DeliveryQuerySet, Revision, State
from newsroom.photos import barred_as_sealed
from newsroom.views.access import fragment, operators
from newsroom.views.clock import Clock, clock
from newsroom.views.diff import Difference, compare, labels, shortened
from newsroom.views.standing import address, title

PER_PAGE = 30
RECENT = 10


@dataclass(frozen=True)
class Result:
    """What became of a person's answer."""

    tone: str
    """`wait` while the worker looks, `bad` when it did not prove true, `open` before any answer."""
    words: str = ""
    again: datetime | None = None


@operators
@require_safe
def tasks(request: HttpRequest) -> HttpResponse:
    """List the open tasks, the oldest clock first, and those done last."""
    open_ones = _with_headline(Delivery.objects.all().tasks())
    page = Paginator(open_ones, PER_PAGE).get_page(request.GET.get("hal"))
    now = timezone.now()
    done = Delivery.objects.filter(site__in=_portals(), asked=False).exclude(confirmed_at=None)
    context = {
        "section": "tasks",
        "page": page,
        "rows": [_row(task, now) for task in page],
        "done": [_row(task, now) for task in _with_headline(done).order_by("-confirmed_at")[:RECENT]],
    }
    return render(request, "newsroom/tasks.html", context)


@operators
@require_safe
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one task with all that is needed for it, or what became of it."""
    row = task_or_404(pk)
    site = settings.REDAKSI.site(row.site)
    sealed = row.story.sealed()
    what = _what(row)
    barred = [] if what == "retract" else list(barred_as_sealed(row.story, sealed.photos).values())
    before = text_the_portal_has(row)
    kit = (
        make_kit(sealed, site, before)
        if row.owed and row.asked and what != "retract" and not barred
        else None
    )
    context = {
        "section": "tasks",
        "task": row,
        "story": row.story,
        "sealed": sealed,
        "site": site,
        "login": site.options.get("login", ""),
        "what": what,
        "label": labels_of(what),
        "clock": _clock(row, timezone.now()),
        "kit": kit,
        "notice": notice_line(sealed),
        "done_row": {"task": row, "proof": row.receipts[-1] if row.receipts else {}},
        "changes": _changes(before, sealed, site) if kit and before else [],
        "barred": barred,
        "photos_there": row.ledger.get("shown", {}).get("photos", []) if what == "retract" else [],
        **_answered(row),
    }
    return render(request, "newsroom/task.html", context)


@fragment
@operators
@require_safe
def task_result(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer the page's polling; once the worker has looked, the page is drawn anew."""
    row = task_or_404(pk)
    context = {"task": row, **_answered(row)}
    response = render(request, "newsroom/_task_result.html", context)
    if not row.owed or context["result"].tone != "wait":
        response["HX-Refresh"] = "true"
    return response


@operators
@require_POST
def take_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell the others that this person is at it, or is no longer."""
    row = task_or_404(pk)
    try:
        if request.POST.get("lepas"):
            acts.let_go(row, request.user)
        else:
            seen = request.POST.get("oleh", "")
            acts.take(row, request.user, seen=int(seen) if seen.isdecimal() and len(seen) < 18 else None)
    except ActRefused as error:
        messages.error(request, str(error))
    return redirect("task", row.pk)


@operators
@require_POST
def tell_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what the person says was done; the worker looks whether it is so."""
    row = task_or_404(pk)
    recorded = request.POST.get("cara") == "catat"
    reason = request.POST.get("alasan", "").strip()[:500]
    answer = acts.Answer(
        question=request.POST.get("tugas", "")[:100],
        seen=request.POST.get("terlihat", "")[:40],
        url=request.POST.get("alamat", "").strip(),
        reason=reason if recorded else "",
        never=request.POST.get("cara") == "tidak-pernah",
    )
    try:
        if recorded and not reason:
            raise ActRefused(_("Tuliskan alasannya: mengapa halaman itu tidak dapat diperiksa sendiri."))
        acts.tell(row, request.user, answer)
    except ActRefused as error:
        messages.error(request, str(error))
    return redirect("task", row.pk)


def task_or_404(pk: int) -> Delivery:
    """Return a delivery to a portal, whether it is still to be done or not. Raises Http404."""
    rows = Delivery.objects.select_related("story", "taken_by").filter(site__in=_portals())
    row: Delivery = get_object_or_404(rows, pk=pk)
    if row.story.sealed_at is None:
        raise Http404
    return row


def labels_of(what: str) -> str:
    return {
        "publish": _("Tayangkan"),
        "correct": _("Ralat"),
        "restore": _("Tayangkan kembali"),
        "retract": _("Tarik"),
    }[what]


def _portals() -> list[str]:
    return [site.name for site in settings.REDAKSI.sites if site.kind == ASSISTED]


def _with_headline(rows: DeliveryQuerySet) -> Any:
    sealed = Revision.objects.filter(
        story=OuterRef("story"), sealed=True, version=OuterRef("story__version")
    ).order_by("-id")
    return rows.select_related("story", "taken_by").annotate(headline=Subquery(sealed.values("headline")[:1]))


def _row(task: Delivery, now: datetime) -> dict[str, Any]:
    what = _what(task)
    return {
        "task": task,
        "site": title(task.site),
        "what": what,
        "label": labels_of(what),
        "clock": _clock(task, now) if task.owed else None,
        **_answered(task),
    }


def _what(task: Delivery) -> str:
    if task.story.state == State.RETRACTED:
        return "retract"
    return {"live": "correct", "hidden": "restore"}.get(task.state, "publish") if task.owed else "publish"


def _clock(task: Delivery, now: datetime) -> Clock:
    return clock(max(filter(None, (task.story.sealed_at, task.story.released_at))), now, PUBLISH_WITHIN)


def _answered(task: Delivery) -> dict[str, Any]:
    """Return what was answered and what is known of it."""
    told = task.told
    proof = task.receipts[-1] if task.receipts else {}
    return {
        "question": acts.question(task),
        "told": told,
        "told_at": acts.told_at(task),
        "result": _result(task, told),
        "proof": proof,
        "where": address(task.site, task.url),
        "known": told.get("url") or task.url,
    }


def _result(task: Delivery, told: dict[str, Any]) -> Result:
    if not task.owed or not told:
        return Result("open")
    if not task.error:
        return Result("wait")
    return Result("bad", task.error, None if task.parked else task.next_attempt_at)


def _changes(before: Revision, sealed: Revision, site: Site) -> list[Difference]:
    """Say what differs from what the portal has, in its own style."""
    old, new = make_kit(before, site), make_kit(sealed, site)
    words = labels()
    pairs = [
        (words["headline"], old.headline, new.headline),
        (words["body"], old.plain, new.plain),
        (words["category"], old.category, new.category),
        (words["photos"], old.captions, new.captions),
    ]
    return [Difference(label, shortened(compare(a, b))) for label, a, b in pairs if a != b]
