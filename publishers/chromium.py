"""A picture of a public page, by the Chromium of this machine: a process of its own that leaves nothing behind.

The page is a stranger's. Chromium keeps its sandbox: where Redaksi runs as root, Chromium runs as `nobody`, so that
it needs no `--no-sandbox`, and where the sandbox cannot be had there is no picture. It is talked to over a pipe,
which closes with us, so that no browser outlives a worker.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import resource
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from publishers.chromium_line import Answered, Line, LineBroken

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome")
WIDTH = 1280
TALLEST = 8000
"""Pixels of a page that are drawn; what stands below is left out."""
SECONDS = 45.0
LOADING = 15.0
"""Seconds a page may take to load, after which it is drawn as far as it came."""
SETTLING = 5.0
QUIET = 0.5
MEGABYTES = 1500
"""Memory of all its processes together."""
QUALITY = 70
NOBODY = 65534
_PREFIX = "redaksi-chromium-"
_OPTIONS = (
    "--headless",
    "--remote-debugging-pipe",
    "--disable-background-networking",
    "--disable-breakpad",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-gpu",
    "--disable-sync",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--hide-scrollbars",
    "--js-flags=--max-old-space-size=256",
    "--mute-audio",
    "--no-first-run",
    "--no-pings",
)
_one_at_a_time = threading.Lock()


class NoPicture(Exception):
    """The page was not drawn. The text says why, in Indonesian, for the record."""


def find(named: Path | None = None) -> str | None:
    """Return the Chromium to use: the one named, else the first on PATH; None when there is none."""
    if named is not None:
        return str(named) if os.access(named, os.X_OK) and named.is_file() else None
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def draw(
    program: str,
    url: str,
    answered: Answered | None = None,
    *,
    seconds: float = SECONDS,
    megabytes: float = MEGABYTES,
) -> bytes:
    """Return the page at `url` as a reader sees it, 1280 pixels wide, as JPEG. Raises NoPicture.

    With `answered` nothing is asked of the network: it returns status, content type and bytes for each address.
    """
    with _one_at_a_time, _folder() as folder, _running(program, folder, seconds, megabytes) as process:
        try:
            return _drawn(
                Line(process, time.monotonic() + seconds, urlsplit(url).hostname or "", answered), url
            )
        except (LineBroken, ValueError, KeyError, TypeError) as error:  # what is named may be no Chromium
            said = (
                isinstance(error, LineBroken) and str(error)
            ) or "peramban tidak dapat dijalankan, berhenti, atau dihentikan karena terlalu lama"
            raise NoPicture(f"Gambar halaman tidak dibuat: {said}.") from error


def _drawn(line: Line, url: str) -> bytes:
    target = line.ask("Target.createTarget", {"url": "about:blank"}, "")["targetId"]
    attached = line.ask("Target.attachToTarget", {"targetId": target, "flatten": True}, "")
    line.session = attached["sessionId"]
    line.ask("Browser.setDownloadBehavior", {"behavior": "deny"}, "")
    line.watch(line.session)
    line.main_frame = line.ask("Page.getFrameTree")["frameTree"]["frame"]["id"]
    _size(line, 1600)
    gone = line.ask("Page.navigate", {"url": url}).get("errorText")
    if gone:
        raise NoPicture(f"Gambar halaman tidak dibuat: peramban tidak dapat membuka halamannya ({gone}).")
    line.listen(LOADING, until=lambda: line.loaded)
    height = line.ask("Page.getLayoutMetrics")["cssContentSize"]["height"]
    tall = min(max(int(height), 600), TALLEST)
    _size(line, tall)  # what is loaded only when it comes into sight is in sight now
    line.listen(SETTLING, until=lambda: line.idle_for(QUIET))
    clip = {"x": 0, "y": 0, "width": WIDTH, "height": tall, "scale": 1}
    how = {"format": "jpeg", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
    return base64.b64decode(line.ask("Page.captureScreenshot", how)["data"])


def _size(line: Line, height: int) -> None:
    size = {"width": WIDTH, "height": height, "deviceScaleFactor": 1, "mobile": False}
    line.ask("Emulation.setDeviceMetricsOverride", size)


@contextmanager
def _folder() -> Iterator[Path]:
    """Give a new folder for profile and home, removed at the end; so are those whose makers were killed."""
    root = Path(tempfile.gettempdir())
    for old in root.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            _remove_unlocked(old)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=root))
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(handle)


def _remove_unlocked(old: Path) -> None:
    handle = os.open(old, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if os.fstat(handle).st_uid in (os.geteuid(), NOBODY):
            shutil.rmtree(old, ignore_errors=True)
    finally:
        os.close(handle)


@contextmanager
def _running(
    program: str, folder: Path, seconds: float, megabytes: float
) -> Iterator[subprocess.Popen[bytes]]:
    """Start Chromium in a group of its own that is killed at the end, when time is up or memory runs full."""
    as_nobody: dict[str, Any] = (
        {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
    )
    # Chromium's pipe is on the descriptors 3 and 4.
    shell = ("/bin/sh", "-c", 'exec "$@" 3<&0 4>&1 </dev/null >/dev/null', "sh")
    environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(folder), "LC_ALL": "C.UTF-8"}
    try:
        process = subprocess.Popen(
            [*shell, program, *_OPTIONS, f"--user-data-dir={folder / 'profile'}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={**environment, "TMPDIR": str(folder)},
            start_new_session=True,
            **as_nobody,
        )
    except OSError as error:
        raise NoPicture("Gambar halaman tidak dibuat: peramban tidak dapat dijalankan.") from error
    ended = threading.Event()
    guard = threading.Thread(target=_guard, args=(process, ended, seconds, megabytes), daemon=True)
    try:
        _limit(process.pid, seconds)
        guard.start()
        yield process
    finally:
        ended.set()
        _kill(process)
        guard.join()
        _kill_strays(folder)
        for pipe in (process.stdin, process.stdout):
            with contextlib.suppress(OSError):
                pipe.close()  # type: ignore[union-attr]


def _limit(pid: int, seconds: float) -> None:
    """Let what is delivered go first, and let nobody fill disk or processor."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.setpriority(os.PRIO_PROCESS, pid, 10)
        resource.prlimit(pid, resource.RLIMIT_CPU, (int(seconds) + 1,) * 2)
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (200_000_000,) * 2)
        resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))


def _guard(
    process: subprocess.Popen[bytes], ended: threading.Event, seconds: float, megabytes: float
) -> None:
    deadline = time.monotonic() + seconds
    while not ended.wait(0.25):
        if time.monotonic() > deadline or _megabytes(process.pid) > megabytes:
            _kill(process)
            return


def _megabytes(session: int) -> float:
    """Return the memory of all processes of a session that is theirs alone."""
    pages = 0
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(stat[3]) == session:
                resident, shared = (entry / "statm").read_text().split()[1:3]
                pages += int(resident) - int(shared)
        except (OSError, ValueError, IndexError):
            continue  # it has ended meanwhile
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _kill_strays(folder: Path) -> None:
    """Kill what has left the session: Chromium's watcher of crashes does, and waits for whom it watched."""
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if str(folder).encode() not in (entry / "cmdline").read_bytes():
                continue
            handle = os.pidfd_open(int(entry.name))
            try:
                signal.pidfd_send_signal(handle, signal.SIGKILL)
                select.select([handle], [], [], 5)  # until it has ended: it may still write into the folder
            finally:
                os.close(handle)


def _kill(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
