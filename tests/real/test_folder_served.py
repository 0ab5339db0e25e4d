"""A folder site behind real web servers, set up as docs/sites/folder.md says."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from publishers.folder import FolderPublisher
from tests.ports import free_port
from tests.publishers.samples import post
from tests.publishers.test_folder import folder
from tests.real.prepare import CACHE

pytestmark = pytest.mark.real
DOC = Path(__file__).parent.parent.parent / "docs" / "sites" / "folder.md"
NGINX = """
daemon off; worker_processes 1; pid {work}/pid; error_log {work}/log;
events {{}}
http {{
  access_log off; types {{ text/html html; text/css css; image/jpeg jpg; application/json json; text/xml xml; }}
  client_body_temp_path {work}/1; proxy_temp_path {work}/2; fastcgi_temp_path {work}/3;
  uwsgi_temp_path {work}/4; scgi_temp_path {work}/5;
  server {{ listen 127.0.0.1:{port}; {told} }}
}}
"""
APACHE = """
ServerRoot {work}
ServerName situs.example
PidFile {work}/pid
ErrorLog {work}/log
Mutex file:{work}
Listen 127.0.0.1:{port}
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule dir_module {modules}/mod_dir.so
LoadModule alias_module {modules}/mod_alias.so
LoadModule rewrite_module {modules}/mod_rewrite.so
User nobody
{told}
"""


def told(server: str, root: Path) -> str:
    """Return what the documentation says for this server, for the site in `root`."""
    block = DOC.read_text().partition(f"```{server}\n")[2].partition("```")[0]
    return block.replace("/srv/media-center", str(root))


def unpacked(work: Path, *packages: str) -> Path:
    for name in packages:
        for package in CACHE.glob(f"{name}_*.deb"):
            subprocess.run(["dpkg", "-x", package, work / "x"], check=True)
    return work / "x" / "usr"


@contextmanager
def serving(command: list[str], port: int, **environment: str) -> Iterator[str]:
    server = subprocess.Popen(command, env={**os.environ, **environment})
    try:
        address = f"http://127.0.0.1:{port}/"
        for _ in range(100):
            try:
                requests.get(address, timeout=2)
                break
            except requests.ConnectionError:
                assert server.poll() is None, "the web server did not start"
                time.sleep(0.05)
        yield address
    finally:
        server.terminate()
        server.wait(10)


@pytest.fixture
def work() -> Iterator[Path]:
    """Give a folder that a web server's own user may enter."""
    with tempfile.TemporaryDirectory(prefix="redaksi-web-") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def site(work: Path) -> FolderPublisher:
    made = folder(work / "situs")
    made.rebuild()
    return made


@pytest.fixture(params=["nginx", "apache"])
def address(request: pytest.FixtureRequest, site: FolderPublisher, work: Path) -> Iterator[str]:
    port = free_port()
    said = told(request.param, site.root)
    settings = work / "settings.conf"
    if request.param == "nginx":
        usr = unpacked(work, "nginx")
        settings.write_text(NGINX.format(work=work, port=port, told=said))
        command = [f"{usr}/sbin/nginx", "-p", str(work), "-c", str(settings)]
    else:
        usr = unpacked(work, "apache2-bin", "libapr1", "libaprutil1")
        modules = usr / "lib" / "apache2" / "modules"
        settings.write_text(APACHE.format(work=work, port=port, told=said, modules=modules))
        command = [f"{usr}/sbin/apache2", "-f", str(settings), "-DFOREGROUND"]
    libraries = ":".join(map(str, (usr / "lib").glob("*-linux-gnu*")))
    with serving(command, port, LD_LIBRARY_PATH=libraries) as url:
        yield url


def test_a_web_server_set_up_as_documented_serves_the_site_and_hides_the_records(
    address: str, site: FolderPublisher
) -> None:
    made = site.create(post("tetap"), {})
    gone = site.create(post("ditarik"), {})
    site.retract(gone.remote_id, "Ditarik: memuat data anak.", {})
    assert "Warga datang" in requests.get(address + made.url, timeout=5).text
    assert requests.get(address, timeout=5).status_code == 200
    assert requests.get(address + "feed.json", timeout=5).json()["version"].endswith("1.1")
    answer = requests.get(address + gone.url, timeout=5)
    assert answer.status_code == 410
    assert "ditarik" in answer.text
    assert 'content="noindex"' in requests.get(address + gone.url + "index.html", timeout=5).text
    for hidden in (".redaksi/", ".redaksi/tetap.json", ".redaksi/indeks/berita.json", "tidak/ada/"):
        answer = requests.get(address + hidden, timeout=5)
        assert answer.status_code == 404
        assert "Halaman tidak ditemukan" in answer.text
