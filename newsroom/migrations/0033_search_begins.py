from django.db import migrations, models


def begin(apps, editor):
    """Give every released story a row that says it is not taken in yet; the worker, or `manage.py reindex`, does it."""
    Story, Entry = apps.get_model("newsroom", "Story"), apps.get_model("newsroom", "Entry")
    held = set(Entry.objects.values_list("story", flat=True))
    rows = Story.objects.filter(released_at__isnull=False).order_by("pk").values_list("pk", "released_at")
    fresh = []
    for pk, at in rows.iterator(chunk_size=5000):
        if pk not in held:
            seconds = max(int(at.timestamp()) + 2_208_988_800, 0)
            fresh.append(Entry(place=(seconds << 30) | pk, story_id=pk, month=at.year * 100 + at.month, tokens="", made_by=0))
        if len(fresh) == 5000:
            Entry.objects.bulk_create(fresh)
            fresh = []
    Entry.objects.bulk_create(fresh)


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0032_archive_revisions")]
    operations = [
        migrations.AddIndex(
            model_name="attachment",
            index=models.Index(condition=models.Q(("words_read", False)), fields=["id"], name="attachment_unread"),
        ),
        migrations.RunPython(begin, migrations.RunPython.noop),
    ]
