"""Simulated services on loopback HTTP and the stories that drive them: for --demo, tests and pictures."""
