"""The lists an office keeps: how words are spelled here, and what abbreviations stand for."""

from __future__ import annotations

from dataclasses import dataclass

SPELLINGS: tuple[tuple[str, str], ...] = (
    ("Walikota", "Wali Kota"),
    ("walikota", "wali kota"),
    ("Jum'at", "Jumat"),
    ("Jum’at", "Jumat"),
    ("Idul Fitri", "Idulfitri"),
    ("Idul Adha", "Iduladha"),
    ("Palangkaraya", "Palangka Raya"),
    ("lounching", "peluncuran"),
    ("launching", "peluncuran"),
    ("hobby", "hobi"),
    ("diinventarisir", "diinventarisasi"),
    ("mengkoordinir", "mengoordinasi"),
    ("terorganisir", "terorganisasi"),
    ("legalisir", "legalisasi"),
    ("mempersilahkan", "mempersilakan"),
    ("dipersilahkan", "dipersilakan"),
    ("silahkan", "silakan"),
    ("merubah", "mengubah"),
    ("dirubah", "diubah"),
    ("mensukseskan", "menyukseskan"),
    ("mentaati", "menaati"),
    ("mempedulikan", "memedulikan"),
    ("mempengaruhi", "memengaruhi"),
    ("memperhatinkan", "memprihatinkan"),
    ("ijin", "izin"),
    ("perijinan", "perizinan"),
    ("jaman", "zaman"),
    ("nasehat", "nasihat"),
    ("apotik", "apotek"),
    ("atlit", "atlet"),
    ("analisa", "analisis"),
    ("praktek", "praktik"),
    ("resiko", "risiko"),
    ("aktifitas", "aktivitas"),
    ("kwalitas", "kualitas"),
    ("kwitansi", "kuitansi"),
    ("obyek", "objek"),
    ("subyek", "subjek"),
    ("sistim", "sistem"),
    ("tehnik", "teknik"),
    ("tehnologi", "teknologi"),
    ("trampil", "terampil"),
    ("himbauan", "imbauan"),
    ("menghimbau", "mengimbau"),
    ("dihimbau", "diimbau"),
    ("antri", "antre"),
    ("antrian", "antrean"),
    ("hutang", "utang"),
    ("karir", "karier"),
    ("kadaluarsa", "kedaluwarsa"),
    ("konkrit", "konkret"),
    ("lembab", "lembap"),
    ("metoda", "metode"),
    ("nafas", "napas"),
    ("nopember", "November"),
    ("pebruari", "Februari"),
    ("sekedar", "sekadar"),
    ("standarisasi", "standardisasi"),
    ("terlanjur", "telanjur"),
    ("bertanggungjawab", "bertanggung jawab"),
    ("kerjasama", "kerja sama"),
    ("bekerjasama", "bekerja sama"),
    ("terimakasih", "terima kasih"),
    ("olah raga", "olahraga"),
    ("sholat", "salat"),
    ("ramadhan", "Ramadan"),
    ("mesjid", "masjid"),
    ("di laksanakan", "dilaksanakan"),
    ("di hadiri", "dihadiri"),
    ("di gelar", "digelar"),
)
"""What a new office begins with; from then on the rows of the office count."""

ABBREVIATIONS: tuple[tuple[str, str], ...] = (
    ("OPD", "Organisasi Perangkat Daerah"),
    ("Musrenbang", "Musyawarah Perencanaan Pembangunan"),
    ("RPJMD", "Rencana Pembangunan Jangka Menengah Daerah"),
    ("RKPD", "Rencana Kerja Pemerintah Daerah"),
    ("Forkopimda", "Forum Koordinasi Pimpinan Daerah"),
    ("SPBE", "Sistem Pemerintahan Berbasis Elektronik"),
    ("DKISP", "Dinas Komunikasi, Informatika, Statistik dan Persandian"),
    ("PPID", "Pejabat Pengelola Informasi dan Dokumentasi"),
    ("TPID", "Tim Pengendalian Inflasi Daerah"),
    ("TPPS", "Tim Percepatan Penurunan Stunting"),
    ("BPKAD", "Badan Pengelola Keuangan dan Aset Daerah"),
    ("Bapperida", "Badan Perencanaan Pembangunan, Riset dan Inovasi Daerah"),
)


@dataclass(frozen=True)
class Lists:
    """Pairs in use. Hashable, so that what is made of them is made once."""

    spellings: tuple[tuple[str, str], ...] = SPELLINGS
    """Wrong, right."""
    abbreviations: tuple[tuple[str, str], ...] = ABBREVIATIONS
    """Short, long."""
