"""What readers were told of a story, down the whole road: on its page and in each folder site's public log."""

from __future__ import annotations

from bs4 import BeautifulSoup

from newsroom.models import Story
from newsroom.workflow import move
from tests.office import Office, coverage


def lines(office: Office, page: str, what: str) -> list[str]:
    html = (office.folder / "situs" / "kota" / page).read_text()
    return [" ".join(line.get_text(" ").split()) for line in BeautifulSoup(html, "html.parser").select(what)]


def test_every_version_a_reader_was_told_about_is_on_the_page_even_of_a_site_that_missed_one(
    office: Office,
) -> None:
    office.post(coverage())
    office.work()
    story = Story.objects.get()
    chief = office.person("sulastri", "chief")
    move(story, "verify", chief)
    office.work()
    page = f"{story.deliveries.get(site='kota').url}index.html"
    for verb, words in (
        ("correct", "Jumlah dibetulkan."),
        ("correct", "Nama dibetulkan."),  # both before the worker comes: no site ever holds version 2
        ("withdraw", ""),
        ("explain", "Memuat data warga."),
        ("restore", "Data warga sudah dihapus."),
    ):
        story.refresh_from_db()
        move(story, verb, chief, words)
        if verb != "correct" or words.startswith("Nama"):
            office.work()

    told = lines(office, page, ".ralat li")
    assert [line.partition(" (")[0] for line in told] == ["Ralat", "Ralat", "Ditarik", "Ditayangkan kembali"]
    assert [line.rpartition("): ")[2] for line in told] == [
        "Jumlah dibetulkan.",
        "Nama dibetulkan.",
        "Memuat data warga.",
        "Data warga sudah dihapus.",
    ]
    log = lines(office, "ralat/index.html", ".catatan li")
    assert len(log) == 4
    assert log[0].endswith("Data warga sudah dihapus.")
    assert " WIB " in log[0]
