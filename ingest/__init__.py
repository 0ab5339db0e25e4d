"""Mail in: bytes on a server → text, photos, documents."""
