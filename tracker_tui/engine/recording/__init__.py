"""Recordings of what was observed: written, read, played."""
