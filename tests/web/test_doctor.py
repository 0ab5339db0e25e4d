"""The doctor says what this machine cannot read or check."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.ingest.signing import NameServer
from tests.office import SETTINGS, Office
from web.doctor import findings


@pytest.fixture
def nobody() -> Iterator[str]:
    """Give the address of a DNS that never answers."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as deaf:
        deaf.bind(("127.0.0.1", 0))
        yield f"127.0.0.1:{deaf.getsockname()[1]}"


def said(what: str) -> str:
    return next(found.sentence for found in findings() if found.subject == what)


def test_a_dns_that_answers_is_said(office: Office, use: Callable[[str], None]) -> None:
    with NameServer() as server:
        use(SETTINGS + f"intake: {{dns: '{server.address}'}}\n")
        assert said("DNS").startswith("DNS menjawab")


def test_a_silent_dns_is_told_with_what_it_means(
    office: Office, use: Callable[[str], None], nobody: str
) -> None:
    use(SETTINGS + f"intake: {{dns: '{nobody}'}}\n")
    assert said("DNS").startswith("DNS tidak menjawab")


def test_a_missing_reader_of_old_word_is_named_with_its_cure(
    office: Office, use: Callable[[str], None], nobody: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    use(SETTINGS + f"intake: {{dns: '{nobody}'}}\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "pasang program antiword" in said("pembaca")
    program = tmp_path / "antiword"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert "antiword" not in said("pembaca")
