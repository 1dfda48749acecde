"""The standard words of every message and the names they may use; an organisation may set its own words."""

from backend.messages import words_en, words_zh
from backend.tracking.words import Language

STANDARD = {Language.CHINESE: words_zh.CHINESE, Language.ENGLISH: words_en.ENGLISH}
WHAT = {Language.CHINESE: words_zh.WHAT, Language.ENGLISH: words_en.WHAT}
NAMES = (
    "org", "product", "service", "number", "window", "range", "technician", "link", "hotline", "due", "what",
    "detail",
)  # fmt: skip
LINK = "https://example.com/c/q3FkZxJ0TnC1vY8hWb5LsM2uR7eAoI4dKpGtXyVjQwN"
SAMPLE = {
    Language.CHINESE: {
        "org": "晨光电器", "product": "电热水器 60L", "service": "安装", "number": "J2611240001",
        "window": "11月24日 周二 10:00–12:00", "range": "12:20–12:50", "technician": "王师傅",
        "link": LINK, "hotline": "400-800-1234",
        "due": "11月25日 周三 18:00", "what": "新的投诉", "detail": "两颗星：地面没有清理",
    },
    Language.ENGLISH: {
        "org": "Dawn Appliances", "product": "Water heater 60 L", "service": "Installation",
        "number": "J2611240001", "window": "Tue 24 Nov 10:00–12:00", "range": "12:20–12:50",
        "technician": "Master Wang",
        "link": LINK, "hotline": "400-800-1234",
        "due": "Wed 25 Nov 18:00", "what": "New complaint", "detail": "Two stars: the floor was left dirty",
    },
}  # fmt: skip
