"""One episode or film: its downloads and findings, the evidence ladder, and what holds a state."""
