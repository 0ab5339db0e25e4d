"""When a verified story goes out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsroom.acts import ActRefused
from newsroom.forms import StoryForm
from newsroom.schedule import schedule
from newsroom.templatetags.office import moment
from newsroom.views.access import operators, story_for


@operators
@require_POST
def reschedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Set another time, or let the story go out now (`sekarang`)."""
    story = story_for(request, pk)
    written = request.POST.get("jadwal", "")
    if "sekarang" not in request.POST and not written:
        messages.error(request, _("Tulis tanggal dan jamnya, atau tekan “Tayangkan sekarang”."))
        return redirect("story", pk=pk)
    form = StoryForm(story, request.user, {"embargo_until": written})
    form.fields["embargo_until"].disabled = False
    try:
        if "sekarang" in request.POST:
            schedule(story, request.user, None)
            messages.success(request, _("Berita ini tayang sekarang."))
        elif "embargo_until" in form.errors:
            messages.error(request, form.errors["embargo_until"][0])
        else:
            schedule(story, request.user, form.cleaned_data["embargo_until"])
            messages.success(request, _("Dijadwalkan %(when)s.") % {"when": moment(story.embargo_until)})
    except ActRefused as error:
        messages.error(request, str(error))
    return redirect("story", pk=pk)
