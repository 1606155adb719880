"""A simulated qBittorrent, 4.5 to 5.3."""
