"""Clients of Jellyfin 10.8 to 12 and of Shokofin, its plugin for Shoko."""
