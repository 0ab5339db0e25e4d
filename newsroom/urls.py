"""The screens' addresses."""

from __future__ import annotations

from django.urls import path

from newsroom.views import archive, attention, more, published, queue, story

urlpatterns = [
    path("", queue.home, name="home"),
    path("antrean/", queue.queue, name="queue"),
    path("antrean/baru/", queue.arrivals, name="arrivals"),
    path("berita/<int:pk>/", story.story, name="story"),
    path("berita/<int:pk>/simpan/", story.save, name="save"),
    path("berita/<int:pk>/langkah/<slug:verb>/", story.decide, name="decide"),
    path("berita/<int:pk>/revisi/<int:revision_pk>/", story.revision, name="revision"),
    path("berita/<int:pk>/pratinjau/", story.preview, name="preview"),
    path("berita/<int:pk>/perubahan/", story.changes, name="changes"),
    path("berita/<int:pk>/situs/", story.sites, name="sites"),
    path("tayang/", published.published, name="published"),
    path("arsip/", archive.archive, name="archive"),
    path("arsip/<int:pk>/", archive.record, name="record"),
    path("perhatian/", attention.attention, name="attention"),
    path("perhatian/<slug:kind>/<int:pk>/coba-lagi/", attention.retry, name="retry"),
    path("perhatian/situs/<slug:name>/coba-lagi/", attention.retry_site, name="retry_site"),
    path("kiriman/<int:pk>/", attention.submission, name="submission"),
    path("kiriman/<int:pk>/terima/", attention.admit, name="admit"),
    path("kiriman/<int:pk>/kesampingkan/", attention.set_aside, name="set_aside"),
    path("kiriman/dikesampingkan/", attention.ignored, name="ignored"),
    path("lainnya/", more.more, name="more"),
    path("lainnya/surel/", more.heartbeat, name="mail_heartbeat"),
]
