"""Many photos, one picture: geometry first, then pixels."""
