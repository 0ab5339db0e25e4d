"""Words: Markdown to safe HTML, Indonesian dates, house style."""
