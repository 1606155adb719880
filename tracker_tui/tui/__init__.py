"""The Textual application: shows the world, posts intents; never calls a service."""
