"""What pages that combine several apps show; every function asks a fixed number of questions."""
