"""A small archive, and what must be found in it: the same on every database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from newsroom import search
from newsroom.models import Attachment, Contributor, Leader, Photo, Story, Tag
from newsroom.query import parse
from newsroom.search import Filters
from newsroom.workflow import move
from tests.newsroom.screens import fresh, make_story
from tests.office import Office

WIB = ZoneInfo("Asia/Pontianak")
NUMBER = 500
"""The first story's; the others follow in their order."""

STORIES: dict[str, dict[str, Any]] = {
    "musrenbang": {
        "at": "2025-01-10 09:00",
        "headline": "Wali Kota Membuka Musrenbang Kecamatan",
        "body": "Wali Kota Uji membuka musyawarah perencanaan pembangunan di aula kecamatan.",
        "category": "Pemerintahan",
        "dateline_city": "Kota Uji",
        "event_on": date(2025, 1, 9),
    },
    "jumat": {
        "at": "2025-01-10 09:00",
        "headline": "Kerja Bakti Setiap Jum’at Bersih",
        "body": "Warga **membersihkan** parit di [Jalan Melati](https://contoh.example/alamat-panjang) setiap Jumat pagi.",
        "category": "Lingkungan",
    },
    "pasar": {
        "at": "2025-03-31 23:59",
        "headline": "Pasar Induk Diperbaiki",
        "body": "Perbaikan pasar induk menelan Rp1.250 juta. Pedagang pasar pindah sementara.",
        "category": "Ekonomi",
        "caption": "Pedagang menata dagangan di Pasar Induk.",
    },
    "pasar_lama": {
        "at": "2025-04-01 00:00",
        "headline": "Induk Ayam di Pasar",
        "body": "Harga telur di pasar naik. Induk semang tidak terpengaruh.",
        "category": "ekonomi",
    },
    "vaksin": {
        "at": "2025-06-15 12:00",
        "headline": "Vaksinasi COVID-19 Dilanjutkan",
        "body": "Dinas Kesehatan melayani vaksinasi covid-19 bagi anak-anak di puskesmas.",
        "category": "Kesehatan",
        "event_on": date(2025, 6, 30),
        "event_place": "Puskesmas Melati",
    },
    "anak": {
        "at": "2025-07-23 08:00",
        "headline": "Hari Anak Dirayakan",
        "body": "Anak bermain di taman. Kesehatannya diperiksa petugas.",
        "category": "Kesehatan",
        "byline_outlet": "Dinas Kesehatan",
    },
    "cafe": {
        "at": "2025-08-17 10:00",
        "headline": "Café Señorita & <b>Naïve</b>",
        "body": "Kafe baru di tepi sungai. Menunya banyak <script>alert(1)</script>",
        "photographer": "Rara",
    },
    "banjir": {
        "at": "2025-12-31 23:30",
        "headline": "Banjir Surut",
        "body": "Wali Kota meninjau banjir. Bantuan pembangunan rumah menyusul.",
        "event_on": date(2026, 1, 1),
        "caption": "Wali Kota meninjau rumah warga.",
        "document": "Laporan kerusakan: jembatan gantung ambruk di hulu.",
    },
    "ralat": {
        "at": "2026-02-02 10:00",
        "headline": "Jembatan Baru Diresmikan",
        "body": "Wakil Wali Kota meresmikan jembatan yang dibangun tahun lalu.",
        "corrected": "Bupati meresmikan jembatan yang dibangun tahun lalu.",
        "category": "Pemerintahan",
    },
    "ditarik": {
        "at": "2026-03-03 10:00",
        "headline": "Jalan Ditutup",
        "body": "Perjalanan dialihkan selama perbaikan jalan.",
        "retracted": True,
    },
    "asing": {
        "at": "2026-04-04 10:00",
        "headline": "Санкт и 東京 Berkunjung",
        "body": "Tamu dari 東京 berjalan kaki. İstanbul menyusul. O'Brien hadir.",
        "contributor": "lain@contoh.example",
    },
    "terbaru": {
        "at": "2026-05-05 10:00",
        "headline": "Penghargaan untuk Kota",
        "body": "Kota Uji menerima penghargaan. Wali kota bangga; kotanya bersih.",
        "caption": "Piala Adipura, difoto 20/11/2026.",
    },
}
ORDER = list(STORIES)


def make(office: Office) -> None:
    """Release every story of the set at its time, described as it says."""
    contributor = office.contributor()
    editor = office.person("penyunting", "editor")
    mayor = Leader.objects.create(name="Sari Dewi", title="Wali Kota", pk=71)
    deputy = Leader.objects.create(name="Budi Santoso", title="Wakil Wali Kota", pk=72)
    flood = Tag.objects.create(name="Banjir 2025", slug="banjir-2025", pk=81)
    office.contributor("lain@contoh.example", name="Lain", pk=contributor.pk + 1000)
    for number, (name, given) in enumerate(STORIES.items()):
        story = _published(office, editor, name, number, dict(given))
        if name in ("musrenbang", "banjir"):
            story.leaders.add(mayor)
        if name == "ralat":
            story.leaders.add(deputy)
            story.photos.get().leaders.add(mayor)
        if name == "banjir":
            story.tags.add(flood)
        search.index(fresh(story))


def _published(office: Office, editor: Any, name: str, number: int, given: dict[str, Any]) -> Story:
    at = datetime.strptime(given.pop("at"), "%Y-%m-%d %H:%M").replace(tzinfo=WIB)
    caption, document = given.pop("caption", "Suasana."), given.pop("document", "")
    corrected, retracted = given.pop("corrected", ""), given.pop("retracted", False)
    if address := given.pop("contributor", ""):
        given["contributor"] = Contributor.objects.get(address=address)
    story = make_story(office, number, pk=NUMBER + number, due_at=at, **given)
    Photo.objects.filter(story=story).update(caption=caption, credit="Foto: nala", order=0)
    if document:
        Attachment.objects.create(
            submission=story.mails.get(), sha256="0" * 64, filename="laporan.pdf", size=1, words=document
        )
    move(story, "verify", editor)
    for site in ("media-center", "kota") if number % 2 else ("media-center",):
        story.deliveries.create(site=site)
    move(story, "release", None)
    Story.objects.filter(pk=story.pk).update(released_at=at)
    story = fresh(story)
    if corrected:
        Story.objects.filter(pk=story.pk).update(body=corrected)
        move(fresh(story), "correct", editor, "Yang meresmikan adalah Bupati.")
    if retracted:
        move(story, "retract", editor, "Keliru.")
    return fresh(story)


@dataclass(frozen=True)
class Case:
    text: str
    found: str
    """The stories' names in their order, separated by spaces; empty: nothing is found."""
    filters: Filters = Filters()  # noqa: RUF009 - frozen
    order: str = search.NEWEST


def case(text: str, found: str, order: str = search.NEWEST, **filters: Any) -> Case:
    return Case(text, found, Filters(**filters), order)


CASES = [
    # nothing asked: everything, the newest first; released in the same second: the later number first
    case("", "terbaru asing ditarik ralat banjir cafe anak vaksin pasar_lama pasar jumat musrenbang"),
    case("   ...  ", "terbaru asing ditarik ralat banjir cafe anak vaksin pasar_lama pasar jumat musrenbang"),
    # stems
    case("membangun ", "ralat banjir musrenbang"),
    case("pembangunan ", "ralat banjir musrenbang"),
    case("DIBANGUN ", "ralat banjir musrenbang"),
    case("perbaikan ", "ditarik pasar"),
    case("jalan ", "asing ditarik jumat"),
    case("bersih ", "terbaru jumat"),
    # all words must be there, in any order and any text of the story
    case("wali pembangunan ", "ralat banjir musrenbang"),
    case("pedagang pasar ", "pasar"),
    case("adipura penghargaan ", "terbaru"),
    case("pasar vaksinasi ", ""),
    # phrases: exact words, one after another, never across two texts
    case('"wali kota"', "terbaru ralat banjir musrenbang"),
    case('"kota wali"', ""),
    case('"pasar induk"', "pasar"),
    case('"induk pasar"', ""),
    case('"membangun"', ""),
    case("“wali kota meninjau”", "banjir"),
    case('"wali kota meninjau', "banjir"),
    case('"kecamatan wali"', ""),
    case('"surut wali"', ""),
    # excluded
    case("pasar -induk ", ""),
    case("pasar -pedagang ", "pasar_lama"),
    case('wali -"wali kota meninjau" ', "terbaru ralat musrenbang"),
    case("-wali -jalan -pasar -anak ", "cafe"),
    case("-", "terbaru asing ditarik ralat banjir cafe anak vaksin pasar_lama pasar jumat musrenbang"),
    # a word perhaps not typed to its end
    case("mus", "musrenbang"),
    case("penghar", "terbaru"),
    case("pa", ""),
    case("pemb", "banjir musrenbang"),
    # spelling: case, accents, apostrophes, hyphens, numbers
    case("jum'at ", "jumat"),
    case("JUMAT ", "jumat"),
    case("jum’at bersih ", "jumat"),
    case("cafe senorita naive ", "cafe"),
    case("covid-19", "vaksin"),
    case('"covid 19"', "vaksin"),
    case("anak-anak ", "anak vaksin"),
    case("1.250 ", "pasar"),
    case("20/11/2026", "terbaru"),
    case("obrien ", "asing"),
    case("東京 ", "asing"),
    case("санкт ", "asing"),
    case("istanbul ", "asing"),
    case("alamat-panjang ", ""),  # the address of a link is no text
    # captions, credits, documents, names of leaders and tags, the place
    case("dagangan ", "pasar"),
    case('"jembatan gantung"', "banjir"),
    case("ambruk ", "banjir"),
    case("santoso ", "ralat"),
    case("puskesmas melati ", "vaksin"),
    # what readers have, not what they had
    case("bupati ", "ralat"),
    case('"wakil wali kota meresmikan"', ""),
    # a story's number
    case("MC-000502", "pasar"),
    case("MC-000999", ""),
    # dates of release, in the office's zone
    case("", "pasar", since=date(2025, 3, 31), until=date(2025, 3, 31)),
    case("", "pasar_lama", since=date(2025, 4, 1), until=date(2025, 4, 1)),
    case("", "terbaru asing", since=date(2026, 4, 4)),
    case("pasar ", "pasar", until=date(2025, 3, 31)),
    case("", "", since=date(2026, 5, 1), until=date(2026, 4, 1)),
    # the event's date
    case("", "vaksin", event_since=date(2025, 6, 30), event_until=date(2025, 6, 30)),
    case("", "banjir vaksin", event_since=date(2025, 1, 10), event_until=date(2026, 1, 1)),
    case("", "banjir vaksin musrenbang", event_since=date(2000, 1, 1)),
    case("", "musrenbang", event_until=date(2025, 6, 29)),
    # leaders, of the story or of its photos; tags, outlets, sites, categories
    case("", "ralat banjir musrenbang", leader=(71,)),
    case("", "ralat", leader=(72,)),
    case("jembatan ", "ralat banjir", leader=(71, 72)),
    case("", "banjir", tag=(81,)),
    case("", "anak", outlet=("dinas kesehatan",)),
    case("", "pasar_lama pasar", category=("Ekonomi",)),
    case("", "ralat anak vaksin musrenbang", category=("Kesehatan", "Pemerintahan")),
    case("", "", site=("tidak-ada",)),
    case("", "terbaru ditarik banjir anak pasar_lama jumat", site=("kota",)),
    case("wali ", "terbaru banjir", site=("kota", "tidak-ada")),
    case("", "cafe", photographer=("rara",)),
    case("", "vaksin", place=("Puskesmas Melati",)),
    case("", "ditarik", state=("retracted",)),
    case("", "ralat", state=("corrected",)),
    case("jalan ", "asing jumat", state=("released",)),
    case("-wali ", "anak vaksin", category=("Kesehatan",)),
    # best match: in the headline and one after another before newer ones
    case("pasar induk ", "pasar pasar_lama", search.BEST),
    case("wali kota ", "musrenbang terbaru banjir ralat", search.BEST),
    case("anak ", "anak vaksin", search.BEST),
]


def names(page: search.Found) -> str:
    return " ".join(ORDER[pk - NUMBER] for pk in page.stories)


def difference(one: Case) -> str:
    """Say what is found instead of what must be; empty when that is the same."""
    page = search.search(parse(one.text), one.filters, order=one.order)
    assert (page.total, page.more) == (len(page.stories), False)
    found = names(page)
    return "" if found == one.found else f"{one.text!r} finds {found!r}, not {one.found!r}"
