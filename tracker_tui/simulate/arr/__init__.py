"""Simulated Sonarr and Radarr (API v3)."""
