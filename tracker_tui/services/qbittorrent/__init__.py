"""Client of qBittorrent (Web API 2.8 to 2.16), on a daemon thread of its own."""
