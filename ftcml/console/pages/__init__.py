"""The console's pages and dialogs, which let operators alone in."""
