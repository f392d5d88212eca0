"""Invents sensible scenario files: what each step needs to know it asks of the oracle's world."""
