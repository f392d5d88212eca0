"""Plausible, plainly fictitious names and documents with valid check digits."""

from datetime import date, timedelta
from random import Random

from stdnum.cn import ric, uscc

# two characters each
BRANDS = (
    "晨光宏远恒泰瑞丰新锐鼎盛博雅嘉禾万通金桥华美远航天成明德安康"
    "利源卓越盛世佳和同创启明星辰东方旭日永兴合众信达长青百川三友"
)
SUFFIXES = ("", "源", "业", "达", "华", "泰", "祥", "隆", "昌", "美")
TRADES = "商贸科技建材餐饮物流装饰广告机电医药食品服装印刷环保咨询汽贸"
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅建国志文海燕晓东雪莹宇轩子涵"
STREETS = (
    "中山路",
    "建设大街",
    "和平路",
    "新华道",
    "朝阳大街",
    "裕华路",
    "长宁道",
    "东风路",
    "开元街",
)
USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
DISTRICTS = {"0311": "130102", "0315": "130202", "0312": "130602"}


class Names:
    """Draws names that are all different, in an order that the seed decides."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.taken: set[str] = set()

    def company(self, city: str) -> str:
        while True:
            brand = self._pair(BRANDS) + self.random.choice(SUFFIXES)
            name = f"{city}{brand}{self._pair(TRADES)}有限公司"
            if name not in self.taken:
                self.taken.add(name)
                return name

    def _pair(self, words: str) -> str:
        at = 2 * self.random.randrange(len(words) // 2)
        return words[at : at + 2]

    def person(self) -> str:
        given = "".join(self.random.choices(GIVEN, k=self.random.choice((1, 2, 2))))
        return self.random.choice(SURNAMES) + given

    def licence(self, area: str) -> str:
        """A unified social credit code of a fictitious company of the district."""
        while True:
            body = "91" + DISTRICTS[area] + "MA" + "".join(self.random.choices(USCC_LETTERS, k=7))
            number: str = body + uscc.calc_check_digit(body)
            if number not in self.taken:
                self.taken.add(number)
                return number

    def resident_id(self, area: str) -> str:
        born = date(1962, 1, 1) + timedelta(days=self.random.randrange(15_000))
        body = f"{DISTRICTS[area]}{born:%Y%m%d}{self.random.randrange(1, 1000):03d}"
        return body + str(ric.calc_check_digit(f"{body}0"))  # the last digit is left out

    def address(self, place: str) -> str:
        street = self.random.choice(STREETS)
        return (
            f"{place}{street}{self.random.randrange(1, 400)}号{self.random.randrange(101, 2510)}室"
        )
