"""Frozen types of the program: ids, states, service facts, observations, world. No I/O; imports nothing of ours."""
