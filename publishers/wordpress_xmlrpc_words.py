"""What an XML-RPC site's answers mean, said to an editor or operator with the usual fix."""

from __future__ import annotations

LOGIN = (
    "{title} tidak menerima nama pengguna atau kata sandi kita. Periksa keduanya di pengaturan: sejak WordPress 5.6 "
    "pakai kata sandi aplikasi (Profil → Kata Sandi Aplikasi), sebelumnya kata sandi masuk. Penyebab lain yang "
    "sering: plugin keamanan menolak masuk lewat XML-RPC."
)
OFF = (
    "XML-RPC dimatikan di {title}. Minta pengelola situs menyalakannya bagi kita: biasanya plugin keamanan "
    "(Disable XML-RPC, Wordfence, iThemes) atau aturan server untuk xmlrpc.php."
)
ROLE = "Akun kita di {title} tidak berhak melakukan ini. Minta pengelola situs memberi peran Editor, lalu coba lagi."
MEDIA_GONE = "Foto ini sudah tidak ada di {title}. Coba lagi; foto akan diunggah kembali."
OVERTAKEN = "Berita ini sedang diubah orang lain di {title}. Lihat dulu di situs, lalu coba lagi."
DATABASE = (
    "Basis data {title} menolak naskah ini ({said}). Biasanya karena huruf atau emoji khusus, atau naskah terlalu "
    "panjang. Sederhanakan naskah, atau minta pengelola situs memakai utf8mb4."
)
UPLOAD = (
    "{title} tidak dapat menyimpan foto ({said}). Biasanya folder unggahan tidak dapat ditulis atau ruangnya habis; "
    "minta pengelola situs memeriksa wp-content/uploads."
)
DELETE = "{title} tidak dapat menghapus foto ({said}). Minta pengelola situs memeriksa."
BROKEN_ON_THE_WAY = (
    "{title} menerima kiriman kita dalam keadaan rusak ({code}). Mungkin pengaman di depan situs memotongnya; minta "
    "pengelola situs memeriksa batas kiriman untuk xmlrpc.php."
)
OTHER = "{title} menolak permintaan kita: {said} (kode {code}). Sampaikan kode ini kepada pengelola situs."
HALF = (
    "{title} menyimpan foto tetapi tidak selesai membuat ukurannya. Minta pengelola situs memeriksa ruang penyimpanan "
    "dan batas memori PHP, lalu coba lagi."
)

BY_STATUS = {
    401: (
        "Server di depan {title} meminta kata sandi lain sebelum WordPress. Minta pengelola situs membuka xmlrpc.php "
        "untuk kita."
    ),
    403: (
        "Pengaman di depan {title} menolak permintaan kita ke xmlrpc.php (403). Kami coba lagi; bila terus begini, minta "
        "pengelola situs mengizinkan alamat internet kantor untuk xmlrpc.php."
    ),
    404: (
        "Di {endpoint} tidak ada XML-RPC WordPress ({title}). Periksa url di pengaturan, atau isi endpoint bila "
        "WordPress dipasang di folder lain."
    ),
    405: OFF,
    413: (
        "{title} menolak kiriman karena terlalu besar. Minta pengelola situs menaikkan client_max_body_size dan "
        "post_max_size."
    ),
}
"""By the status of an answer that is not WordPress' own."""
