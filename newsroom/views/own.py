"""A contributor's home: what is asked of me, what became of all I sent, and my figures. Fit for a small phone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from newsroom import own as mine
from newsroom.models import Disposition, Person, Proposal, Right, State, Story, Submission, Trust, Upload
from newsroom.templatetags.office import lasting, short
from newsroom.tickets import ticket
from newsroom.views.guide import office_address
from newsroom.views.standing import address, title

PER_PAGE = 15


@dataclass(frozen=True)
class Line:
    """One thing somebody sent, and where it stands."""

    at: Any
    headline: str
    words: str
    tone: str
    """`wait`, `good`, `bad` or `calm`; the words say it all."""
    story: Story | None = None
    links: tuple[tuple[str, str], ...] = ()
    """Where readers find it: the site's name and the address."""
    note: str = ""
    upload: Upload | None = None
    shared: str = ""


def home(request: HttpRequest) -> HttpResponse:
    """Show a contributor what they have sent: what waits for them first, then everything, the newest first."""
    person: Person = request.user
    now = timezone.now()
    page = Paginator(mine.sent(person), PER_PAGE).get_page(request.GET.get("hal"))
    first = page.number == 1
    context = {
        "section": "queue",
        "returned": list(mine.returned(person)) if first else [],
        "requests": [_request(letter) for letter in mine.requests(person, now)] if first else [],
        "unsent": list(Upload.objects.filter(person=person, sent_at=None).order_by("-id")[:5])
        if first
        else [],
        "page": page,
        "lines": _lines(list(page), person),
        "month": mine.figures(person, now)[0] if first else None,
        "address": office_address(settings.REDAKSI),
        "writes": person.may(Right.WRITE),
    }
    return render(request, "newsroom/own.html", context)


@login_required
@require_safe
def own_figures(request: HttpRequest) -> HttpResponse:
    """Show how much one has sent, how much of it was published, and how long that took, by month."""
    month, year, months = mine.figures(request.user, timezone.now())
    context = {
        "section": "queue",
        "spans": [(_("Bulan ini"), month, _time(month)), (_("Tahun ini"), year, _time(year))],
        "months": [(row.first, row.figures, _time(row.figures)) for row in months if row.figures.sent],
    }
    return render(request, "newsroom/own_figures.html", context)


def _time(figures: mine.Figures) -> str:
    return lasting(figures.median) if figures.median is not None else ""


def _request(letter: Any) -> dict[str, Any]:
    """Return a request for files, and where the answer goes: its number leads the mail to the story."""
    office = office_address(settings.REDAKSI)
    number = f" {ticket(letter.story_id)}" if letter.story_id else ""
    subject = quote(f"{letter.subject}{number}")
    return {"letter": letter, "reply": f"mailto:{office}?subject={subject}" if office else ""}


def _lines(found: list[tuple[str, int, Any]], person: Person) -> list[Line]:
    """Return the lines of one page, each kind of row fetched at once."""
    wanted: dict[str, list[int]] = {mine.STORY: [], mine.MAIL: [], mine.UPLOAD: []}
    for kind, pk, _at in found:
        wanted[kind].append(pk)
    stories = mine.told_of(Story.objects.filter(pk__in=wanted[mine.STORY]), person)
    mails = Submission.objects.filter(pk__in=wanted[mine.MAIL]).select_related("proposal__story")
    made: dict[tuple[str, int], Line] = {}
    made |= {(mine.STORY, story.pk): _of_story(story) for story in stories}
    made |= {(mine.MAIL, mail.pk): _of_mail(mail, person) for mail in mails.defer("source_text", "sketch")}
    for upload in Upload.objects.filter(pk__in=wanted[mine.UPLOAD]):
        words = _("Sedang disiapkan untuk editor; biasanya beberapa detik.")
        made[mine.UPLOAD, upload.pk] = Line(upload.sent_at, upload.headline, words, "wait", upload=upload)
    return [made[kind, pk] for kind, pk, _at in found if (kind, pk) in made]


def _of_story(story: Any) -> Line:
    words, tone, note = _told(story)
    links = ()
    if story.state == State.RELEASED:
        places = [(title(row.site), address(row.site, row.url)) for row in mine.live(story)]
        links = tuple((name, url) for name, url in places if url)
    shared = (
        _("Dibagikan, terakhir %(time)s") % {"time": short(story.last_shared)} if story.last_shared else ""
    )
    headline = story.released_headline or story.headline
    return Line(story.received_at, headline, words, tone, story, links, note, shared=shared)


def _told(story: Any) -> tuple[str, str, str]:
    """Say where a story stands: a sentence, its tone, and what was noted for its contributor."""
    match State(story.state):
        case State.QUEUED:
            since = max(filter(None, (story.received_at, story.again_at)))
            return _("Menunggu diperiksa editor, sejak %(time)s") % {"time": short(since)}, "wait", ""
        case State.VERIFIED:
            return _before_release(story), "wait", ""
        case State.RELEASED:
            return _released(story)
        case State.RETRACTED:
            return _("Ditarik %(time)s") % {"time": short(story.sealed_at)}, "bad", story.told_notice or ""
        case State.SPIKED if story.merged_into_id:
            return _("Digabungkan dengan kiriman lain tentang acara yang sama"), "calm", ""
        case State.SPIKED if story.spiked_verb == "refuse":
            return _("Tidak dimuat: tidak disetujui untuk tayang"), "bad", ""
        case State.SPIKED:
            return _("Tidak dimuat"), "bad", story.spiked_note or ""
        case _:
            return _("Perlu perbaikan"), "bad", story.asked_note or ""


def _before_release(story: Any) -> str:
    if story.awaits_approval:
        return _("Sudah diperiksa editor, menunggu persetujuan sebelum tayang")
    if story.embargo_until and story.embargo_until > timezone.now():
        return _("Sudah diperiksa editor, tayang %(time)s") % {"time": short(story.embargo_until)}
    return _("Sudah diperiksa editor, segera tayang")


def _released(story: Any) -> tuple[str, str, str]:
    live, promised = len(mine.live(story)), len(story.deliveries.all())
    if not live:
        return _("Sudah diperiksa editor, sedang dikirim ke situs"), "wait", ""
    words = ngettext("Tayang di %(count)d situs", "Tayang di %(count)d situs", live) % {"count": live}
    if live < promised:
        words = _("Tayang di %(count)d dari %(all)d situs") % {"count": live, "all": promised}
    if story.told_why == "correct":
        return _("%(words)s, dengan ralat") % {"words": words}, "good", story.told_notice
    if story.told_why == "restore":
        return _("%(words)s, ditayangkan kembali") % {"words": words}, "good", story.told_notice
    return words, "good", ""


def _of_mail(mail: Submission, person: Person) -> Line:
    words, tone = _of_proposal(mail.proposal, person) if hasattr(mail, "proposal") else _fate(mail)
    return Line(mail.received_at, mail.subject, words, tone)


def _of_proposal(proposal: Proposal, person: Person) -> tuple[str, str]:
    """Say what became of a change somebody sent for a story."""
    headline = proposal.story.headline
    match proposal.answer:
        case Proposal.Answer.TAKEN:
            return _("Perubahan untuk “%(story)s” sudah dipakai editor") % {"story": headline}, "good"
        case Proposal.Answer.DECLINED:
            return _("Perubahan untuk “%(story)s” tidak dipakai editor") % {"story": headline}, "calm"
        case Proposal.Answer.SEPARATE:
            return _("Sedang dijadikan berita sendiri"), "wait"
    return _("Perubahan untuk “%(story)s”, menunggu dibaca editor") % {"story": headline}, "wait"


def _fate(mail: Submission) -> tuple[str, str]:
    """Say what became of a mail that is no story. Why its sender is doubted is the desk's own."""
    match mail.disposition:
        case Disposition.UNREAD:
            return _("Sudah sampai, sedang dibaca"), "wait"
        case Disposition.HELD if mail.trust in (Trust.VERIFIED, Trust.KNOWN):
            return _("Sudah sampai. Editor melihatnya dulu sebelum masuk antrean"), "wait"
        case Disposition.HELD:
            return _("Sudah sampai. Editor memastikan dulu bahwa ini benar dari Anda"), "wait"
        case Disposition.FAILED:
            return _(
                "Belum dapat dibaca. Surelnya tersimpan dan editor sudah diberi tahu; lebih cepat bila dikirim lagi "
                "lewat formulir"
            ), "bad"
        case Disposition.IGNORED if mine.blocked(mail):
            return _("Tidak diteruskan ke editor. Hubungi kantor redaksi"), "bad"
        case Disposition.IGNORED:
            return _("Tidak dijadikan berita. Bila ini liputan, kirim lagi lewat formulir"), "calm"
    return _("Sudah sampai"), "calm"
