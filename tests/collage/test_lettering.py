from __future__ import annotations

from photos.lettering import drawable, font, lines


def test_long_captions_end_in_an_ellipsis_inside_their_width() -> None:
    text = "Wali Kota membuka Musyawarah Perencanaan Pembangunan Kecamatan Contoh di aula kantor kecamatan"
    made = lines(text, 20, 240, 2)
    assert len(made) == 2 and made[-1].endswith("…")
    assert all(font(20).getlength(line) <= 240 for line in made)
    assert lines("Pendek", 20, 240, 2) == ["Pendek"]
    assert lines("Sangatpanjangsekalitanpaspasi" * 3, 20, 100, 1)[0].endswith("…")
    assert lines("", 20, 240, 2) == []
    assert lines("kata", 20, 3, 1) == ["…"]


def test_words_the_font_cannot_draw_are_written_plainly() -> None:
    assert drawable("Juni–November: “Café” 🙏 • 1 × 2\nاهلا") == "Juni-November: “Cafe” · 1 x 2"
    indonesian = "ABCDEFGHIJKLMNOPQRSTUVWXYZ abcdefghijklmnopqrstuvwxyz 0123456789 .,:;!?()/'\"-“”‘’…%&+@"
    assert drawable(indonesian) == indonesian
