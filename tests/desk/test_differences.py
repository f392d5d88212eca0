from bss.desk.differences import NAMES, WIDTH, draw_differences


def test_more_stands_right_of_the_line_and_less_left_of_it():
    drawing = draw_differences([("多", 300), ("少", -100)], "合计")
    more, less, total = drawing.bars
    assert more.x == drawing.zero_x == total.x
    assert round(less.x + less.width, 1) == drawing.zero_x
    assert round(more.width / less.width) == 3
    assert (more.meaning, less.meaning, total.meaning) == ("more", "less", "at")


def test_the_last_bar_is_the_sum():
    total = draw_differences([("多", 300), ("少", -100)], "合计").bars[-1]
    assert (total.label, total.value) == ("合计", 200)


def test_every_bar_and_its_figure_stay_on_the_plane():
    for rows in ([("多", 9_999_999)], [("少", -9_999_999)], [("多", 5), ("少", -7)], []):
        drawing = draw_differences(rows, "合计")
        for bar in drawing.bars:
            assert bar.x >= NAMES - 0.1
            assert bar.x + bar.width <= WIDTH
            assert bar.y + bar.height <= drawing.height


def test_a_difference_of_nothing_is_a_hair():
    assert draw_differences([("同", 0)], "合计").bars[0].width == 1.0
