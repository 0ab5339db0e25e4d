from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from archive.disk import sentence_for

FOLDER = Path("/arsip/asli")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "Penyimpanan penuh"),
        (errno.EDQUOT, "Penyimpanan penuh"),
        (errno.EACCES, "tidak diizinkan"),
        (errno.EROFS, "tidak diizinkan"),
        (errno.EIO, "Periksa disk"),
    ],
)
def test_what_the_disk_says_becomes_what_a_person_does(number: int, words: str) -> None:
    sentence = sentence_for(OSError(number, os.strerror(number)), FOLDER)
    assert words in sentence and str(FOLDER) in sentence and sentence.endswith(".")
