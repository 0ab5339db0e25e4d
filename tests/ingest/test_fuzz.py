"""Mails damaged at random: reading never fails, and always leaves something to show.

`take_in` is tried, not `read`: the net below it must not hide what falls.
"""

from __future__ import annotations

import hashlib
import os
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import RawMessage
from ingest.reading import take_in
from tests.samples.parts import MAIL, mail, part, signed_data, text, zipped

SAMPLES = {path.stem: path.read_bytes() for path in sorted(MAIL.glob("*.eml"))}
ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "2"))
"""Damaged copies of each sample; more, when somebody looks for trouble: `FUZZ_ROUNDS=500 pytest …`."""
SMALL = [data for data in SAMPLES.values() if len(data) < 20_000]
CHARSETS = (b"utf-7", b"utf-16", b"hz", b"cp037", b"idna", b"hex", b"x", b"", b"utf-8\0")
WORDS = (
    b"Content-Type: multipart/mixed; boundary=x\r\n\r\n",
    b"Content-Transfer-Encoding: base64\r\n",
    b"charset=utf-16",
    b"charset=hex",
    b"charset=idna",
    b"=?utf-8?B?//8?=",
    b"=?x?Q?=ZZ?=",
    b"filename*0*=''%",
    b"\0",
    b"\xff\xfe",
    b"\r\n\r\n",
    b"\r\n--batas-1--\r\n",
    b"From: @,;<>()[\r\n",
    b"Date: Sen, 99 Foo 2026 99.99 WIT\r\n",
    b"<div>" * 50,
    b"> " * 40,
    b"*_~`" * 20,
    b"Dari: x\nDari: y\nTanggal: 1.1\n",
)


def tried(data: bytes) -> None:
    raw = RawMessage(data, "uji")
    message = take_in(raw, ())
    assert raw.data is data
    assert message.sha256 == hashlib.sha256(data).hexdigest()
    assert message.headline
    assert "".join(segment.text for segment in message.segments) == message.source_text
    for words in (message.headline, message.body, message.subject, message.source_text, message.note):
        words.encode()  # no lone surrogates
        assert "\0" not in words
    numbers = [part.number for part in message.parts]
    assert len(numbers) == len(set(numbers)) > 0
    assert all(part.fate in ("used", "kept", "refused") and part.reason for part in message.parts)


def nested(data: bytes, rng: random.Random) -> bytes:
    """Wrap a mail into another: attached, in base64, in a ZIP, signed."""
    wrapped = rng.choice(
        (
            lambda: part("message/rfc822", data, encoding=""),
            lambda: part("message/rfc822", data),
            lambda: part("application/octet-stream", data, name="surel.eml"),
            lambda: part("application/zip", zipped({"surel.eml": data}), name="a.zip"),
            lambda: part("application/pkcs7-mime", signed_data(data), name="smime.p7m"),
            lambda: data,
        )
    )()
    return mail("Fwd: luar", text("Mohon dimuat.\n"), wrapped, boundary=f"b{rng.randrange(99)}")


def damaged(data: bytes, rng: random.Random) -> bytes:
    """Damage a mail in one to four places."""
    for _ in range(rng.randint(1, 4)):
        at, to = sorted(rng.randrange(len(data) + 1) for _ in range(2))
        match rng.randrange(8):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + data[min(to, at + 300) :]
            case 2:
                data = data[:at] + rng.choice(WORDS) + data[at:]
            case 3:
                data = data[:at] + rng.randbytes(rng.randint(1, 20)) + data[at:]
            case 4:
                data = data[:at] + data[at : at + 500] * 3 + data[at:]
            case 5:
                data = nested(data, rng)
            case 6:
                data = re.sub(rb"(?i)charset=[^\s;]+", b"charset=" + rng.choice(CHARSETS), data)
            case _:
                data = data.replace(
                    rng.choice((b"\r\n", b"--", b"=", b":", b'"')), rng.choice((b"\n", b"", b";")), 5
                )
    return data


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_a_damaged_sample_is_still_read(name: str) -> None:
    rng = random.Random(name)
    for _ in range(ROUNDS):
        tried(damaged(SAMPLES[name], rng))
    tried(SAMPLES[name][: rng.randrange(len(SAMPLES[name]) + 1)])


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=2000))
def test_any_bytes_are_read(data: bytes) -> None:
    tried(data)


@settings(max_examples=50, deadline=None)
@given(
    st.sampled_from(SMALL), st.lists(st.tuples(st.integers(0, 20_000), st.sampled_from(WORDS)), max_size=5)
)
def test_odd_words_anywhere_are_read(data: bytes, insertions: list[tuple[int, bytes]]) -> None:
    for at, word in insertions:
        data = data[:at] + word + data[at:]
    tried(data)
