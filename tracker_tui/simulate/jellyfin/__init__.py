"""A simulated Jellyfin (10.8 to 12) with its plugin Shokofin (4 to 6)."""
