"""What a WordPress' answers mean, said to an editor or operator with the usual fix."""

from __future__ import annotations

LOGIN = (
    "{title} tidak menerima nama pengguna atau kata sandi aplikasi kita. Periksa keduanya di pengaturan: "
    "yang diminta kata sandi aplikasi (Profil → Kata Sandi Aplikasi), bukan kata sandi masuk. Penyebab lain yang "
    "sering: plugin keamanan (Wordfence) mematikan kata sandi aplikasi, atau server membuang kepala Authorization."
)
ROLE = (
    "Akun kita di {title} tidak berhak melakukan ini. Minta pengelola situs memberi peran Editor, "
    "lalu coba lagi."
)
GONE = (
    "Berita ini dihapus dengan tangan di {title}. Tanyakan pengelola situs sebabnya, lalu putuskan apakah "
    "berita perlu ditayangkan lagi; Redaksi tidak membuatnya ulang sendiri."
)
TRASHED = (
    "Berita ini dibuang ke tempat sampah dengan tangan di {title}. Tanyakan pengelola situs sebabnya; bila "
    "berita boleh tayang lagi, buka “Berubah di situs” dan pilih “Kembalikan versi kita”."
)
EDITED = (
    "Berita ini diubah dengan tangan di {title}: {what}. Buka “Berubah di situs”, lihat bedanya, lalu pilih versi "
    "yang tetap."
)
ALTERED = (
    "{title} mengubah {what} saat menyimpannya, jadi berita belum ditayangkan di sana. Biasanya karena "
    "plugin, atau peran akun kita terlalu rendah; minta pengelola situs memeriksa."
)
CATEGORY = (
    "{title} tidak mengenal kategori nomor {number}. Perbaiki categories pada pengaturan situs ini, lalu "
    "coba lagi."
)
FOREIGN = (
    "{title} mencatat berita ini sebagai {remote_id}, dan itu bukan nomor WordPress. Mungkin jenis situs ini "
    "diganti di pengaturan; periksa sebelum mencoba lagi."
)
ANOTHERS = (
    "Di {title}, nomor {number} kini tulisan lain ({link}), jadi tidak kami sentuh. Mungkin situs itu dipindah "
    "atau dibuat ulang. Cari berita kita di sana; bila masih terbaca, minta pengelola situs menghapusnya."
)
HELD_BACK = (
    "{title} menyimpan berita ini tetapi tidak menayangkannya (keadaannya {status}). Biasanya karena plugin "
    "moderasi; minta pengelola situs memeriksa."
)
WAITING = (
    "{title} belum menjawab permintaan yang lalu. Kami periksa lagi sebentar lagi; tidak ada yang perlu "
    "Anda lakukan."
)
UNFINISHED = (
    "{title} menerima foto tetapi berkali-kali gagal membuat ukuran-ukurannya. Biasanya PHP kehabisan memori atau "
    "waktu; minta pengelola situs menaikkan memory_limit dan max_execution_time, lalu coba lagi."
)

BY_CODE = {
    "incorrect_password": LOGIN,
    "invalid_username": LOGIN,
    "invalid_email": LOGIN,
    "application_passwords_disabled": LOGIN,
    "rest_not_logged_in": LOGIN,
    "rest_cannot_publish": ROLE,
    "rest_cannot_edit_others": ROLE,
    "rest_cannot_create_as_status": ROLE,
    "rest_forbidden_status": ROLE,
    "rest_cannot_delete": ROLE,
    "rest_cannot_assign_term": ROLE,
    "rest_post_invalid_id": GONE,
    "rest_no_route": (
        "REST API {title} tidak lengkap; mungkin dibatasi plugin keamanan. Minta pengelola situs membuka "
        "wp/v2/posts dan wp/v2/media untuk akun kita."
    ),
    "rest_upload_hash_mismatch": (
        "Foto rusak di perjalanan ke {title}. Kami kirim lagi; tidak ada yang perlu Anda lakukan."
    ),
    "rest_upload_no_content_disposition": (
        "{title} menolak foto karena terlalu besar, juga setelah kami perkecil. Minta pengelola situs menaikkan "
        "post_max_size."
    ),
    "rest_upload_no_data": (
        "{title} menerima foto kosong; mungkin ada pembatas di depannya. Minta pengelola situs memeriksa."
    ),
    "rest_upload_unknown_error": (
        "{title} tidak dapat menyimpan foto ({said}). Biasanya batas upload_max_filesize atau folder unggahan "
        "yang tidak dapat ditulis; minta pengelola situs memeriksa."
    ),
    "rest_upload_sideload_error": (
        "{title} menolak jenis atau tempat berkas foto ({said}). Minta pengelola situs memeriksa izin folder "
        "wp-content/uploads."
    ),
    "rest_upload_file_too_big": "{title} menolak foto karena terlalu besar. Minta pengelola menaikkan batasnya.",
    "rest_upload_limited_space": "Ruang unggahan {title} habis. Minta pengelola situs menambah ruang.",
    "db_insert_error": (
        "Basis data {title} menolak naskah ini ({said}). Biasanya karena huruf atau emoji khusus, atau naskah "
        "terlalu panjang. Sederhanakan naskah, atau minta pengelola situs memakai utf8mb4."
    ),
    "db_update_error": (
        "Basis data {title} menolak naskah ini ({said}). Biasanya karena huruf atau emoji khusus, atau naskah "
        "terlalu panjang. Sederhanakan naskah, atau minta pengelola situs memakai utf8mb4."
    ),
    "other": "{title} menolak permintaan kita: {said} (kode {code}). Sampaikan kode ini kepada pengelola situs.",
}
"""By the `code` of a WordPress error; its message is localised and never compared."""

BY_STATUS = {
    "dns": (
        "Alamat {title} ({host}) tidak ditemukan. Periksa url di pengaturan dan sambungan internet kantor; "
        "kami coba lagi dengan sendirinya."
    ),
    "certificate": (
        "Sertifikat keamanan {title} ({host}) tidak dapat dipercaya, mungkin kedaluwarsa. Minta pengelola "
        "situs memperbaruinya; kami coba lagi dengan sendirinya."
    ),
    "down": "{title} ({host}) tidak dapat dihubungi. Kami coba lagi dengan sendirinya.",
    "silent": "{title} tidak menjawab. Kami periksa lagi; tidak ada yang perlu Anda lakukan.",
    "broken": "{title} sedang bermasalah di pihaknya. Kami periksa lagi; tidak ada yang perlu Anda lakukan.",
    "garbage": (
        "{title} menjawab dengan teks yang tidak dapat dibaca. Kami periksa lagi; bila terus begini, minta "
        "pengelola situs mematikan tampilan pesan galat PHP (WP_DEBUG_DISPLAY)."
    ),
    "redirect": (
        "{title} mengalihkan {url} ke {target}. Tulis alamat yang benar (https dan www-nya) pada url di "
        "pengaturan."
    ),
    "front_login": (
        "Server di depan {title} meminta kata sandi lain sebelum WordPress. Minta pengelola situs membuka "
        "/wp-json/ untuk kita."
    ),
    "busy": "{title} sedang sibuk atau dalam pemeliharaan ({status}). Kami coba lagi dengan sendirinya.",
    "wall": (
        "Pengaman di depan {title} menolak permintaan kita ({status}). Kami coba lagi; bila terus begini, minta "
        "pengelola situs mengizinkan alamat internet kantor pada Wordfence, Cloudflare atau mod_security."
    ),
    "no_rest": (
        "Di {url} tidak ada REST API WordPress ({title}). Periksa url di pengaturan; bila benar, minta "
        "pengelola situs membuka /wp-json/."
    ),
    "404": "REST API {title} tidak ditemukan di {url}. Minta pengelola situs membuka /wp-json/.",
    "405": "Server {title} melarang cara mengirim kita (POST). Minta pengelola situs mengizinkannya.",
    "413": (
        "{title} menolak kiriman karena terlalu besar, juga setelah foto kami perkecil. Minta pengelola situs menaikkan client_max_body_size "
        "dan post_max_size."
    ),
    "refused": "Server {title} menolak permintaan kita ({status}). Minta pengelola situs memeriksa.",
}
"""By what came instead of WordPress' own answer."""
