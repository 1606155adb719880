"""What every instance has answered so far, and of what changed since the world was last computed."""
