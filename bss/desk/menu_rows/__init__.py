"""The rows of the navigation, one table per group, in the order in which they are shown."""
