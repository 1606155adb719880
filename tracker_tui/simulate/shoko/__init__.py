"""A simulated Shoko Server, 4.2 to 6-dev."""
