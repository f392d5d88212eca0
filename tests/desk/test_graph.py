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


def place_of(layout):
    """Key → (column, row), counted from the margins."""
    xs, ys = (sorted({getattr(node, axis) for node in layout.nodes}) for axis in "xy")
    return {node.key: (xs.index(node.x), ys.index(node.y)) for node in layout.nodes}


def test_those_that_wait_for_nothing_stand_in_a_row_per_subscription():
    numbers = {"a1": "A", "b1": "B", "a2": "A", "b2": "B"}
    layout = lay_out([order(key) | {"group": number} for key, number in numbers.items()])
    assert place_of(layout) == {"a1": (0, 0), "a2": (1, 0), "b1": (0, 1), "b2": (1, 1)}


def test_those_that_wait_for_nothing_stand_below_those_that_do():
    layout = lay_out([order("alone"), order("a"), order("b", "a")])
    assert place_of(layout) == {"a": (0, 0), "b": (1, 0), "alone": (0, 1)}


def test_many_alone_are_five_in_a_row_not_one_long_column():
    layout = lay_out([order(str(n)) | {"group": str(n)} for n in range(6)])
    assert place_of(layout)["4"] == (4, 0)
    assert place_of(layout)["5"] == (0, 1)
