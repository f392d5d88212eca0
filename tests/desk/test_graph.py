import pytest

from bss.desk.graph import lay_out


def order(key, *after):
    return {"key": key, "label": key, "after": after}


def test_each_work_order_stands_right_of_all_it_waits_for():
    layout = lay_out([order("a"), order("b", "a"), order("c", "a", "b"), order("d")])
    x = {node.key: node.x for node in layout.nodes}
    assert x["a"] == x["d"] < x["b"] < x["c"]
    assert len(layout.edges) == 3


def test_no_two_work_orders_share_a_place():
    layout = lay_out([order("a"), *(order(f"b{n}", "a") for n in range(5))])
    places = [(node.x, node.y) for node in layout.nodes]
    assert len(set(places)) == len(places)


def test_a_circle_is_refused():
    with pytest.raises(ValueError, match="circle"):
        lay_out([order("a", "b"), order("b", "a")])


def test_what_comes_before_is_named_for_the_list():
    layout = lay_out([order("a"), order("b", "a", "unknown")])
    assert layout.nodes[1].after == ("a",)
