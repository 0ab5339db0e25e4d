"""A mail's reading, for the templates that show one."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext_lazy

from newsroom.models import Story, Submission
from newsroom.reading import Reading

register = template.Library()

KINDS = {
    "note": gettext_lazy("pesan untuk redaksi"),
    "letterhead": gettext_lazy("kop surat"),
    "greeting": gettext_lazy("salam pembuka"),
    "forward": gettext_lazy("kepala surel yang diteruskan"),
    "quote": gettext_lazy("kutipan surel sebelumnya"),
    "closing": gettext_lazy("salam penutup"),
    "signature": gettext_lazy("tanda tangan"),
    "disclaimer": gettext_lazy("penafian"),
    "footer": gettext_lazy("catatan aplikasi"),
    "file": gettext_lazy("nama berkas naskah"),
    "other": gettext_lazy("naskah lain"),
}
"""What each kind of stretch that is set aside is called."""


@register.simple_tag(takes_context=True)
def reading(context: template.Context, mail: Submission, story: Story | None = None) -> Reading:
    """Return how a mail was read, beside `story` or beside the story it became."""
    return Reading(mail, story or mail.story, context.get("habits") or {})


@register.filter
def kind(value: str) -> str:
    """Name a kind of stretch: `tanda tangan`."""
    return str(KINDS.get(value, value))
