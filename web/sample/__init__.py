"""An invented office to begin with: people, coverage mails and pictures that nobody took."""
