"""Client of Overseerr, Jellyseerr and Seerr (API v1)."""
