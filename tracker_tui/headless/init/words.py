"""What `init` says about each service: where its key is found, what the key may do."""

from tracker_tui.model.ids import Kind

ABOUT = {
    Kind.SEERR: "Seerr, Jellyseerr or Overseerr: who asked for what. It also knows your Sonarr, Radarr and Jellyfin.",
    Kind.SONARR: "Sonarr: series.",
    Kind.RADARR: "Radarr: films.",
    Kind.QBITTORRENT: "qBittorrent: downloads. (SABnzbd, NZBGet: leave it out, Sonarr and Radarr tell the progress.)",
    Kind.JELLYFIN: "Jellyfin: what can be watched; its plugin Shokofin and the libraries that use it are found there.",
    Kind.SHOKO: "Shoko: anime only.",
}
"""In the order in which it asks: Seerr knows others, and Jellyfin's plugin tells whether there is a Shoko."""

KEY_PLACE = {
    Kind.SEERR: "Settings → General → API Key. It acts as the owner; this program only reads.",
    Kind.SONARR: "Settings → General → Security → API Key. It may do everything (there is no lesser one); "
    "this program only reads.",
    Kind.RADARR: "Settings → General → Security → API Key. It may do everything (there is no lesser one); "
    "this program only reads.",
    Kind.SHOKO: "the web UI → Settings → API Keys, made by an administrator. This program only reads.",
    Kind.JELLYFIN: "Dashboard → API Keys → +. Every key is an administrator's, which libraries and scan state need; "
    "nothing but a scan that you confirm is ever sent.",
}

LOGIN_PLACE = {
    Kind.QBITTORRENT: "user and password of its Web UI (Tools → Options → Web UI); from 5.2 on an API key instead. "
    "There are no lesser users.",
    Kind.SHOKO: "a user of Shoko's; an administrator sees everything.",
}

BAN = "Five refused logins ban this address for an hour, also for a Sonarr or Radarr on it: each answer is tried once."

UNVERIFIED = "Not verified: whoever sits between here and there could pass as the service and take the key."
