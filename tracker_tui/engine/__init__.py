"""The running thing: own thread and loop, one poller per instance, executes the plan, publishes changes."""
