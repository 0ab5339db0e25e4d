"""Pictures of public pages by a real Chromium: whole, bounded, and without a look into the office's own network."""

from __future__ import annotations

import io
import json
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import bagit
import pytest
from PIL import Image

from newsroom.models import Package, Proof, Story
from newsroom.workflow import move
from pipeline.proof import check
from pipeline.stores import originals, packages_folder
from publishers.chromium import TALLEST, WIDTH, NoPicture, draw, find
from tests.office import SETTINGS, Office, coverage
from tests.publishers.portal import Portal, portal

pytestmark = pytest.mark.real
HTML = {"Content-Type": "text/html; charset=utf-8"}
RED, BLUE = (200, 20, 20), (20, 20, 200)


@pytest.fixture
def program() -> str:
    found = find()
    assert found, "Chromium is needed: packages/chromium.txt"
    return found


@pytest.fixture
def held() -> Iterator[Portal]:
    with portal() as server:
        yield server


def drawn(program: str, held: Portal, page: str, **limits: float) -> Image.Image:
    held.answers["/berita"] = 200, HTML, page.encode()
    address = held.url.replace("127.0.0.1", "localhost") + "berita"
    return Image.open(io.BytesIO(draw(program, address, **limits))).convert("RGB")


def near(picture: Image.Image, x: int, y: int, colour: tuple[int, int, int]) -> bool:
    seen = picture.getpixel((x, y))
    assert isinstance(seen, tuple)
    return all(abs(one - other) < 40 for one, other in zip(seen, colour, strict=True))


def processes_of(folder_prefix: str) -> list[str]:
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = entry.read_bytes().decode(errors="replace")
        except OSError:
            continue
        if folder_prefix in words:
            found.append(words)
    return found


def test_a_page_is_drawn_whole_with_what_loads_only_in_sight_and_no_taller_than_the_bound(
    program: str, held: Portal
) -> None:
    red = io.BytesIO()
    Image.new("RGB", (1280, 400), RED).save(red, "PNG")
    held.answers["/merah.png"] = 200, {"Content-Type": "image/png"}, red.getvalue()
    late = '<img src="/merah.png" loading="lazy" width="1280" height="400" style="display:block">'
    page = f"<body style='margin:0'><div style='height:3000px;background:rgb{BLUE}'></div>{late}"
    picture = drawn(program, held, page)
    assert picture.size == (WIDTH, 3400)
    assert near(picture, 600, 100, BLUE)
    assert near(picture, 600, 3200, RED)
    assert drawn(program, held, page.replace("3000px", "90000px")).size == (WIDTH, TALLEST)


def test_a_strangers_page_is_drawn_and_may_not_reach_what_is_ours(program: str, held: Portal) -> None:
    with portal() as ours:
        reach = f"""
          <img src="{ours.url}gambar"><iframe src="{ours.url}bingkai"></iframe>
          <link rel="stylesheet" href="{ours.url}gaya"><script src="{ours.url}skrip"></script>
          <iframe srcdoc="<img src='{ours.url}dalam'>"></iframe>
          <script>
            fetch("{ours.url}ambil", {{mode: "no-cors"}}).catch(() => 0);
            new Worker(URL.createObjectURL(new Blob(["fetch('{ours.url}pekerja', {{mode: 'no-cors'}})"])));
            alert("berhenti"); confirm("ya?"); prompt("nama");
            window.open("{ours.url}jendela");
            onload = () => {{ location = "{ours.url}pindah"; }};
          </script>"""
        picture = drawn(program, held, f"<body style='margin:0;background:rgb{BLUE}'>{reach}")
        assert ours.visits == []
    assert near(picture, 1200, 590, BLUE), "the page stays where it is"


def test_a_page_that_never_rests_or_eats_memory_costs_a_picture_and_leaves_no_process(
    program: str, held: Portal
) -> None:
    for script, limits in (
        ("for (;;);", {"seconds": 4.0}),
        (
            "const a = []; for (;;) a.push(new Uint8Array(2e7).fill(1));",
            {"seconds": 30.0, "megabytes": 500.0},
        ),
    ):
        with pytest.raises(NoPicture):
            drawn(program, held, f"<script>{script}</script>", **limits)
    assert processes_of(str(Path(tempfile.gettempdir()) / "redaksi-chromium-")) == []


@pytest.mark.django_db
def test_every_folder_site_has_its_picture_in_the_package(
    office: Office, use: Callable[[str], None], program: str
) -> None:
    use(SETTINGS.replace("{picture: false}", "{picture: true}"))
    office.post(coverage("Wali Kota Uji Membuka Musrenbang"))
    office.work()
    story = Story.objects.get()
    move(story, "verify", office.person())
    office.work()
    folder = packages_folder() / Package.objects.get().path
    bagit.Bag(str(folder)).validate()
    receipts = json.loads((folder / "data" / "receipts.json").read_text())
    assert len(receipts) == 3
    for receipt in receipts:
        told = receipt["proof"]["picture"]
        with Image.open(folder / "data" / told["file"]) as picture:
            assert picture.width == WIDTH
            # Its style sheet came, too: a page without one is black on white.
            assert len(set(picture.convert("RGB").resize((64, 64)).getdata())) > 20
    proof = Proof.objects.get(site="kota")
    assert len(originals().read(proof.picture_sha256)) == proof.picture_size
    assert program in check().sentence
