"""`tracker-tui init`: a guided configuration that tries every answer at once."""
