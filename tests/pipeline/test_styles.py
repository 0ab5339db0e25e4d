"""One story on three sites, each in its own style; golden pages as readers get them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import config
from newsroom.models import Delivery, Story
from newsroom.workflow import move
from tests.newsroom.screens import fresh
from tests.office import SETTINGS, Office, coverage

CHECKOUT = Path(__file__).parent.parent.parent
HANDBOOK = """dateline: "MEDIA CENTER, {city} – ", tail: "({outlet}/{writer})",
      caption: "{caption} ({outlet}/{writer})", credit: "Foto: {credit}\""""
PORTAL = """dateline: "{city}, InfoPublik – ", tail: "\\n({outlet}/{writer})",
      names: {MC. Kota Uji: MC Kota Uji Raya}"""
STYLED = SETTINGS.replace(
    "title: Media Center,", f"title: Media Center, style: {{{HANDBOOK}}},"
).replace("title: Info Publik,", f"title: Info Publik, style: {{{PORTAL}}},")  # fmt: skip

LEAD = "Wali Kota Uji membuka musyawarah perencanaan di aula kecamatan, Jumat (20/11/2026)."
REST = "Sebanyak 120 peserta dari delapan kelurahan hadir membawa usulan prioritas tahun depan."
GOLDEN = {
    "media-center": f"<p>MEDIA CENTER, Kota Uji – {LEAD}</p>\n<p>{REST} (MC. Kota Uji/nala)</p>",
    "info-publik": f"<p>Kota Uji, InfoPublik – {LEAD}</p>\n<p>{REST}</p>\n<p>(MC Kota Uji Raya/nala)</p>",
    "kota": f"<p><strong>Kota Uji</strong> – {LEAD}</p>\n<p>{REST} (MC. Kota Uji/nala)</p>",
}
CAPTION = "Keterangan foto nomor 1."
CAPTIONS = {
    "media-center": f"{CAPTION} (MC. Kota Uji/nala)",
    "info-publik": CAPTION,
    "kota": CAPTION,
}
CREDITS = {"media-center": "Foto: MC. Kota Uji", "info-publik": "MC Kota Uji Raya", "kota": "MC. Kota Uji"}


def on_sites(office: Office, story: Story) -> dict[str, str]:
    """Return each site's page of the story."""
    return {
        delivery.site: (office.folder / "situs" / delivery.site / delivery.url / "index.html").read_text()
        for delivery in story.deliveries.all()
    }


def texts(pages: dict[str, str]) -> dict[str, str]:
    return {
        site: re.findall(r'<div class="naskah">\n(.*?)\n</div>', page, re.S)[0]
        for site, page in pages.items()
    }


def released(office: Office) -> Story:
    office.post(coverage(photos=1))
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    return fresh(story)


def test_each_site_holds_the_story_in_its_own_style(office: Office, use: Callable[[str], None]) -> None:
    use(STYLED)
    pages = on_sites(office, released(office))
    assert texts(pages) == GOLDEN
    for site, page in pages.items():
        figure = re.findall(r"<figcaption>(.*?)</figcaption>", page, re.S)[0]
        assert CAPTIONS[site] in figure
        assert CREDITS[site] in figure
        assert figure.count("MC. Kota Uji") == (CAPTIONS[site] + CREDITS[site]).count("MC. Kota Uji")


def test_a_changed_style_publishes_nothing_anew_but_holds_for_the_next_correction(
    office: Office, use: Callable[[str], None]
) -> None:
    story = released(office)
    before = on_sites(office, story)
    use(STYLED)
    assert not Delivery.objects.due().exists()
    office.work()
    assert on_sites(office, story) == before
    assert fresh(story).version == 1

    move(fresh(story), "correct", office.person(), "Nama dibetulkan.")
    office.work()
    assert texts(on_sites(office, story)) == GOLDEN


def test_the_sample_settings_show_three_styles() -> None:
    styles = [site.style for site in config.load(CHECKOUT / "settings.yaml").sites]
    assert len({(style.dateline, style.tail) for style in styles}) == len(styles) == 3
