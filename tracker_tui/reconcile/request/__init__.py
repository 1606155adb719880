"""One request: its units rolled up, its summary, timeline and row."""
