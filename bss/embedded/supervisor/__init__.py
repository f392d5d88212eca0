"""``make run``: everything under one process in the foreground."""
