"""Clients of Sonarr and Radarr (API v3), through pyarr over our own link."""
