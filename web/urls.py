"""Every address of Redaksi. The screens are newsroom's; what touches files stands here."""

from __future__ import annotations

from allauth.account.views import LoginView, LogoutView, PasswordChangeView, ReauthenticateView
from allauth.mfa.base.views import AuthenticateView, IndexView
from allauth.mfa.base.views import ReauthenticateView as ReauthenticateByCodeView
from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import (
    AddWebAuthnView,
    EditWebAuthnView,
    ListWebAuthnView,
    LoginWebAuthnView,
    ReauthenticateWebAuthnView,
    RemoveWebAuthnView,
)
from django.conf import settings
from django.urls import include, path
from django.views.i18n import set_language

from newsroom.views import guide
from web import (
    approval,
    kit,
    own_account,
    own_notices,
    proofs,
    setup,
    setup_mail,
    setup_trial,
    site_setup,
    sites,
    uploads,
    views,
)

urlpatterns = [
    path("masuk/", LoginView.as_view(), name="account_login"),
    path("keluar/", LogoutView.as_view(), name="account_logout"),
    path("akun/sandi/", PasswordChangeView.as_view(), name="account_change_password"),
    path("akun/pastikan/", ReauthenticateView.as_view(), name="account_reauthenticate"),
    path("akun/", own_account.profile, name="profile"),
    path("akun/sesi/<int:pk>/akhiri/", own_account.end_session, name="end_session"),
    path("akun/sesi/lain/akhiri/", own_account.end_other_sessions, name="end_other_sessions"),
    path("akun/pemberitahuan/", own_notices.own_notices, name="own_notices"),
    path("akun/pemberitahuan/alamat/", own_notices.own_address, name="own_address"),
    path("akun/pemberitahuan/alamat/hapus/", own_notices.drop_own_address, name="drop_own_address"),
    path("akun/pemberitahuan/coba/<slug:way>/", own_notices.try_channel, name="try_channel"),
    path("masuk/lupa/", own_account.ask_reset, name="ask_reset"),
    path("tautan/<slug:token>/", own_account.use_pass, name="use_pass"),
    path("setuju/<slug:token>/", approval.approve_by_link, name="approve_by_link"),
    path("setuju/<slug:token>/foto/<int:number>.jpg", approval.approval_photo, name="approval_photo"),
    path("masuk/kode/", AuthenticateView.as_view(), name="mfa_authenticate"),
    path("masuk/kunci/", LoginWebAuthnView.as_view(), name="mfa_login_webauthn"),
    path("akun/pastikan/kode/", ReauthenticateByCodeView.as_view(), name="mfa_reauthenticate"),
    path("akun/pastikan/kunci/", ReauthenticateWebAuthnView.as_view(), name="mfa_reauthenticate_webauthn"),
    path("akun/dua-langkah/", IndexView.as_view(), name="mfa_index"),
    path("akun/dua-langkah/aplikasi/", ActivateTOTPView.as_view(), name="mfa_activate_totp"),
    path("akun/dua-langkah/aplikasi/hapus/", DeactivateTOTPView.as_view(), name="mfa_deactivate_totp"),
    path("akun/dua-langkah/cadangan/", ViewRecoveryCodesView.as_view(), name="mfa_view_recovery_codes"),
    path(
        "akun/dua-langkah/cadangan/baru/",
        GenerateRecoveryCodesView.as_view(),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "akun/dua-langkah/cadangan/unduh/",
        DownloadRecoveryCodesView.as_view(),
        name="mfa_download_recovery_codes",
    ),
    path("akun/dua-langkah/kunci/", ListWebAuthnView.as_view(), name="mfa_list_webauthn"),
    path("akun/dua-langkah/kunci/tambah/", AddWebAuthnView.as_view(), name="mfa_add_webauthn"),
    path("akun/dua-langkah/kunci/<int:pk>/", EditWebAuthnView.as_view(), name="mfa_edit_webauthn"),
    path("akun/dua-langkah/kunci/<int:pk>/hapus/", RemoveWebAuthnView.as_view(), name="mfa_remove_webauthn"),
    path("masuk/", LoginView.as_view(), name="account_signup"),  # allauth asks for the name; nobody signs up
    path("bahasa/", set_language, name="set_language"),
    path("foto/<int:pk>/pratinjau.jpg", views.photo_preview, name="photo_preview"),
    path("foto/<int:pk>/<slug:size>.jpg", views.photo, name="photo"),
    path("asli/surel/<int:pk>.eml", views.original_mail, name="original_mail"),
    path("asli/surel/<int:pk>/", views.original_text, name="original_text"),
    path("asli/surel/<int:pk>/gambar/<slug:sha256>.jpg", views.aside_picture, name="aside_picture"),
    path("asli/surel/<int:pk>/gambar/<slug:sha256>/<slug:size>.jpg", views.mail_picture, name="mail_picture"),
    path("asli/foto/<int:pk>/", views.original_photo, name="original_photo"),
    path("asli/berkas/<int:pk>/", views.original_attachment, name="original_attachment"),
    path("panduan/", guide.guide, name="guide"),
    path("kirim/", uploads.upload, name="upload"),
    path("kirim/mulai/", uploads.upload_begin, name="upload_begin"),
    path("kirim/<slug:key>/", uploads.upload, name="upload_draft"),
    path("kirim/<slug:key>/simpan/", uploads.upload_words, name="upload_words"),
    path("kirim/<slug:key>/status/", uploads.upload_status, name="upload_status"),
    path("kirim/<slug:key>/hapus/", uploads.upload_discard, name="upload_discard"),
    path("kirim/<slug:key>/berkas/", uploads.upload_file, name="upload_file"),
    path("kirim/<slug:key>/berkas/<slug:file_key>/", uploads.upload_piece, name="upload_piece"),
    path("tugas/<int:pk>/foto.zip", kit.task_photos, name="task_photos"),
    path("tugas/<int:pk>/foto/<int:number>.jpg", kit.task_photo, name="task_photo"),
    path("berita/<int:pk>/bagikan/foto/<int:number>.jpg", kit.share_photo, name="share_photo"),
    path("bukti/<int:pk>/<slug:size>.jpg", proofs.proof_picture, name="proof_picture"),
    path("bukti/<int:pk>/halaman.txt", proofs.proof_page, name="proof_page"),
    path("situs/<slug:name>/", views.site, {"file": ""}, name="site"),
    path("situs/<slug:name>/<path:file>", views.site, name="site_file"),
    path("situs-tujuan/<slug:name>/uji/", sites.check_site, name="check_site"),
    path("dokter/", views.doctor, name="doctor"),
    path("dokter/uji-tulis/", site_setup.rehearse_sites, name="doctor_rehearse"),
    path("pengaturan/", setup.checklist, name="setup"),
    path("pengaturan/lewati/<slug:step>/", setup.skip, name="setup_skip"),
    path("pengaturan/tutup/", setup.close, name="setup_close"),
    path("pengaturan/buka/", setup.reopen, name="setup_open"),
    path("pengaturan/kantor/", setup.office, name="setup_office"),
    path("pengaturan/kantor/logo/", setup.upload_logo, name="setup_logo"),
    path("pengaturan/orang/", setup.people, name="setup_people"),
    path("pengaturan/surel/", setup_mail.mail, name="setup_mail"),
    path("pengaturan/surel/masuk/", setup_mail.mailbox, name="setup_mailbox"),
    path("pengaturan/surel/masuk/tinjau/", setup_mail.mailbox_review, name="setup_mailbox_review"),
    path("pengaturan/surel/keluar/", setup_mail.outgoing, name="setup_outgoing"),
    path("pengaturan/surel/keluar/tinjau/", setup_mail.outgoing_review, name="setup_outgoing_review"),
    path("pengaturan/surel/batal/", setup_mail.forget, name="setup_forget"),
    path("pengaturan/situs-pertama/", setup.site, name="setup_site"),
    path("pengaturan/uji/", setup_trial.trial, name="setup_trial"),
    path("pengaturan/uji/mulai/", setup_trial.begin, name="setup_trial_begin"),
    path("pengaturan/uji/jalan/", setup_trial.steps, name="setup_trial_steps"),
    path("pengaturan/uji/tolak/", setup_trial.drop, name="setup_trial_drop"),
    path("logo.png", setup.office_logo, name="office_logo"),
    path("pengaturan/situs/", site_setup.setup, name="site_setup"),
    path("pengaturan/situs/masuk/", site_setup.found, name="site_setup_found"),
    path("pengaturan/situs/akun/", site_setup.sign_in, name="site_setup_sign_in"),
    path("pengaturan/situs/kembali/", site_setup.back, name="site_setup_back"),
    path("pengaturan/situs/periksa/", site_setup.check, name="site_setup_check"),
    path("pengaturan/situs/uji/", site_setup.try_writing, name="site_setup_try"),
    path("pengaturan/situs/tinjau/", site_setup.review, name="site_setup_review"),
    path("pengaturan/situs/batal/", site_setup.cancel, name="site_setup_cancel"),
    path("detak/", views.heartbeat, name="heartbeat"),
    path("", include("newsroom.urls")),
]
if settings.OIDC:
    from web import oidc  # its tables are there only with the setting

    urlpatterns += [
        path("masuk/<slug:provider_id>/", oidc.leave_for, name="openid_connect_login"),
        path("masuk/<slug:provider_id>/kembali/", oidc.callback, name="openid_connect_callback"),
    ]
