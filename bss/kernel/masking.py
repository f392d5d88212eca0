"""Personal data with its middle hidden: enough to compare with a paper, too little to use.

What is masked where is one table: docs/adr, "everything personal is masked".

Source: S14-2.
"""

ADDRESS_SHOWN = 6
"""How many characters of an address are shown: the city, not the door."""


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


def masked_address(address: str) -> str:
    """An address with its door hidden: 北京市朝阳区示例路 8 号 -> "北京市朝阳区****"."""
    text = address.strip()
    return text if len(text) <= ADDRESS_SHOWN else f"{text[:ADDRESS_SHOWN]}****"
