"""The tree of parts beside the standard library's, and where the standard library gives up."""

from __future__ import annotations

import base64
import email
import email.policy
from email.message import EmailMessage, Message

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import RawMessage, mime, read, transfer

CONTENTS = st.one_of(
    st.binary(max_size=300).map(lambda data: ("image/jpeg", data)),
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\r\0"), max_size=200).map(
        lambda words: ("text/plain", words.encode())
    ),
)


def composed(tree: object) -> EmailMessage:
    """Make a mail of nested lists of contents with the standard library."""
    message = EmailMessage()
    if isinstance(tree, list):
        message.make_mixed()
        for inner in tree:
            message.attach(composed(inner))
    else:
        kind, data = tree  # type: ignore[misc]
        if kind == "text/plain":
            message.set_content(data.decode(), cte="base64")
        else:
            message.set_content(data, *kind.split("/"), filename="foto kita.jpg")
    return message


def leaves(message: Message) -> list[tuple[str, bytes]]:
    found = []
    for part in message.walk():
        if not part.is_multipart():
            payload = part.get_payload(decode=True)
            assert isinstance(payload, bytes)
            found.append((part.get_content_type(), payload))
    return found


@settings(max_examples=60, deadline=None)
@given(st.recursive(CONTENTS, lambda inner: st.lists(inner, min_size=1, max_size=4), max_leaves=12))
def test_an_ordinary_mail_is_read_as_the_standard_library_reads_it(tree: object) -> None:
    data = composed(tree).as_bytes(policy=email.policy.SMTP)
    theirs = leaves(email.message_from_bytes(data, policy=email.policy.default))
    ours = [
        (node.content_type, node.content())
        for node in mime.parse(data).walk()
        if not node.content_type.startswith("multipart/")
    ]
    assert ours == theirs


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=400), st.integers(1, 90))
def test_base64_comes_back_whatever_the_line_length(data: bytes, width: int) -> None:
    encoded = base64.b64encode(data)
    lines = b"\r\n".join(encoded[at : at + width] for at in range(0, len(encoded), width))
    assert transfer.from_base64(lines, 0, len(lines)) == data


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=500))
def test_no_bytes_make_the_decoders_raise(data: bytes) -> None:
    for encoding in ("base64", "quoted-printable", "uuencode", "binary"):
        transfer.decode(data, 0, len(data), encoding)


def test_base64_encoded_in_padded_pieces_comes_back_whole() -> None:
    pieces = [b"a" * 61, b"b" * 62, b"c" * 63]
    encoded = b"\r\n".join(base64.b64encode(piece) for piece in pieces)
    assert transfer.from_base64(encoded, 0, len(encoded)) == b"".join(pieces)


def test_a_scanners_words_below_base64_are_not_taken_for_data() -> None:
    data = bytes(range(60))  # needs no padding, so nothing says where it ends
    encoded = (
        base64.b64encode(data) + b"\r\n\r\n--\r\nDipindai oleh penjaga surel\r\nBebas virus kata nya\r\n"
    )
    assert transfer.from_base64(encoded, 0, len(encoded)) == data


def test_numbers_are_places_in_the_tree() -> None:
    inner = [("image/jpeg", b"x"), ("text/plain", b"y")]
    root = mime.parse(composed([("text/plain", b"z"), inner]).as_bytes())
    assert [node.number for node in root.walk()] == ["0", "1", "2", "2.1", "2.2"]


def test_1500_levels_are_neither_followed_nor_fatal() -> None:
    opened = b"".join(
        b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(1500)
    )
    root = mime.parse(opened + b"Content-Type: text/plain\r\n\r\ndalam\r\n")
    assert max(node.depth for node in root.walk()) == mime.DEEPEST + 1
    assert [node.refused for node in root.walk()][-1]


@pytest.mark.parametrize(
    "wrapped",
    [
        b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(60)),
        b"Content-Type: message/rfc822\r\n\r\n" * 60,
    ],
)
def test_a_part_nested_too_deep_to_be_opened_is_told_to_the_editors(wrapped: bytes) -> None:
    data = b"From: sari@melati.example\r\n" + wrapped + b"Content-Type: text/plain\r\n\r\ndalam\r\n"
    message = read(RawMessage(data, "uji"))
    assert [part.fate for part in message.parts] == ["refused"]
    assert "bersarang" in message.parts[0].reason
    assert "buka surel aslinya" in message.parts[0].reason
    assert message.parts[0].reason in message.defects


def test_parts_beyond_the_limit_are_told_once() -> None:
    part = b"--b\r\n\r\nx\r\n"
    data = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + part * (mime.MOST + 5) + b"--b--\r\n"
    message = read(RawMessage(data, "uji"))
    assert sum(part.fate == "refused" for part in message.parts) == 6
    assert sum("Buka surel aslinya" in defect for defect in message.defects) == 1


def test_parts_without_end_are_listed_up_to_a_limit() -> None:
    data = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 20_000 + b"--b--\r\n"
    root = mime.parse(data)
    assert sum(not node.refused for node in root.walk()) == mime.MOST
    assert sum(1 for _ in root.walk()) <= mime.LISTED + 1
    assert any("bagian" in defect for defect in root.defects)


def test_an_inner_boundary_that_begins_like_the_outer_cuts_nothing() -> None:
    inner = b"Content-Type: multipart/mixed; boundary=abc-1\r\n\r\n--abc-1\r\n\r\nsatu\r\n--abc-1--\r\n"
    data = b"Content-Type: multipart/mixed; boundary=abc\r\n\r\n--abc\r\n" + inner + b"\r\n--abc--\r\n"
    assert [node.number for node in mime.parse(data).walk()] == ["0", "1", "1.1"]


def test_the_content_of_a_part_is_no_copy_until_it_is_asked_for() -> None:
    data = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + b"x" * 1000 + b"\r\n--b--\r\n"
    assert all(node.buffer is data for node in mime.parse(data).walk())
