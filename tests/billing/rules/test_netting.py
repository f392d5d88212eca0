from billing.rules.netting import BilledLine, net_credits


def test_a_credit_pays_the_charges_in_their_order() -> None:
    netted = net_credits([BilledLine(1, 30_00), BilledLine(2, 50_00), BilledLine(3, -45_00)])
    assert netted.paid_fen == {1: 30_00, 2: 15_00}
    assert netted.used_fen == {3: 45_00}
    assert netted.left_fen == {}


def test_what_the_charges_cannot_use_is_left_of_the_later_credits() -> None:
    netted = net_credits([BilledLine(1, -20_00), BilledLine(2, 25_00), BilledLine(3, -10_00)])
    assert netted.paid_fen == {2: 25_00}
    assert netted.used_fen == {1: 20_00, 3: 5_00}
    assert netted.left_fen == {3: 5_00}


def test_a_bill_of_credits_alone_is_all_left() -> None:
    netted = net_credits([BilledLine(1, -7), BilledLine(2, -8)])
    assert (netted.paid_fen, netted.used_fen) == ({}, {})
    assert netted.left_fen == {1: 7, 2: 8}
