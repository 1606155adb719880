"""Client of Shoko Server 4.2 to 6-dev (API v3)."""
