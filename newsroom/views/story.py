"""A story's page: is it true and fit to publish?"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from newsroom.announcing import ANNOUNCED
from newsroom.approval import current, needed, waiting_words
from newsroom.checking import panel
from newsroom.editing import EditRefused, Overtaken, edit, may_edit
from newsroom.forms import Paper, lay_out
from newsroom.likeness import bursts, mark_alike
from newsroom.mail import habits, undoable
from newsroom.models import PUBLIC, Person, Revision, State, Story
from newsroom.own import history
from newsroom.personal import personal_panel
from newsroom.photos import as_sealed, photos_to_publish
from newsroom.pictures import MOVABLE, siblings
from newsroom.proposals import take
from newsroom.retouching import can_put_back, may_retouch
from newsroom.schedule import may_schedule
from newsroom.templatetags.office import moment
from newsroom.views.access import fragment, story_for, writers
from newsroom.views.approval import approval_panel
from newsroom.views.banners import banners, mark_elsewhere, new_photos, prefilled, taken_up
from newsroom.views.clock import clock_for
from newsroom.views.diff import Difference, as_shown, differences
from newsroom.views.merging import beside
from newsroom.views.photo_facts import mark_asked
from newsroom.views.record import describing_panel
from newsroom.views.sharing import sharing
from newsroom.views.standing import site_lines
from newsroom.views.thread import thread
from newsroom.views.writing import before_writing, forget_draft, left_behind
from newsroom.workflow import MOVES, MoveRefused, allowed, move, why_not

BACK_TO_THE_QUEUE = ("verify", "send_back", "spike", "resubmit")


@login_required
@require_safe
def story(request: HttpRequest, pk: int) -> HttpResponse:
    found = story_for(request, pk)
    proposal = taken_up(request, found)
    if proposal:
        return show(request, lay_out(found, request.user, prefilled(proposal, found)))
    if left := left_behind(request, found):
        return show(request, lay_out(found, request.user, left[0]), second=left[1])
    refusal = _("Usulan itu sudah ditangani, atau beritanya tidak dapat disunting sekarang.")
    return show(
        request,
        lay_out(found, request.user),
        refusal=refusal if "usulan" in request.GET else "",
        open_verb=request.GET.get("langkah", ""),
    )


@writers
@require_POST
def save(request: HttpRequest, pk: int) -> HttpResponse:
    """Save what was written. What is refused stays on the screen."""
    found = story_for(request, pk)
    paper = lay_out(found, request.user, request.POST)
    refused = saved(request, paper, put_back=True)
    if refused:
        return refused
    messages.success(request, _("Tersimpan."))
    return redirect("story", pk=pk)


@writers
@require_POST
def decide(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Save what was written, then make the move on the text just saved; if it is not saved, no move."""
    if verb not in MOVES or MOVES[verb].by_worker or MOVES[verb].answers:
        raise Http404
    found = story_for(request, pk)
    person: Person = request.user
    paper = lay_out(found, person, request.POST)
    notes = {verb: request.POST.get(f"note_{verb}", "")}
    if not _is_as_seen(paper):
        return overtaken(request, paper)
    if reason := why_not(found, verb, person):
        return show(request, paper, refusal=reason, notes=notes, status=403)
    if may_edit(found, person) and (refused := saved(request, paper, notes)):
        return refused
    try:
        move(found, verb, person, notes[verb])
    except MoveRefused as error:
        fresh = story_for(request, pk)
        return show(
            request, lay_out(fresh, person), refusal=str(error), notes=notes, open_verb=verb, status=409
        )
    forget_draft(request, found)
    messages.success(request, _said(found, verb))
    return redirect("queue") if verb in BACK_TO_THE_QUEUE else redirect("story", pk=pk)


@fragment
@require_POST
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what readers will see change: the text being written beside the released one."""
    found = story_for(request, pk)
    if found.state not in PUBLIC:
        raise Http404
    paper = lay_out(found, request.user, request.POST)
    if not paper.is_valid():
        return HttpResponse(status=204)
    for name, value in paper.form.text().items():
        setattr(found, name, value)
    by_pk = {change.pk: change for change in paper.changes()}
    photos = [photo for photo in found.photos.all() if photo.readable and not by_pk[photo.pk].left_out]
    photos.sort(key=lambda photo: by_pk[photo.pk].order)
    for photo in photos:
        for name in ("caption", "credit", "alt"):
            setattr(photo, name, getattr(by_pk[photo.pk], name))
    written = [as_sealed(photo) for photo in photos]
    written += new_photos(request, found)
    sealed = found.sealed()
    found_changes = differences(as_shown(sealed, sealed.photos), as_shown(found, written))
    return render(request, "newsroom/_changes.html", {"changes": found_changes})


@fragment
@require_safe
def sites(request: HttpRequest, pk: int) -> HttpResponse:
    """Renew the lines that say where a story stands on its sites, while one of them waits."""
    return render(
        request, "newsroom/_sites.html", {"story": (found := story_for(request, pk)), **site_lines(found)}
    )


def saved(
    request: HttpRequest, paper: Paper, notes: dict[str, str] | None = None, *, put_back: bool = False
) -> HttpResponse | None:
    """Save the paper; return the page that tells why it was not saved, or None.

    Afterwards the story carries the revision the writer has in front of them. With `put_back` a returned
    story into which a proposal was taken goes back into the queue.
    """
    if not _is_as_seen(paper):
        return overtaken(request, paper)
    if not paper.is_valid():
        return show(
            request,
            paper,
            refusal=_("Belum tersimpan. Perbaiki isian yang ditandai, lalu simpan lagi."),
            notes=notes,
            status=422,
        )
    try:
        _write(request, paper, put_back)
    except Overtaken:
        return overtaken(request, paper)
    except (EditRefused, MoveRefused) as error:
        return show(
            request,
            lay_out(paper.story, request.user, request.POST),
            refusal=str(error),
            notes=notes,
            status=403,
        )
    forget_draft(request, paper.story)
    return None


def _write(request: HttpRequest, paper: Paper, put_back: bool) -> None:
    """Save the paper, together with the proposal whose words it holds."""
    text, photos, seen = paper.form.text(), paper.changes(), paper.form.cleaned_data["seen"]
    choices = paper.form.choices()
    if "usulan" not in request.POST:
        edit(paper.story, request.user, text, photos, seen=seen, settings=choices)
        return
    proposal = taken_up(request, paper.story)
    if proposal is None:
        raise EditRefused(_("Usulan ini sudah ditangani orang lain. Muat ulang halaman."))
    chosen = request.POST.getlist("ambil")
    take(proposal, request.user, text, photos, chosen, seen=seen, settings=choices, put_back=put_back)


def _is_as_seen(paper: Paper) -> bool:
    """Whether the story still is what the writer saw when they began."""
    data = paper.form.data
    return (
        data.get("seen") == str(paper.story.revision_id or "") and data.get("seen_state") == paper.story.state
    )


def overtaken(request: HttpRequest, paper: Paper) -> HttpResponse:
    """Show the second of two writers their own words, beside what the first has saved."""
    fresh = story_for(request, paper.story.pk)
    seen = request.POST.get("seen", "")
    base = fresh.revisions.filter(pk=seen).first() if seen.isascii() and seen.isdigit() else None
    merged, second = beside(fresh, request.user, request.POST, base)
    return show(request, lay_out(fresh, request.user, merged), second=second, status=409)


def show(
    request: HttpRequest,
    paper: Paper,
    *,
    refusal: str = "",
    second: dict[str, Any] | None = None,
    notes: dict[str, str] | None = None,
    open_verb: str = "",
    ahead: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the story's page with this paper on it."""
    story, person = paper.story, request.user
    rows = [row.photo for row in paper.photos]
    mark_elsewhere(story, rows)
    mark_alike(story, rows)
    mark_asked(rows, person)
    decisions = [
        {"verb": verb, "move": rule, "note": (notes or {}).get(verb, ""), "open": verb == open_verb}
        for verb, rule in allowed(story, person).items()
    ]
    context = {
        "section": "published" if story.state in PUBLIC else "queue",
        "story": story,
        "paper": paper,
        "bursts": bursts(rows) if may_retouch(story, person) else [],
        "photos_back": can_put_back(story) and may_retouch(story, person),
        "form": paper.form,
        "writable": may_edit(story, person),
        "draft": before_writing(request, paper),
        "refusal": refusal,
        "second": second,
        "decisions": [] if second else decisions,
        "objection": _objection(story, person),
        "destination": _destination(story),
        "schedulable": may_schedule(story, person),
        "clock": clock_for(story, person, timezone.now()),
        "pause": story.pauses.filter(ended_at=None).select_related("by").first(),
        "open_verb": open_verb,
        "announced": ANNOUNCED,
        "ahead": ahead,
        **_mails(story, person),
        **site_lines(story),
        **approval_panel(story, person, timezone.now()),
        **sharing(story, person),
        **thread(story, person),
        "history": history(story, person),
        "asked": _asked(story, person),
        **banners(request, story),
        "revisions": story.revisions.select_related("by").defer("body", "photos").order_by("-id"),
        "changes": _unreleased(story),
        "categories": _categories(),
        "personal": personal_panel(story, person),
        **panel(story, person, dict(paper.form.data.items())),
        **describing_panel(story, person),
    }
    return render(request, "newsroom/story.html", context, status=status)


def _mails(story: Story, person: Person) -> dict[str, Any]:
    """Return the mails the story came by, and what may be done with them."""
    mails = list(
        story.mails.select_related(
            "contributor", "admitted_by", "revision_of", "duplicate_of"
        ).prefetch_related("attachments", "pictures")
    )
    prefetch_related_objects([story], "photos")
    return {
        "mails": mails,
        "habits": habits(mails),
        "recipient": next((mail for mail in reversed(mails) if mail.sender_address), None),
        "undo": undoable(story),
        "several": any(mail.others for mail in mails),
        "siblings": siblings(story) if story.state in MOVABLE and person.edits else [],
    }


def _objection(story: Story, person: Person) -> str:
    """Say why an editor finds no button to verify or correct: it is their own story."""
    if not person.edits:
        return ""
    verb = {State.QUEUED: "verify", State.RELEASED: "correct", State.RETRACTED: "restore"}.get(
        State(story.state)
    )
    return why_not(story, verb, person) if verb else ""


def _destination(story: Story) -> str:
    """Say what verifying will do: to how many sites, and when."""
    count = len({site.name for site in settings.REDAKSI.sites} & set(story.sites))
    if not count:
        return _("pilih situsnya dahulu")
    where = ngettext("ke %(count)d situs", "ke %(count)d situs", count) % {"count": count}
    if needed(story):
        return _("%(where)s, setelah disetujui pimpinan") % {"where": where}
    if story.embargo_until and story.embargo_until > timezone.now():
        return _("%(where)s, setelah embargo %(until)s") % {
            "where": where,
            "until": moment(story.embargo_until),
        }
    return _("%(where)s, sekarang") % {"where": where}


def _asked(story: Story, person: Person) -> Any:
    """Return the log line that says what is asked of the contributor, or why the story was refused."""
    if story.merged_into_id and not person.sees:  # it names a story that may be another's
        return None
    verb = {State.RETURNED: "send_back", State.SPIKED: "spike"}.get(State(story.state))
    return story.log.filter(verb=verb).select_related("by").last() if verb else None


def _unreleased(story: Story) -> list[Difference]:
    """Return how the text as it stands differs from the one that readers have."""
    if story.state != State.RELEASED:
        return []
    try:
        sealed = story.sealed()
    except Revision.DoesNotExist:
        return []
    return differences(as_shown(sealed, sealed.photos), as_shown(story, photos_to_publish(story)))


def _categories() -> list[str]:
    """Return the categories some site's settings give a place to."""
    known: set[str] = set()
    for site in settings.REDAKSI.sites:
        mapped = site.options.get("categories")
        if isinstance(mapped, dict):
            known.update(str(name) for name in mapped if name != "default")
    return sorted(known)


def _said(story: Story, verb: str) -> str:
    match verb:
        case "verify" if step := current(story):
            return _("“%(story)s” layak. %(waits)s.") % {"story": story, "waits": waiting_words(step)}
        case "verify":
            return _("“%(story)s” layak dan ditayangkan %(where)s.") % {
                "story": story,
                "where": _destination(story),
            }
        case "send_back":
            return _("“%(story)s” dikembalikan; catatan Anda disurelkan kepada pengirimnya.") % {
                "story": story
            }
        case "spike":
            return _("“%(story)s” ditolak. Berkasnya tetap tersimpan.") % {"story": story}
        case "resubmit":
            return _("“%(story)s” dikirim ulang ke antrean editor.") % {"story": story}
        case "correct":
            return _("Ralat dikirim ke semua situs.")
        case "retract":
            return _("Berita ditarik dari semua situs.")
        case "withdraw":
            return _("Berita ditarik dari semua situs. Umumkan alasannya sebelum %(until)s.") % {
                "until": moment(story.reason_due_at)
            }
        case "explain":
            return _("Alasan penarikan diumumkan.")
        case "restore":
            return _("Berita ditayangkan kembali di semua situs.")
        case "reopen":
            return _("Verifikasi dibatalkan; berita kembali ke antrean.")
        case _:
            return _("Berita kembali ke antrean.")
