"""The register of storage media: measured where files lie, taken without doubles, changes told, lonely files listed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from archive import measure
from newsroom import media
from newsroom.acts import ActRefused
from newsroom.models import Holding, LogEntry, Medium, Notice
from pipeline.notices import troubles
from tests.newsroom.screens import enter, make_story
from tests.office import Office

HELPER = Path(measure.__file__)


def sheet(*rows: tuple[str, bytes]) -> str:
    lines = [
        f"{name},{len(data)},{hashlib.sha256(data).hexdigest()},2026-11-20T03:00:00+00:00"
        for name, data in rows
    ]
    return "\n".join(["name,size,sha256,modified", *lines, ""])


@pytest.fixture
def disk(office: Office) -> Medium:
    written = {"kind": "disk", "name": "HDD-07", "stands": "Lemari arsip", "holder": "Pak Uji"}
    return media.save_medium(Medium(), office.person("arsiparis", "archivist"), written)


def take(disk: Medium, text: str) -> dict[str, int]:
    return media.take(disk, media.read(text, disk), None, source="uji.csv")


def test_the_helper_runs_alone_goes_on_where_it_stopped_and_its_sheet_is_taken(
    office: Office, disk: Medium, tmp_path: Path
) -> None:
    folder, out = tmp_path / "HDD", tmp_path / "HDD-07.csv"
    (folder / "2026").mkdir(parents=True)
    (folder / "2026/upacara, pagi.mp4").write_bytes(b"video" * 1_000_000)
    (folder / "kosong.jpg").write_bytes(b"")
    (folder / ".DS_Store").write_bytes(b"x")
    alone = tmp_path / "alat.py"  # copied to a machine that has nothing of ours
    alone.write_bytes(HELPER.read_bytes())
    command = [sys.executable, "-I", str(alone), str(folder), "--out", str(out)]
    first = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "2 dari 2 berkas" in first.stderr
    whole = out.read_bytes()
    lines = whole.splitlines(keepends=True)
    out.write_bytes(b"".join(lines[:2]) + lines[2][:9])  # it was stopped while it wrote a line
    again = subprocess.run(command, check=True, capture_output=True, text=True, cwd=tmp_path)
    assert "1 berkas sudah diukur" in again.stderr and "1 dari 1 berkas" in again.stderr
    assert sorted(out.read_bytes().splitlines()) == sorted(whole.splitlines())
    call_command("holdings", str(out), medium="hdd-07")
    video = disk.holdings.get(name="2026/upacara, pagi.mp4")
    assert (video.size, video.sha256) == (5_000_000, hashlib.sha256(b"video" * 1_000_000).hexdigest())
    assert video.checked_at and video.modified_at
    call_command("holdings", str(out), medium="HDD-07")
    assert disk.holdings.count() == 2


def test_a_file_that_cannot_be_read_is_named_and_the_others_are_measured(tmp_path: Path) -> None:
    (tmp_path / "baik.jpg").write_bytes(b"x")
    done = subprocess.run(
        [sys.executable, str(HELPER), str(tmp_path / "tiada.jpg"), str(tmp_path / "baik.jpg")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1 and "tiada.jpg: tidak dapat dibaca" in done.stderr
    assert [line.split(",")[0] for line in done.stdout.splitlines()] == ["name", "baik.jpg"]


def test_taking_a_sheet_twice_makes_no_doubles_and_a_changed_file_is_told_loudly(
    office: Office, disk: Medium
) -> None:
    first = sheet(("a.mp4", b"satu"), ("b.mp4", b"dua"))
    assert take(disk, first) == {"new": 2, "same": 0, "measured": 0, "changed": 0}
    assert take(disk, first)["same"] == 2
    changed = sheet(("a.mp4", b"satu"), ("b.mp4", b"busuk"))
    assert take(disk, changed)["changed"] == take(disk, changed)["changed"] == 1
    row = Holding.objects.get(name="b.mp4")
    assert row.sha256 == hashlib.sha256(b"dua").hexdigest(), "what was recorded is not overwritten"
    assert LogEntry.objects.filter(verb="holding_changed").count() == 1
    told = {trouble.about: trouble for trouble in troubles(set())}["media"]
    assert "HDD-07: b.mp4" in told.body
    page = enter(office.person("operator", "operator")).get(reverse("attention")).content.decode()
    assert "Berkas di media simpan berubah" in page and "b.mp4" in page
    assert take(disk, first)["same"] == 2
    assert not Holding.objects.all().changed().exists(), "found again as it was, it is well again"
    assert Notice.objects.count() == 0


def test_a_change_made_on_purpose_is_accepted_by_a_person_once(office: Office, disk: Medium) -> None:
    take(disk, sheet(("b.mp4", b"dua")))
    take(disk, sheet(("b.mp4", b"dua, dipotong")))
    row = Holding.objects.get()
    with pytest.raises(ActRefused):
        media.accept(row, office.person("penilai", "auditor"), row.found_sha256)
    client = enter(office.person("arsiparis", "archivist"))
    address, seen = reverse("accept_holding", args=[row.pk]), row.found_sha256
    assert f'name="terlihat" value="{seen}"' in client.get(reverse("media")).content.decode()
    take(disk, sheet(("b.mp4", b"busuk")))  # measured once more while the page was open
    assert "diukur lagi" in client.post(address, {"terlihat": seen}, follow=True).content.decode()
    row.refresh_from_db()
    assert row.sha256 == hashlib.sha256(b"dua").hexdigest(), "nobody has seen what was found since"
    take(disk, sheet(("b.mp4", b"dua, dipotong")))
    client.post(address, {"terlihat": seen})
    row.refresh_from_db()
    assert (row.sha256, row.size) == (hashlib.sha256(b"dua, dipotong").hexdigest(), 13)
    assert not row.found_sha256
    response = client.post(address, {"terlihat": seen}, follow=True)
    assert "sudah ditangani" in response.content.decode()


def test_only_the_same_bytes_whole_on_another_medium_in_use_are_a_second_copy(
    office: Office, disk: Medium
) -> None:
    by = office.person("arsiparis", "archivist")
    other = media.save_medium(Medium(), by, {"kind": "cloud", "name": "Awan"})
    take(disk, sheet(("a.mp4", b"satu"), ("lagi/a.mp4", b"satu"), ("b.mp4", b"dua"), ("c.mp4", b"tiga")))
    media.add_holding(disk, by, {"name": "belum-diukur.mp4", "size": "40 GB"})
    take(other, sheet(("arsip/a.mp4", b"satu"), ("b.mp4", b"dua")))

    def alone() -> set[str]:
        return {str(row) for row in Holding.objects.all().alone().filter(medium=disk)}

    assert alone() == {"c.mp4", "belum-diukur.mp4"}
    take(other, sheet(("b.mp4", b"busuk")))
    assert alone() == {"c.mp4", "belum-diukur.mp4", "b.mp4"}, "a copy that has rotted is none"
    written = {"kind": "cloud", "name": "Awan"}
    media.save_medium(other, by, written, retired=True)
    assert alone() == {"c.mp4", "belum-diukur.mp4", "b.mp4", "a.mp4", "lagi/a.mp4"}
    page = enter(by).get(reverse("alone_holdings")).content.decode()
    assert "belum-diukur.mp4" in page and "40 GB" in page and "Lemari arsip" in page


def test_forty_gigabytes_of_video_are_recorded_by_hand_with_their_story(office: Office, disk: Medium) -> None:
    story = make_story(office)
    client = enter(office.person("arsiparis", "archivist"))
    address = reverse("add_holding", args=[disk.pk])
    wrong = {"name": "upacara.mp4", "size": "banyak", "story": f"MC-{story.pk:06d}", "description": "Upacara"}
    answer = client.post(address, wrong)
    assert answer.status_code == 422
    assert (
        "Ukuran ini tidak dikenali" in answer.content.decode()
        and 'value="Upacara"' in answer.content.decode()
    )
    answer = client.post(address, {**wrong, "size": "40 GB", "taken_on": "2026-11-20"}, follow=True)
    assert "upacara.mp4 dicatat" in answer.content.decode()
    row = Holding.objects.get()
    assert (row.size, row.story, str(row.taken_on), row.sha256) == (40_000_000_000, story, "2026-11-20", "")
    again = client.post(address, {**wrong, "size": "40 GB"})
    assert again.status_code == 422 and "sudah tercatat" in again.content.decode()


@pytest.mark.parametrize(
    ("written", "size"),
    [
        ("40 GB", 40 * 10**9),
        ("1,5 MB", 1_500_000),
        ("1.5 mb", 1_500_000),
        ("1.500 MB", 1_500_000_000),
        ("12", 12),
    ],
)
def test_sizes_are_read_as_people_write_them(written: str, size: int) -> None:
    assert media.bytes_of(written) == size


@pytest.mark.parametrize("written", ["", "banyak", "-1", "1,5", "9" * 19, "1 XB", "١٢"])
def test_sizes_that_say_nothing_are_refused(written: str) -> None:
    with pytest.raises(ActRefused):
        media.bytes_of(written)


def test_the_page_shows_what_a_sheet_would_do_before_it_is_taken(office: Office, disk: Medium) -> None:
    take(disk, sheet(("b.mp4", b"dua")))
    client = enter(office.person("arsiparis", "archivist"))
    address = reverse("import_holdings", args=[disk.pk])
    text = sheet(("a.mp4", b"satu"), ("b.mp4", b"busuk")) + "c.mp4,besar,xyz,\na.mp4,1," + "0" * 64 + ",\n"
    shown = client.post(address, {"berkas": SimpleUploadedFile("HDD-07.csv", text.encode())})
    page = shown.content.decode()
    assert "1 baru, 0 masih sama, 0 baru diukur, 1 berubah, 2 keliru" in page
    assert (
        "bukan lagi yang dulu dicatat" in page and "bukan SHA-256" in page and "sudah ada di baris 2" in page
    )
    assert disk.holdings.count() == 1, "looking changes nothing"
    taken = client.post(address, {"masukkan": "1", "nama": "HDD-07.csv", "isi": text}, follow=True)
    assert "1 berkas sudah bukan yang dulu dicatat" in taken.content.decode()
    assert set(disk.holdings.values_list("name", flat=True)) == {"a.mp4", "b.mp4"}
    wrong = client.post(address, {"berkas": SimpleUploadedFile("x.csv", b"nama;kota\na;b\n")})
    assert wrong.status_code == 422 and "measure.py" in wrong.content.decode()


def test_the_command_says_what_is_wrong(office: Office, disk: Medium, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    with pytest.raises(CommandError, match="tidak dapat dibuka"):
        call_command("holdings", str(file), medium="HDD-07")
    file.write_text(sheet(("b.mp4", b"dua")))
    with pytest.raises(CommandError, match="belum dicatat"):
        call_command("holdings", str(file), medium="HDD-99")
    call_command("holdings", str(file), medium="HDD-07")
    file.write_text(sheet(("b.mp4", b"busuk")))
    with pytest.raises(CommandError, match=r"b\.mp4: Isinya bukan lagi"):
        call_command("holdings", str(file), medium="HDD-07")


def test_a_medium_needs_a_name_of_its_own_and_whoever_only_reads_writes_nothing(
    office: Office, disk: Medium
) -> None:
    client = enter(office.person("arsiparis", "archivist"))
    again = client.post(reverse("add_medium"), {"kind": "disk", "name": "hdd-07", "note": "Jangan hilang"})
    assert again.status_code == 422
    assert "Pakai nama lain" in again.content.decode() and "Jangan hilang" in again.content.decode()
    assert (
        client.post(reverse("change_medium", args=[disk.pk]), {"kind": "x", "name": "HDD-07"}).status_code
        == 422
    )
    reader = enter(office.person("penilai", "auditor"))
    assert reader.post(reverse("add_medium"), {"kind": "disk", "name": "Lain"}).status_code == 403
    assert "Tambah media" not in reader.get(reverse("media")).content.decode()
    assert enter(office.person("arsiparis", "archivist")).post(reverse("read_mentions")).status_code == 403


def test_the_pages_ask_the_same_however_many_rows_there_are(office: Office, disk: Medium) -> None:
    client = enter(office.person("arsiparis", "archivist"))

    def asked() -> list[int]:
        counts = []
        for address in (reverse("media"), reverse("medium", args=[disk.pk]), reverse("alone_holdings")):
            with CaptureQueriesContext(
                connection,
            ) as queries:
                assert client.get(address).status_code == 200
            counts.append(len(queries))
        return counts

    take(disk, sheet(("0.mp4", b"0"), ("1.mp4", b"1")))
    few = asked()
    take(disk, sheet(*((f"{n}.mp4", f"{n}".encode()) for n in range(2, 40))))
    for number in range(5):
        Medium.objects.create(name=f"HDD-1{number}")
    assert asked() == few
