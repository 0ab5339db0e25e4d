"""The screens' addresses."""

from __future__ import annotations

from django.urls import path

from newsroom.views import (
    archive,
    attention,
    checks,
    contributors,
    mail,
    mailboxes,
    more,
    personal,
    photos,
    previews,
    proposals,
    published,
    queue,
    spellings,
    story,
)

urlpatterns = [
    path("", queue.home, name="home"),
    path("antrean/", queue.queue, name="queue"),
    path("antrean/baru/", queue.arrivals, name="arrivals"),
    path("berita/<int:pk>/", story.story, name="story"),
    path("berita/<int:pk>/simpan/", story.save, name="save"),
    path("berita/<int:pk>/langkah/<slug:verb>/", story.decide, name="decide"),
    path("berita/<int:pk>/revisi/<int:revision_pk>/", story.revision, name="revision"),
    path("berita/<int:pk>/pratinjau/", previews.preview, name="preview"),
    path("berita/<int:pk>/perubahan/", story.changes, name="changes"),
    path("berita/<int:pk>/situs/", story.sites, name="sites"),
    path("berita/<int:pk>/urungkan/", mail.undo_text, name="undo_text"),
    path("berita/<int:pk>/surel/<int:mail_pk>/kembalikan/", mail.restore_text, name="restore_all"),
    path(
        "berita/<int:pk>/surel/<int:mail_pk>/kembalikan/<int:index>/", mail.restore_text, name="restore_text"
    ),
    path(
        "berita/<int:pk>/surel/<int:mail_pk>/sisihkan-lagi/<slug:kind>/", mail.forget_kind, name="forget_kind"
    ),
    path("berita/<int:pk>/surel/<int:mail_pk>/naskah/<int:position>/", mail.other, name="other_text"),
    path(
        "berita/<int:pk>/surel/<int:mail_pk>/naskah/<int:position>/pakai/",
        mail.choose_text,
        name="choose_text",
    ),
    path(
        "berita/<int:pk>/surel/<int:mail_pk>/naskah/<int:position>/pisah/", mail.split_text, name="split_text"
    ),
    path(
        "berita/<int:pk>/surel/<int:mail_pk>/gambar/<slug:sha256>/pakai/",
        mail.use_picture,
        name="use_picture",
    ),
    path(
        "berita/<int:pk>/surel/<int:mail_pk>/gambar/<slug:sha256>/abaikan/",
        mail.ignore_picture,
        {"ignore": True},
        name="ignore_picture",
    ),
    path(
        "berita/<int:pk>/surel/<int:mail_pk>/gambar/<slug:sha256>/nilai-lagi/",
        mail.ignore_picture,
        {"ignore": False},
        name="heed_picture",
    ),
    path("berita/<int:pk>/foto/<int:photo_pk>/pindah/<int:target_pk>/", mail.move_photo, name="move_photo"),
    path("berita/<int:pk>/foto/<int:photo_pk>/buka/", photos.open_photo, name="open_photo"),
    path("berita/<int:pk>/foto/<int:photo_pk>/sunting/", photos.photo_edit, name="photo_edit"),
    path("berita/<int:pk>/foto/<int:photo_pk>/asli/", photos.reset_photo, name="reset_photo"),
    path("berita/<int:pk>/periksa/", checks.findings, name="findings"),
    path("berita/<int:pk>/periksa/lagi/", checks.heed_findings, name="heed_findings"),
    path("berita/<int:pk>/periksa/<slug:name>/perbaiki/", checks.fix_finding, name="fix_finding"),
    path("berita/<int:pk>/periksa/<slug:name>/abaikan/", checks.ignore_finding, name="ignore_finding"),
    path("berita/<int:pk>/data-pribadi/samarkan/", personal.mask_personal, name="mask_all_personal"),
    path(
        "berita/<int:pk>/data-pribadi/<slug:token>/samarkan/", personal.mask_personal, name="mask_personal"
    ),
    path(
        "berita/<int:pk>/data-pribadi/<slug:token>/boleh/",
        personal.overrule_personal,
        name="overrule_personal",
    ),
    path("berita/<int:pk>/foto/<int:photo_pk>/pilih/", photos.leave_out, name="leave_out"),
    path("berita/<int:pk>/foto/urungkan/", photos.put_photos_back, name="put_photos_back"),
    path("tayang/", published.published, name="published"),
    path("arsip/", archive.archive, name="archive"),
    path("arsip/<int:pk>/", archive.record, name="record"),
    path("perhatian/", attention.attention, name="attention"),
    path("perhatian/<slug:kind>/<int:pk>/coba-lagi/", attention.retry, name="retry"),
    path("perhatian/situs/<slug:name>/coba-lagi/", attention.retry_site, name="retry_site"),
    path("perhatian/surat/<int:pk>/selesai/", attention.handled, name="handled"),
    path("kiriman/<int:pk>/", attention.submission, name="submission"),
    path("kiriman/<int:pk>/terima/", attention.admit, name="admit"),
    path("kiriman/<int:pk>/kesampingkan/", attention.set_aside, name="set_aside"),
    path("kiriman/dikesampingkan/", attention.ignored, name="ignored"),
    path("kiriman/<int:pk>/bagian/", mail.parts, name="mail_parts"),
    path("kiriman/<int:pk>/minta/", mail.ask_for_files, name="ask_for_files"),
    path("kiriman/<int:pk>/baca-ulang/", mail.reread, name="reread"),
    path("kotak-surel/", mailboxes.mailboxes, name="mailboxes"),
    path("kotak-surel/<int:pk>/mulai/", mailboxes.choose_start, name="choose_start"),
    path("kotak-surel/<int:pk>/tandai/", mailboxes.settle_now, name="settle_now"),
    path("kotak-surel/surel/<int:pk>/ambil/", mailboxes.fetch_anyway, name="fetch_anyway"),
    path("kontributor/", contributors.contributors, name="contributors"),
    path("kontributor/tambah/", contributors.add_contributor, name="add_contributor"),
    path("kontributor/impor/", contributors.import_contributors, name="import_contributors"),
    path("kontributor/kontributor.csv", contributors.export_contributors, name="export_contributors"),
    path("kontributor/<int:pk>/", contributors.contributor, name="contributor"),
    path("kontributor/<int:pk>/blokir/", contributors.block_contributor, name="block_contributor"),
    path("usulan/<int:pk>/", proposals.proposal, name="proposal"),
    path("usulan/<int:pk>/tidak-dipakai/", proposals.decline, name="decline_proposal"),
    path("usulan/<int:pk>/pertimbangkan/", proposals.reconsider, name="reconsider_proposal"),
    path("usulan/<int:pk>/berita-sendiri/", proposals.separate, name="separate_proposal"),
    path("kiriman/<int:pk>/gabungkan/", proposals.join, name="join"),
    path("kiriman/<int:pk>/bukan-ulangan/", proposals.differ, name="differ"),
    path("kiriman/<int:pk>/memang-ulangan/", proposals.alike, name="alike"),
    path("ejaan/", spellings.spellings, name="spellings"),
    path("ejaan/<int:pk>/", spellings.change_spelling, name="change_spelling"),
    path("lainnya/", more.more, name="more"),
    path("lainnya/surel/", more.heartbeat, name="mail_heartbeat"),
]
