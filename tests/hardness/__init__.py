"""The running program under faults: a matrix of them, planted secrets, killed writers, long accelerated days."""
