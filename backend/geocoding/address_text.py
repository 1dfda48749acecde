"""Address text brought to one spelling, so that names in it can be compared."""

import re
import unicodedata

_DIGITS = {
    "〇": 0,
    "零": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_COUNTED = "区号期院栋楼里座单元村社条层室"
_NUMERAL = re.compile(rf"([〇零一二两三四五六七八九十百]+)(?=[{_COUNTED}]|$)")
_NOISE = re.compile(r"[\s,。、;:·\-—_~#*\"'‘’“”()\[\]{}<>《》【】]+")


def canonical(text: str) -> str:
    """Half-width, lower case, without spaces and punctuation, counted Chinese numerals as digits.

    A separator between two digits is kept as one dash, so that 2-15 never becomes 215.
    """
    text = unicodedata.normalize("NFKC", text).casefold()
    text = re.sub(r"(?<=\d)[\s,、;\-—_#]+(?=\d)", "\x00", text)
    text = _NOISE.sub("", text).replace("\x00", "-")
    return _NUMERAL.sub(lambda match: str(_numeral(match[1])), text)


def _numeral(text: str) -> int | str:
    if not re.search("[十百]", text):
        return "".join(str(_DIGITS[char]) for char in text)
    total, pending = 0, 0
    for char in text:
        if char in "十百":
            total += (pending or 1) * (10 if char == "十" else 100)
            pending = 0
        else:
            pending = _DIGITS[char]
    return total + pending
