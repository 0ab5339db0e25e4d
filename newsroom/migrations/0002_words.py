from django.db import migrations


class Migration(migrations.Migration):
    """The words of released stories, for search (SQLite FTS5)."""

    dependencies = [("newsroom", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE VIRTUAL TABLE newsroom_words USING fts5"
            "(headline, body, captions, tokenize = 'unicode61 remove_diacritics 2')",
            "DROP TABLE newsroom_words",
        )
    ]
