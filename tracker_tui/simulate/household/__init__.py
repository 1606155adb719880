"""One household whose six services agree."""
