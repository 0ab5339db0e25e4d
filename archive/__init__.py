"""Originals under their checksum, packages that outlive this program, and proof that nothing has rotted."""
