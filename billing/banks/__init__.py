"""Banks' files: read and written by layout; what they mean is decided elsewhere."""
