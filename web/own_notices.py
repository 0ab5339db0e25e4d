"""What a person hears of, and by which channel: their own choice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.core.ratelimit import consume
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from newsroom import hearing
from newsroom.acts import ActRefused
from newsroom.hearing import DIGEST, MAIL, MOST_DIGESTS, OFF, OWN, WHEN, Kind, Wish, Written
from newsroom.models import Channel, Person
from pipeline import own_addresses
from pipeline.own_addresses import KINDS
from pipeline.telling import try_out


@dataclass(frozen=True)
class Row:
    """One kind with what is chosen for it."""

    name: str
    kind: Kind
    wish: Wish


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def own_notices(request: HttpRequest) -> HttpResponse:
    """Show a person's choices, or take new ones."""
    person = request.user
    if request.method != "POST":
        return _page(request, _chosen(person))
    written = _written(request, person)
    try:
        hearing.choose(person, written)
    except ActRefused as error:
        return _page(request, written, refusal=str(error))
    messages.success(request, _("Tersimpan."))
    return redirect("own_notices")


@sensitive_post_parameters("address")
@login_required
@require_POST
def own_address(request: HttpRequest) -> HttpResponse:
    """Keep a person's own address; it is never shown again."""
    try:
        own_addresses.keep(request.user, request.POST.get("address", ""))
    except ActRefused as error:
        return _page(request, _chosen(request.user), address_refusal=str(error))
    messages.success(request, _("Alamat dipasang. Tekan “Coba” untuk melihat apakah sampai."))
    return redirect("own_notices")


@login_required
@require_POST
def drop_own_address(request: HttpRequest) -> HttpResponse:
    if own_addresses.drop(request.user):
        messages.success(request, _("Alamat dihapus. Yang tadinya ke sana sekarang lewat surel."))
    return redirect("own_notices")


@login_required
@require_POST
def try_channel(request: HttpRequest, way: str) -> HttpResponse:
    """Send one message by a channel now, and say what happened."""
    if way not in Channel.Way.values:
        raise Http404
    if not consume(request, action="try_channel"):
        return render(request, "429.html", status=429)
    if wrong := try_out(hearing.channel(request.user, way)):
        messages.error(request, _("Percobaan gagal. %(why)s") % {"why": wrong})
    elif way == MAIL:
        told = _("Terkirim ke %(address)s. Lihat kotak masuk Anda, juga folder spam.")
        messages.success(request, told % {"address": request.user.email})
    else:
        messages.success(request, _("Diterima. Lihat di aplikasi Anda."))
    return redirect("own_notices")


def _chosen(person: Person) -> Written:
    choices = hearing.choices_of(person)
    return Written(
        wishes=dict(choices.wishes),
        quiet_from=f"{choices.quiet_from:%H.%M}" if choices.quiet_from else "",
        quiet_until=f"{choices.quiet_until:%H.%M}" if choices.quiet_until else "",
        urgent_passes=choices.urgent_passes,
        digest_at=[f"{clock:%H.%M}" for clock in choices.digests],
    )


def _written(request: HttpRequest, person: Person) -> Written:
    sent = request.POST
    wishes = {
        kind: Wish(sent.get(f"when_{kind}", OFF)[:10], sent.get(f"way_{kind}", MAIL)[:10])
        for kind in hearing.kinds_of(person)
    }
    return Written(
        wishes=wishes,
        quiet_from=sent.get("quiet_from", "")[:20],
        quiet_until=sent.get("quiet_until", "")[:20],
        urgent_passes=bool(sent.get("urgent_passes")),
        digest_at=[text[:20] for text in sent.getlist("digest_at")[:MOST_DIGESTS]],
    )


def _page(
    request: HttpRequest, shown: Written, *, refusal: str = "", address_refusal: str = ""
) -> HttpResponse:
    person = request.user
    offered = hearing.kinds_of(person)
    channels = {row.way: row for row in person.channels.all()}
    own = channels.get(OWN)
    times = [*shown.digest_at, *[""] * MOST_DIGESTS][:MOST_DIGESTS]
    context: dict[str, Any] = {
        "section": "more",
        "rows": [Row(name, kind, shown.wishes[name]) for name, kind in offered.items()],
        "whens": WHEN,
        "digests": DIGEST in {wish.when for wish in shown.wishes.values()},
        "written": shown,
        "times": list(enumerate(times, start=1)),
        "urgent": any(kind.urgent for kind in offered.values()),
        "mails": hearing.mails(person),
        "mail": channels.get(MAIL),
        "own": own if own and own.file else None,
        "own_kind": KINDS.get(own.kind, own.kind) if own else "",
        "kinds": ", ".join(dict.fromkeys(KINDS.values())),
        "refusal": refusal,
        "address_refusal": address_refusal,
    }
    wrong = bool(refusal or address_refusal)
    return render(request, "web/own_notices.html", context, status=422 if wrong else 200)
