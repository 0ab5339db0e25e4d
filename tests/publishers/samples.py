"""Posts and pictures to publish in tests. Every name in them is invented."""

from __future__ import annotations

import hashlib
import io
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from PIL import Image, ImageDraw

from publishers import Changed, Picture, Post, Publisher, consent

HOSTILE = "Harga <b>beras</b> & \"gula\" naik <script>alert('x')</script> 'lagi'"


@cache
def jpeg(seed: int, width: int = 1200, height: int = 800) -> bytes:
    """Return a picture that differs for each seed."""
    image = Image.new("RGB", (width, height), (seed * 53 % 256, seed * 97 % 256, 140))
    draw = ImageDraw.Draw(image)
    for step in range(0, width, 60):
        draw.ellipse(
            (step, seed * 40 % height, step + 90, seed * 40 % height + 200), fill=(step % 256, 90, 60)
        )
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    return out.getvalue()


def picture(seed: int, **changes: Any) -> Picture:
    data = jpeg(seed)
    made = Picture(
        sha256=hashlib.sha256(b"asli" + data).hexdigest(),
        filename=f"20261120_pasar-murah_{seed:02}.jpg",
        data=data,
        width=1200,
        height=800,
        caption=f"Warga mengantre di lapak nomor {seed}.",
        credit=f"Juru Foto {seed}",
        alt=f"Antrean warga di lapak {seed}",
    )
    return replace(made, **changes)


def post(key: str = "b7c1d2", **changes: Any) -> Post:
    made = Post(
        key=key,
        version=1,
        headline="Pasar murah digelar di halaman balai kota",
        html="<p>Pemerintah kota menggelar pasar murah.</p>\n<p>Warga datang sejak <strong>pagi</strong>.</p>",
        text_lead="Pemerintah kota menggelar pasar murah.",
        published_at=datetime(2026, 11, 20, 7, 5, tzinfo=UTC),
        modified_at=datetime(2026, 11, 20, 7, 5, tzinfo=UTC),
        slug="pasar-murah-digelar",
        pictures=(picture(1), picture(2), picture(3)),
        category="Ekonomi",
        tags=("pasar murah",),
        byline="Dinas Contoh/Sari Melati",
    )
    return replace(made, **changes)


def want_ours(publisher: Publisher, remote_id: str, wanted: Post, ledger: dict[str, Any]) -> None:
    """Be asked about what a hand has done, and choose our version as an editor does."""
    with pytest.raises(Changed) as told:
        publisher.update(remote_id, wanted, ledger)
    ledger["asked"] = consent(wanted.version, told.value.seen.mark)
