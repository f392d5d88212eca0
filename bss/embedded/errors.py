"""What can go wrong with the house, said in one sentence each."""


class HouseError(Exception):
    """A fault of the machine or its settings; its text is the one sentence the user reads."""
