"""Pictures of the pages, made by a real browser from the sample office.

python -m tests.real.screens                    the pictures of docs/screens/
python -m tests.real.screens --all FOLDER       every page at three widths, light and dark, to look through
"""

from __future__ import annotations

import argparse
import io
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

from tests.real.chromium import PASSWORD, ROOT, Product, Visitors, chromium

SETTINGS = """
office:    {{name: Media Center Kota Contoh, zone: Asia/Pontianak, language: id}}
data:      ./var
web:       {{listen: 127.0.0.1:{port}, public_url: http://127.0.0.1:{port}}}
mailboxes:
  - {{name: lokal, kind: folder, path: ./mailbox, every: 1}}
proof:     {{picture: false}}
sites:
  - {{name: media-center, kind: folder, title: Media Center, path: ./situs/media-center}}
  - {{name: info-publik, kind: folder, title: Info Publik, path: ./situs/info-publik}}
  - {{name: kota, kind: wordpress, title: Situs Pemerintah Kota, url: https://kota.contoh.example,
     user: redaksi, password_env: UJI_SANDI, categories: {{default: 1}}}}
"""
SHOWN = {
    "queue": "/antrean/",
    "story": "/berita/{queued}/",
    "published": "/tayang/",
    "attention": "/perhatian/",
    "archive": "/arsip/",
}
OTHERS = {
    "login": "/masuk/",
    "returned": "/antrean/?status=dikembalikan",
    "empty": "/antrean/?q=zzz",
    "released": "/berita/{corrected}/",
    "retracted": "/berita/{retracted}/",
    "withdrawn": "/berita/{withdrawn}/?langkah=explain",
    "scheduled": "/berita/{scheduled}/",
    "wall": "/arsip/?tampil=dinding",
    "record": "/arsip/{corrected}/",
    "submission": "/kiriman/{held}/",
    "ignored": "/kiriman/dikesampingkan/",
    "more": "/lainnya/",
    "doctor": "/dokter/",
    "password": "/akun/sandi/",
    "missing": "/tidak/ada/",
}
HEIGHTS = {360: 780, 768: 1024, 1440: 900}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "docs" / "screens")
    parser.add_argument("--all", action="store_true")
    wanted = parser.parse_args()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    pages = {**SHOWN, **OTHERS} if wanted.all else SHOWN
    with tempfile.TemporaryDirectory(prefix="redaksi-screens-") as home:
        product = Product(Path(home), SETTINGS)
        product.command("migrate", "--verbosity", "0")
        product.command("sample_office")
        for username in ("editor", "kepala"):
            product.command("person", username, "--password-env", "UJI_SANDI")
        with product, chromium() as browser:
            visitors = Visitors(browser, product)
            numbers = a_morning(product, visitors.enter("editor", PASSWORD))
            for scheme in ("light", "dark") if wanted.all else ("light",):
                page = visitors.enter("editor", PASSWORD, color_scheme=scheme, locale="id-ID")
                door = visitors.window(color_scheme=scheme, locale="id-ID")
                for width in HEIGHTS if wanted.all else (360, 1440):
                    for name, address in pages.items():
                        end = f"-{scheme}" if wanted.all else ""
                        file = wanted.folder / f"{name}-{width}{end}.png"
                        take(
                            door if name == "login" else page,
                            product.url + address.format(**numbers),
                            width,
                            file,
                        )
            visitors.leave()


def a_morning(product: Product, editor: Page) -> dict[str, int]:
    """Let the office work for a while; return the numbers of what is worth showing."""
    stories = [row["id"] for row in product.await_stories(12)]
    for number, story in enumerate(stories[3:9]):
        editor.goto(f"{product.url}/berita/{story}/")
        if number == 5:
            editor.get_by_label("Embargo sampai").fill("2031-01-02T08:00")
        if number < 3:
            editor.get_by_label("Situs Pemerintah Kota").uncheck()
        editor.get_by_role("button", name="Layak, tayangkan").click()
        editor.wait_for_url("**/antrean/")
    back = "Mohon sebutkan nama lengkap narasumber dan jumlah pesertanya."
    product.command("move", str(stories[10]), "send_back", "--by", "editor", "--note", back)
    product.command(
        "move", str(stories[11]), "spike", "--by", "editor", "--note", "Bukan kegiatan pemerintah kota."
    )
    settled(product)
    note = "Jumlah penerima semula tertulis 100 orang, yang benar 120 orang."
    product.command("move", str(stories[3]), "correct", "--by", "kepala", "--note", note)
    why = "Sebagian keterangan belum disetujui narasumber."
    product.command("move", str(stories[4]), "retract", "--by", "kepala", "--note", why)
    product.command("move", str(stories[5]), "withdraw", "--by", "kepala")
    settled(product)
    mails = enumerate(product.command("submissions", "--json"), start=1)
    held = next(number for number, row in mails if row["disposition"] == "held")
    return {
        "queued": stories[0],
        "corrected": stories[3],
        "retracted": stories[4],
        "withdrawn": stories[5],
        "scheduled": stories[8],
        "held": held,
    }


def settled(product: Product) -> None:
    """Wait until every site holds its stories or has said why not, and what can be packaged is."""
    for _ in range(60):
        deliveries, stories = product.command("deliveries", "--json"), product.command("stories", "--json")
        packaged = {(row["story"], row["version"]) for row in product.command("packages", "--json")}
        waiting = {row["story"] for row in deliveries if row["sent_version"] < row["version"]}
        told = all(
            row["error"]
            for row in deliveries
            if row["story"] in waiting and row["sent_version"] < row["version"]
        )
        public = [row for row in stories if row["state"] in ("released", "retracted")]
        kept = all((row["id"], row["version"]) in packaged or row["id"] in waiting for row in public)
        if told and kept and not sum(row["state"] == "verified" for row in stories) > 1:
            return
    raise RuntimeError("the sites did not settle:\n" + "".join(product.log))


def take(page: Page, address: str, width: int, file: Path) -> None:
    page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
    # 256 colours hold a page of text and small photos well, in a third of the bytes.
    picture.quantize(256, dither=Image.Dither.NONE).save(file, optimize=True)


if __name__ == "__main__":
    main()
