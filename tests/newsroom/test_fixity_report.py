"""What an auditor takes away: the page of fixity and its report."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from newsroom.fixity import ReportRefused, make_report, standing
from newsroom.fixity_sheet import pdf
from newsroom.models import (
    Copy,
    CopyPlace,
    FixityDay,
    FixityFinding,
    FixityReport,
    Holding,
    LogEntry,
    Medium,
    Package,
    Shelf,
    Story,
    log,
)
from tests.newsroom.screens import enter, make_story, release
from tests.office import SETTINGS, Office


def kept(office: Office, number: int = 1, days: int = 10) -> Story:
    """A story whose package was last looked at so many days ago."""
    story = make_story(office, number)
    release(story, office.person())
    Package.objects.filter(story=story).update(
        path=f"{story.key}/v1", checked_at=timezone.now() - timedelta(days=days)
    )
    return story


def busy(office: Office) -> Story:
    """An archive in which something was found, mended, and is still missing."""
    story = kept(office)
    now = timezone.now()
    today = timezone.localdate()
    for back in range(3):
        FixityDay.objects.create(
            day=today - timedelta(days=back), kind="package", looks=2, files=30, bytes=12_500_000, problems=1
        )
    FixityDay.objects.create(day=today, kind="original", looks=3, files=900, bytes=2_400_000_000)
    FixityDay.objects.create(day=today - timedelta(days=400), kind="original", looks=9, files=9, bytes=9)
    FixityFinding.objects.create(
        what="package",
        path=f"packages/{story.key}/v1/data/photos/01_abc.jpg",
        kind="damaged",
        sentence="01_abc.jpg sudah berubah dari isi semula.",
        story=story,
        version=1,
        found_at=now - timedelta(days=2),
        settled_at=now - timedelta(days=2),
        outcome="mended",
        aside="set-aside/20261129-010101-abcd/data/photos/01_abc.jpg",
    )
    FixityFinding.objects.create(
        what="original", path="originals/ab/cd/abcd", kind="missing", sentence="Berkas asli abcd hilang."
    )
    return story


def words(data: bytes) -> str:
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    return "\n".join(page.get_textpage().get_text_bounded() for page in document)


def test_a_report_says_what_was_read_found_and_mended_by_whom_and_when(office: Office) -> None:
    story = busy(office)
    today = timezone.localdate()
    report = make_report(today - timedelta(days=89), today, office.person())
    told = json.loads(report.text)
    assert told["algorithm"] == "SHA-256"
    assert told["made_by"] == "Editor"
    assert told["schedule"] == {"reread_days": 90, "megabytes_per_second": 10}
    totals = {row["kind"]: row for row in told["looks"]["totals"]}
    assert (totals["package"]["files"], totals["package"]["problems"]) == (90, 3)
    assert totals["original"]["bytes"] == 2_400_000_000, "what was read before the period is not counted"
    assert len(told["looks"]["days"]) == 4
    mended, missing = told["findings"]
    assert (mended["outcome"], mended["settled_by"], mended["story"]) == ("mended", "Redaksi", story.key)
    assert mended["set_aside"].startswith("set-aside/")
    assert missing["settled_at"] is None
    assert told["kept"]["open_findings"] == 1
    assert LogEntry.objects.get(verb="fixity_report").by == office.person()


def test_the_pdf_is_made_of_the_json_alone_and_names_its_checksum(office: Office) -> None:
    busy(office)
    today = timezone.localdate()
    report = make_report(today - timedelta(days=89), today, office.person())
    data = pdf(report)
    assert b"pdfaid:part" in data
    said = words(data)
    assert hashlib.sha256(report.text.encode()).hexdigest() in said.replace("\n", "").replace("\r", "")
    for wanted in (
        "Media Center Kota Uji",
        "Dipulihkan dari salinan kedua",
        "Berkas asli abcd hilang.",
        "2,4 GB",
    ):
        assert wanted in said
    FixityFinding.objects.all().update(sentence="Diubah kemudian.")
    assert pdf(FixityReport.objects.get()) == data, "the same bytes, whatever has changed since"


def test_words_from_outside_are_words_in_the_pdf_and_not_commands(office: Office) -> None:
    kept(office)
    FixityFinding.objects.create(
        what="original", path='originals/#read("x")', kind="foreign", sentence='*#import "y"* $x$ \\ `z` <a>'
    )
    said = words(pdf(make_report(date(2026, 1, 1), timezone.localdate(), None)))
    assert '*#import "y"* $x$ \\ `z` <a>' in said


def test_who_had_a_file_looked_at_again_is_named(office: Office) -> None:
    story = kept(office)
    now = timezone.now()
    FixityFinding.objects.create(
        what="package",
        path=f"packages/{story.key}/v1/data/a",
        kind="missing",
        sentence="a hilang.",
        story=story,
        version=1,
        found_at=now - timedelta(hours=2),
        settled_at=now,
        outcome="whole",
    )
    log(
        "retry",
        by=office.person("operator", "operator"),
        story=story,
        at=now - timedelta(hours=1),
        note="1 v1",
    )
    report = make_report(timezone.localdate(), timezone.localdate(), None)
    assert json.loads(report.text)["findings"][0]["settled_by"] == "Operator"


def test_a_report_says_how_far_the_second_copy_is_and_what_the_register_of_media_knows(
    office: Office, use: Callable[[str], None]
) -> None:
    use(SETTINGS + "archive: {second_copy: {kind: folder, path: ./salinan}}\n")
    now = timezone.now()
    CopyPlace.objects.create(mark="x", title="folder salinan", scanned_at=now)
    for number, at in enumerate((now, None, None)):
        Copy.objects.create(
            kind="original", name=f"{number:064x}", size=1_500_000, kept_at=at, checked_at=at, promised_at=now
        )
    one, two = (Medium.objects.create(name=f"HDD-0{number}") for number in (1, 2))
    march = now.replace(month=3, day=4, hour=5)
    for medium, name, sha256, at in (
        (one, "a", "a" * 64, now),
        (two, "b", "a" * 64, march),
        (one, "c", "", None),
    ):
        Holding.objects.create(medium=medium, name=name, size=2_000_000_000, sha256=sha256, checked_at=at)
    report = make_report(timezone.localdate(), timezone.localdate(), None)
    told = json.loads(report.text)
    copy, media = told["second_copy"], told["media_register"]
    assert (copy["configured"], copy["copies"], copy["files_waiting"]) == (True, 1, 2)
    assert (copy["bytes_waiting"], copy["foreign_files"], copy["trouble"]) == (3_000_000, 0, None)
    assert (media["media_in_use"], media["files"], media["files_without_second_copy"]) == (2, 3, 1)
    assert (media["files_never_checked"], datetime.fromisoformat(media["oldest_check"]).month) == (1, 3)
    said = " ".join(words(pdf(report)).split())
    assert "Salinan kedua 1 berkas asli dan paket tersalin; 2 (3,0 MB) menunggu sejak" in said
    assert "tidak ada berkas asing" in said
    assert (
        "3 berkas (6,0 GB) di 2 media; 1 belum punya salinan kedua; 1 belum pernah diukur; pengukuran" in said
    )
    documented = (Path(__file__).parents[2] / "docs/archive.md").read_text()
    for name in (*told, *told["kept"], *copy, *media):
        assert f"`{name}`" in documented, name


def test_a_report_of_before_the_second_copy_was_told_is_drawn_as_it_was(office: Office) -> None:
    report = make_report(timezone.localdate(), timezone.localdate(), None)
    told = json.loads(report.text)
    del told["second_copy"], told["media_register"]
    report.text = json.dumps(told)
    assert "Media simpan" not in words(pdf(report))


def test_an_archive_without_anything_gives_a_report_all_the_same(office: Office) -> None:
    Shelf.objects.all().delete()
    report = make_report(timezone.localdate(), timezone.localdate(), None)
    assert "Tidak ada temuan pada masa ini" in words(pdf(report))


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        (date(2026, 2, 1), date(2026, 1, 1), "Tukar keduanya"),
        (date(2016, 2, 1), date(2026, 1, 1), "tiga tahun"),
        (date(2126, 2, 1), date(2126, 3, 1), "belum tiba"),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(
    office: Office, start: date, end: date, said: str
) -> None:
    with pytest.raises(ReportRefused, match=said):
        make_report(start, end, None)
    assert not FixityReport.objects.exists()


def test_the_page_says_how_old_the_oldest_look_is_and_what_was_found(office: Office) -> None:
    busy(office)
    Shelf.objects.all().update(checked_at=timezone.now() - timedelta(days=40), looks=1)
    page = enter(office.person("arsip", "archivist")).get(reverse("fixity")).content.decode()
    assert "Semua dibaca ulang dalam 90 hari" in page
    assert "Berkas asli abcd hilang." in page
    assert "Dipulihkan dari salinan kedua" in page
    Shelf.objects.filter(prefix="00").update(checked_at=timezone.now() - timedelta(days=99))
    assert not standing().on_time
    page = enter(office.person("arsip", "archivist")).get(reverse("fixity")).content.decode()
    assert "Ada yang belum dibaca ulang lebih dari 90 hari" in page


def test_a_report_is_made_and_downloaded_from_the_page(office: Office) -> None:
    busy(office)
    client: Client = enter(office.person("arsip", "archivist"))
    sent = {"dari": "2026-09-01", "sampai": timezone.localdate().isoformat()}
    page = client.post(reverse("make_fixity_report"), sent, follow=True).content.decode()
    report = FixityReport.objects.get()
    report = FixityReport.objects.get()
    assert report.sha256 in page
    given = client.get(reverse("fixity_json", args=[report.pk]))
    assert hashlib.sha256(given.content).hexdigest() == report.sha256
    assert "keutuhan-arsip_2026-09-01_" in given["Content-Disposition"]
    assert client.get(reverse("fixity_pdf", args=[report.pk])).content.startswith(b"%PDF")
    auditor = enter(office.person("penilai", "auditor"))
    page = auditor.get(reverse("fixity")).content.decode()
    assert report.sha256 in page
    assert "Buat laporan" not in page, "who only reads has one made by a colleague"
    assert auditor.get(reverse("fixity_pdf", args=[report.pk])).status_code == 200
    page = client.post(reverse("make_fixity_report"), {"dari": "x"}, follow=True).content.decode()
    assert "Isi kedua tanggalnya" in page


def test_the_page_asks_as_many_questions_however_much_is_kept(office: Office) -> None:
    client = enter(office.person())

    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as questions:
            client.get(reverse("fixity"))
        return len(questions)

    busy(office)
    client.get(reverse("fixity"))
    few = asked()
    for number in range(2, 8):
        story = kept(office, number)
        FixityFinding.objects.create(
            what="package", path=f"p{number}", kind="missing", sentence="x", story=story, version=1
        )
        make_report(timezone.localdate(), timezone.localdate(), office.person())
    assert asked() == few


def test_the_command_writes_both_files_and_says_what_is_wrong(office: Office, tmp_path: Path) -> None:
    busy(office)
    call_command(
        "fixity_report", "--from", "2026-09-01", "--to", "2026-11-30", "--out", str(tmp_path / "laporan")
    )
    names = sorted(path.name for path in (tmp_path / "laporan").iterdir())
    assert names == [f"keutuhan-arsip_2026-09-01_2026-11-30.{kind}" for kind in ("json", "pdf")]
    (tmp_path / "berkas").write_text("x")
    with pytest.raises(CommandError, match="Pilih folder lain"):
        call_command("fixity_report", "--out", str(tmp_path / "berkas"))
