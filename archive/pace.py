"""Reading what is kept, at a bounded rate: a check that takes weeks must never be felt at the desk."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
import time
from collections.abc import Callable
from pathlib import Path

_PIECE = 1 << 20


class Pace:
    """A bucket of bytes that fills at a rate, a second's worth at most; whoever takes too much waits.

    Safe to share among threads: together they stay under the rate.
    """

    def __init__(
        self,
        bytes_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> None:
        self.rate = bytes_per_second
        self._clock, self._sleep = clock, sleep
        self._left = float(bytes_per_second)
        self._at = clock()
        self._lock = threading.Lock()

    def take(self, size: int) -> None:
        """Take `size` bytes, and wait until they are paid for."""
        with self._lock:
            now = self._clock()
            self._left = min(self.rate, self._left + (now - self._at) * self.rate) - size
            self._at = now
            wait = -self._left / self.rate
        if wait > 0:
            self._sleep(wait)


class Reading:
    """One look at kept files: reads them from the disk at a pace, and counts what was read."""

    def __init__(self, pace: Pace | None = None, beat: Callable[[], object] | None = None) -> None:
        self._pace, self._beat = pace, beat
        self._piece = memoryview(bytearray(_PIECE))
        self.files = 0
        self.bytes = 0

    def sha256(self, path: Path) -> str:
        """Read a regular file and return its SHA-256. Raises OSError; a link is not followed.

        What the system still has of it in memory is let go first: a check is to see the disk.
        """
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        digest = hashlib.sha256()
        with os.fdopen(handle, "rb", buffering=0) as file:
            if not stat.S_ISREG(os.fstat(handle).st_mode):
                raise OSError(errno.EINVAL, "bukan berkas biasa")
            _forget(handle)
            while count := file.readinto(self._piece):
                digest.update(self._piece[:count])
                self.bytes += count
                if self._pace is not None:
                    self._pace.take(count)
            _forget(handle)
        self.files += 1
        if self._beat is not None:
            self._beat()
        return digest.hexdigest()


def _forget(handle: int) -> None:
    """Let the system drop what it holds of a file in memory; nothing where it cannot."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(handle, 0, 0, os.POSIX_FADV_DONTNEED)
