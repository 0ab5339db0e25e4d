"""What is done with a mail's reading: from the story's page, and from the mail's own."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from newsroom import asking, pictures
from newsroom import mail as acts
from newsroom.editing import EditRefused, Overtaken, may_edit
from newsroom.forms import lay_out
from newsroom.models import PictureSighting, Story, Submission
from newsroom.pictures import MOVABLE
from newsroom.reading import tree
from newsroom.templatetags.mail import kind as kind_in_words
from newsroom.views.access import operators, story_for, writers
from newsroom.views.diff import as_shown, compare, labels
from newsroom.views.story import overtaken, saved

PER_PAGE = 200

# From the story's page: what was typed there is saved first, so that no act loses a word.


@writers
@require_POST
def restore_text(request: HttpRequest, pk: int, mail_pk: int, index: int | None = None) -> HttpResponse:
    """Put what was set aside back into the story: one stretch, or all of them."""

    def act(story: Story) -> str:
        mail = _mail_of(story, mail_pk)
        acts.restore(story, mail, request.user, seen=story.revision_id, index=index)
        return _("Teks dikembalikan ke naskah. Periksa letaknya; dapat diurungkan.")

    return act_on(request, pk, act)


@writers
@require_POST
def choose_text(request: HttpRequest, pk: int, mail_pk: int, position: int) -> HttpResponse:
    """Make another text of the mail the story's."""

    def act(story: Story) -> str:
        acts.choose(story, _mail_of(story, mail_pk), position, request.user, seen=_seen(request, story))
        return _("Naskah diganti. Naskah sebelumnya tersimpan di antara revisi; dapat diurungkan.")

    return act_on(request, pk, act)


@writers
@require_POST
def undo_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Put back the text as it was before the last act of this kind."""

    def act(story: Story) -> str:
        acts.undo(story, request.user, seen=story.revision_id)
        return _("Diurungkan: naskahnya kembali seperti sebelumnya.")

    return act_on(request, pk, act)


@writers
@require_POST
def forget_kind(request: HttpRequest, pk: int, mail_pk: int, kind: str) -> HttpResponse:
    """Set this kind of stretch aside again in the sender's next mails."""

    def act(story: Story) -> str:
        acts.forget(_mail_of(story, mail_pk), [kind], request.user)
        return _("Pada kiriman berikutnya, %(kind)s disisihkan lagi.") % {"kind": kind_in_words(kind)}

    return act_on(request, pk, act)


@writers
@require_POST
def use_picture(request: HttpRequest, pk: int, mail_pk: int, sha256: str) -> HttpResponse:
    """Make a picture that was set aside a photo of the story."""

    def act(story: Story) -> str:
        mail = _mail_of(story, mail_pk)
        pictures.use_picture(story, mail, sha256, request.user, seen=story.revision_id)
        return _("Gambar ditambahkan sebagai foto terakhir. Isi keterangannya.")

    return act_on(request, pk, act)


@writers
@require_POST
def ignore_picture(request: HttpRequest, pk: int, mail_pk: int, sha256: str, ignore: bool) -> HttpResponse:
    """Remember that a picture is never a photo in this sender's mails, or forget it."""

    def act(story: Story) -> str:
        pictures.ignore_picture(_mail_of(story, mail_pk), sha256, request.user, ignore=ignore)
        if ignore:
            return _("Diingat: gambar itu selalu disisihkan dari surel pengirim ini.")
        return _("Gambar itu dinilai lagi seperti gambar lain.")

    return act_on(request, pk, act)


@writers
@require_POST
def move_photo(request: HttpRequest, pk: int, photo_pk: int, target_pk: int) -> HttpResponse:
    """Move a photo to another story of the same mail."""

    def act(story: Story) -> str:
        target = story_for(request, target_pk)
        pictures.move_photo(story, photo_pk, target, request.user)
        return _("Foto dipindahkan ke “%(story)s”.") % {"story": target}

    return act_on(request, pk, act)


def act_on(request: HttpRequest, pk: int, act: Callable[[Story], str]) -> HttpResponse:
    """Save what was typed on the story's page, then act on the story as saved."""
    story = story_for(request, pk)
    paper = lay_out(story, request.user, request.POST)
    typed = "seen_state" in request.POST and may_edit(story, request.user)
    if typed and (refused := saved(request, paper)):
        return refused
    try:
        said = act(story)
    except Overtaken as error:
        if typed:
            return overtaken(request, paper)
        again = _("Baca lagi, lalu putuskan.")
        messages.error(request, f"{error} {again}")
    except EditRefused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect("story", pk=pk)


# Another text of the mail.


@login_required
@require_safe
def other(request: HttpRequest, pk: int, mail_pk: int, position: int) -> HttpResponse:
    """Show another text of the mail beside the story's, with what may be done with it."""
    story = story_for(request, pk)
    mail = _mail_of(story, mail_pk)
    try:
        text = acts.other_text(story, acts.the_other(mail, position))
    except EditRefused as error:
        messages.error(request, str(error))
        return redirect("story", pk=pk)
    now = as_shown(story, [])
    context = {
        "section": "queue",
        "story": story,
        "mail": mail,
        "position": position,
        "source": mail.others[position]["source"],
        "text": text,
        "same": all(now[name] == text[name] for name in ("headline", "body")),
        "pieces": [
            (labels()[name], compare(now[name], text[name]))
            for name in ("headline", "body")
            if now[name] != text[name]
        ],
        "made": Story.objects.filter(key=acts.split_key(mail, position)).first(),
        "photos": story.photos.filter(readable=True),
        "moves": story.state in MOVABLE,
        "writable": may_edit(story, request.user),
    }
    return render(request, "newsroom/other.html", context)


@writers
@require_POST
def split_text(request: HttpRequest, pk: int, mail_pk: int, position: int) -> HttpResponse:
    """Make another text of the mail a story of its own, with the photos that were ticked."""
    story = story_for(request, pk)
    mail = _mail_of(story, mail_pk)
    photos = [int(number) for number in request.POST.getlist("ikut") if number.isdecimal()][:1000]
    try:
        made, new = acts.split(story, mail, position, request.user, photos)
    except EditRefused as error:
        messages.error(request, str(error))
        return redirect("other_text", pk=pk, mail_pk=mail_pk, position=position)
    if new:
        messages.success(request, _("Naskah itu sekarang berita sendiri, di antrean."))
    else:
        messages.info(request, _("Naskah itu sudah dijadikan berita sendiri."))
    return redirect("story", pk=made.pk)


# The mail's own pages.


@login_required
@require_safe
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """List every part of a mail with its fate."""
    mail = mail_for(request, pk)
    page = Paginator(tree(mail.parts), PER_PAGE).get_page(request.GET.get("hal"))
    return render(request, "newsroom/parts.html", {"section": "attention", "mail": mail, "page": page})


@operators
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_files(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask the sender to attach what the mail only links to: a letter the editor reads first."""
    mail = get_object_or_404(Submission.objects.select_related("contributor", "story"), pk=pk)
    back = redirect("story", pk=mail.story_id) if mail.story_id else redirect("submission", pk=pk)
    if not mail.sender_address:
        messages.error(request, _("Surel ini tidak punya alamat pengirim, jadi tidak dapat dibalas."))
        return back
    body = request.POST.get("isi", "").replace("\r\n", "\n")[:10_000]
    refusal = ""
    if request.method == "POST":
        try:
            asking.ask(mail, request.user, body, confirmed=request.POST.get("yakin") == "1")
        except EditRefused as error:
            refusal = str(error)
        else:
            messages.success(
                request, _("Permintaan disurelkan kepada %(who)s.") % {"who": mail.sender_address}
            )
            return back
    context = {
        "section": "attention",
        "mail": mail,
        "body": body or asking.prefilled(mail, request.user),
        "stranger": asking.is_stranger(mail),
        "earlier": mail.letters.order_by("-id"),
        "refusal": refusal,
    }
    return render(request, "newsroom/ask.html", context, status=422 if refusal else 200)


@operators
@require_POST
def reread(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a mail read again; the worker does it within seconds."""
    mail = get_object_or_404(Submission, pk=pk)
    acts.ask_reread(mail, request.user)
    messages.success(request, _("Surel dibaca ulang sekarang. Muat ulang halaman ini sebentar lagi."))
    return redirect("submission", pk=pk)


def mail_for(request: HttpRequest, pk: int) -> Submission:
    """Return the mail if this person may see it. Raises Http404, PermissionDenied."""
    mail: Submission = get_object_or_404(Submission.objects.select_related("story"), pk=pk)
    person = request.user
    if person.sees or (
        mail.story_id and Story.objects.all().visible_to(person).filter(pk=mail.story_id).exists()
    ):
        return mail
    raise PermissionDenied


def aside(request: HttpRequest, pk: int, sha256: str) -> PictureSighting:
    """Return a picture of a mail this person may see. Raises Http404, PermissionDenied."""
    found = mail_for(request, pk).pictures.filter(sha256=sha256, width__gt=0).first()
    if found is None:
        raise Http404
    return found


def _mail_of(story: Story, pk: int) -> Submission:
    return get_object_or_404(story.mails, pk=pk)


def _seen(request: HttpRequest, story: Story) -> int | None:
    """Return the revision the editor had before them: as saved just now, or as the page with the text says."""
    given = request.POST.get("seen", "")
    if "seen_state" in request.POST or not (given.isascii() and given.isdecimal()):
        return story.revision_id
    return int(given[:18])
