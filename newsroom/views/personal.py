"""Personal data beside a story: masked by one tap, or let through with a reason."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from newsroom.acts import ActRefused
from newsroom.editing import EditRefused
from newsroom.masking import mask
from newsroom.models import Story
from newsroom.personal import overrule
from newsroom.views.access import writers
from newsroom.views.mail import act_on


@writers
@require_POST
def mask_personal(request: HttpRequest, pk: int, token: str = "") -> HttpResponse:
    """Mask one finding in the story, or all that bar it."""

    def act(story: Story) -> str:
        mask(story, request.user, seen=story.revision_id, token=token)
        return _("Data pribadi disamarkan di naskah dan keterangan foto. Dapat diurungkan.")

    return act_on(request, pk, act)


@writers
@require_POST
def overrule_personal(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """Let one finding be published, with the reason."""

    def act(story: Story) -> str:
        try:
            row = overrule(story, token, request.POST.get(f"alasan-{token}", ""), request.user)
        except ActRefused as error:
            raise EditRefused(str(error)) from error
        return _("Dicatat boleh dimuat: %(reason)s") % {"reason": row.reason}

    return act_on(request, pk, act)
