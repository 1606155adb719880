"""Words, glyphs and numbers that headless and TUI share; knows neither."""
