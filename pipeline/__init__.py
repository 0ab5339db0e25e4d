"""Joins mail, newsroom, sites, archive and collage. Read flow.py first."""
