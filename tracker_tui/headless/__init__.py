"""Without a screen: snapshot, check, configuration, VFS refresh."""
