"""Use cases that need several rooms at once."""
