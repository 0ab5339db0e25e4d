"""A real WordPress with 200 posts comes into the archive: twice, by REST and by its export, without doubles."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from newsroom.models import Delivery, Fetched, Photo, Source, Story
from tests.kept import lay
from tests.office import Office, picture
from tests.real.wordpress import WordPressSite

pytest_plugins = ("tests.real.wordpress.fixtures",)
pytestmark = [pytest.mark.real, pytest.mark.django_db(transaction=True)]

POSTS = r"""
require_once ABSPATH . 'wp-admin/includes/image.php';
$up = wp_upload_dir();
wp_set_current_user(1);
remove_all_filters('wp_generate_attachment_metadata');
for ($n = 1; $n <= 200; $n++) {
    $at = gmdate('Y-m-d H:i:s', 1400000000 + $n * 86400);
    $post = wp_insert_post(['post_title' => "Berita lama & nomor $n", 'post_status' => 'publish', 'post_author' => 1,
        'post_content' => "<p>Isi berita ke-$n tentang <strong>pasar</strong> desa.</p>", 'post_date_gmt' => $at, 'post_date' => get_date_from_gmt($at),
        'post_category' => [(int) $GLOBALS['kategori']], 'tags_input' => ['pasar', 'desa']]);
    if ($n % 2) continue;
    $name = 'foto-' . $n . '.jpg';
    copy($GLOBALS['foto'] . '/' . $n . '.jpg', $up['path'] . '/' . $name);
    $photo = wp_insert_attachment(['post_mime_type' => 'image/jpeg', 'post_title' => $name, 'post_excerpt' => "Keterangan foto $n.",
        'post_status' => 'inherit', 'guid' => $up['url'] . '/' . $name], $up['path'] . '/' . $name, $post);
    update_post_meta($photo, '_wp_attachment_image_alt', "Foto pasar $n");
    set_post_thumbnail($post, $photo);
}
"""


def filled(site: WordPressSite, folder: Path) -> None:
    for number in range(2, 201, 2):
        (folder / f"{number}.jpg").write_bytes(picture(number, (64, 48)))
    number = site.categories["Ekonomi"]
    site.php(f"$GLOBALS['foto'] = '{folder}'; $GLOBALS['kategori'] = {number};" + POSTS)


def brought(source: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("import_wordpress", source, inside=True, stdout=out, stderr=io.StringIO())
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_two_hundred_posts_come_once_by_rest_and_by_export(
    office: Office, kota: WordPressSite, tmp_path: Path
) -> None:
    photos = tmp_path / "foto"
    photos.mkdir()
    filled(kota, photos)
    told = brought(kota.url)
    assert (told["new"], told["later"]) == (200, 0)
    assert (Story.objects.count(), Photo.objects.count(), Fetched.objects.count()) == (200, 100, 100)
    first = Story.objects.order_by("released_at").first()
    assert first is not None
    assert first.headline == "Berita lama & nomor 1"
    assert first.body.strip() == "Isi berita ke-1 tentang **pasar** desa."
    assert first.released_at.timestamp() == 1400000000 + 86400
    assert (first.category, sorted(tag.name for tag in first.tags.all())) == ("Ekonomi", ["desa", "pasar"])
    assert first.origin.url == kota.get(f"{kota.url}/?p={first.origin.remote_id}").url
    photo = Photo.objects.order_by("story__released_at").first()
    assert photo is not None
    assert (photo.caption, photo.alt) == ("Keterangan foto 2.", "Foto pasar 2")
    assert brought(kota.url) == {
        "source": f"127.0.0.1:{kota.port}",
        "new": 0,
        "known": 200,
        "changed": 0,
        "ours": 0,
        "locked": 0,
        "later": 0,
    }
    export = tmp_path / "ekspor.xml"
    export.write_text(kota.php("require_once ABSPATH . 'wp-admin/includes/export.php'; export_wp();"))
    again = brought(str(export))
    assert (again["new"], again["known"]) == (0, 200)
    assert (Story.objects.count(), Photo.objects.count()) == (200, 100)
    assert not Delivery.objects.exists()
    assert len(kota.requests("GET", r"\.jpg")) <= 100
    _from_the_export_alone(office, kota, export)


def _from_the_export_alone(office: Office, kota: WordPressSite, export: Path) -> None:
    """The same from nothing, by a process that is killed in the middle: the export tells all that REST does."""
    office_folder = office.folder / "lain"
    office_folder.mkdir()
    (office_folder / "settings.yaml").write_text((office.folder / "settings.yaml").read_text())
    environment = {**os.environ, "REDAKSI_SETTINGS": str(office_folder / "settings.yaml")}
    manage = [sys.executable, str(Path(__file__).parents[2] / "manage.py")]
    if not lay(office_folder / "var"):
        subprocess.run([*manage, "migrate", "--verbosity", "0"], env=environment, check=True)
    command = [*manage, "import_wordpress", "--inside", str(export)]
    first = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    assert first.stderr is not None
    assert "100 berita" in first.stderr.readline()
    os.kill(first.pid, signal.SIGKILL)
    first.communicate()
    second = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert second.returncode == 0, second.stderr
    told = json.loads(second.stdout)
    assert told["new"] + told["known"] == 200
    assert told["known"] >= 100
    stories = subprocess.run(
        [*manage, "stories"], env=environment, capture_output=True, text=True, check=True
    )
    assert len(stories.stdout.splitlines()) == 200
    assert Source.objects.count() == 1
