"""The doctor says which site is paused or left in peace."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from config import Finding
from newsroom.models import Lane
from newsroom.sites import pause
from tests.office import Office
from web import doctor


def said(what: str) -> list[Finding]:
    return [found for found in doctor.findings() if found.subject == what]


def test_the_doctor_names_a_paused_site_and_one_that_is_away(office: Office) -> None:
    assert said("situs kota: jeda") == said("situs kota: pengiriman") == []
    pause("kota", office.person(name="Bram"), "Pindah server.")
    Lane.to("kota").shut("Situs Kota tidak menjawab.", timezone.now() + timedelta(minutes=1), refused=False)
    (paused,), (away,) = said("situs kota: jeda"), said("situs kota: pengiriman")
    assert paused.ok, "somebody wants it so"
    assert "Dijeda oleh Bram sejak" in paused.sentence
    assert "Pindah server." in paused.sentence
    assert not away.ok
    assert away.sentence == "Situs Kota tidak menjawab. 0 berita menunggu."
