"""Personal data with its middle hidden: enough to compare with a paper, too little to use.

Source: S14-2.
"""


def masked_name(name: str) -> str:
    """A person's name with all but its first character hidden: 欧阳小明 -> "欧***"."""
    text = name.strip()
    return text[:1] + "*" * (len(text) - 1)


def masked_number(number: str) -> str:
    """A service number with its middle hidden: 13812345678 -> "138****5678"."""
    text = number.strip()
    if len(text) < 7:
        return text
    head = 3 if len(text) >= 10 else 1
    return f"{text[:head]}{'*' * (len(text) - head - 4)}{text[-4:]}"


def masked_document(number: str) -> str:
    """A document's number with its middle hidden; a short one shows its last two alone."""
    text = number.strip()
    if len(text) <= 8:
        return "*" * max(len(text) - 2, 0) + text[-2:]
    return f"{text[:4]}{'*' * (len(text) - 8)}{text[-4:]}"
