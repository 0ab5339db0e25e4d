"""Figures, each beside a stated floor measured in the same run. Nothing passes or fails here."""
