from django.db import migrations

MADE = (
    "CREATE VIRTUAL TABLE newsroom_words USING fts5"
    "(headline, body, captions, tokenize = 'unicode61 remove_diacritics 2')"
)


def make(apps, editor):
    """SQLite only; on every database 0031 makes the index that is used today."""
    if editor.connection.vendor == "sqlite":
        editor.execute(MADE)


def drop(apps, editor):
    if editor.connection.vendor == "sqlite":
        editor.execute("DROP TABLE newsroom_words")


class Migration(migrations.Migration):
    """The words of released stories, for search (SQLite FTS5)."""

    dependencies = [("newsroom", "0001_initial")]
    operations = [migrations.RunPython(make, drop)]
