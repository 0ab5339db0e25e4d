"""Django's own furniture, and the few views that touch the world."""
