import pytest

from bss.desk.charts import draw, round_top


@pytest.mark.parametrize(
    ("highest", "top"), [(1, 1), (3, 3), (4, 4), (5, 8), (26875, 40000), (1000, 2000), (9, 20)]
)
def test_the_axis_ends_at_a_round_figure(highest, top):
    assert round_top(highest) == top


def test_bars_grow_from_the_base_in_proportion():
    drawing = draw([("09月", 100), ("10月", 200)])
    one, two = drawing.marks
    assert two.height == 2 * one.height
    assert one.y + one.height == drawing.base_y
    assert [tick.value for tick in drawing.ticks] == [0, 50, 100, 150, 200]


def test_a_limit_above_all_values_is_still_on_the_plane():
    drawing = draw([("1日", 10)], limit=1000, bars=False)
    assert 0 < drawing.limit_y < drawing.base_y


def test_no_rows_draw_nothing():
    drawing = draw([])
    assert (drawing.marks, drawing.line, drawing.area) == ((), "", "")
