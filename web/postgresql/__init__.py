"""Django's PostgreSQL, with the two promises SQLite keeps by itself: see base.py."""
