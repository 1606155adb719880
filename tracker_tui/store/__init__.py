"""The state store: TinyDB over an atomic file, one writer, recovery from damage, migrations."""
