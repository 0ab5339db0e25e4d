"""Pictures: what a file says of itself, and renditions fit to publish."""
