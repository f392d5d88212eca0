from customers.rules.blacklist_lines import BlacklistLine, Faulty, read_lines


def test_lines_are_read_as_a_spreadsheet_or_a_person_writes_them():
    good, bad = read_lines("\ufeffc1,欠费\n\nC2\t群发广告短信\nC3，恶意欠费，两次\n")
    assert list(good) == [
        BlacklistLine(1, "C1", "欠费"),
        BlacklistLine(3, "C2", "群发广告短信"),
        BlacklistLine(4, "C3", "恶意欠费，两次"),
    ]
    assert list(bad) == []


def test_what_cannot_be_used_says_where_and_why():
    good, bad = read_lines(f"C1\n,没有编号\nC2,欠费\nc2,又一次\nC3,{'长' * 201}")
    assert [line.code for line in good] == ["C2"]
    assert list(bad) == [
        Faulty(1, "应为“客户编号,原因”"),
        Faulty(2, "应为“客户编号,原因”"),
        Faulty(4, "同一客户出现两次"),
        Faulty(5, "原因超过 200 字"),
    ]


def test_nothing_is_nothing():
    assert read_lines(" \n\n") == ([], [])
