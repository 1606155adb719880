"""Observations and memory become the world. Pure: no clock, no I/O; everything takes `now`."""
