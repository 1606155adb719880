"""Verdicts: pure rules over a request's case and its surroundings; one small module per area."""
