"""Configuration: TOML file to typed settings; secrets resolved; every problem reported at once with file and key."""
