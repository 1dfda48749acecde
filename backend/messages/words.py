"""The standard words of every message. `{name}` is filled in; an organisation may set its own."""

from backend.messages.models import MessageEvent
from backend.tracking.words import Language

E = MessageEvent
CHINESE = {
    E.INVITED: "【{org}】您的{product}{service}可以预约了，请选择上门时间：{link}",
    E.BOOKED: "【{org}】已为您预约{product}{service}：{window}。查看进度或改时间：{link}",
    E.ON_THE_WAY: "【{org}】{technician}已出发，正前往您家。实时位置：{link}",
    E.DONE: "【{org}】{product}{service}已完成并签字，签字回执：{link}/copy",
    E.RATE: "【{org}】上次服务还满意吗？评价只要半分钟：{link}/rate",
    E.CANCELLED: "【{org}】{product}{service}已取消。如需重新预约，请联系我们。",
}
ENGLISH = {
    E.INVITED: "{org}: please choose a time for your {product} ({service}): {link}",
    E.BOOKED: "{org}: {product} ({service}) is booked for {window}. Follow or change it: {link}",
    E.ON_THE_WAY: "{org}: {technician} is on the way to you. Where they are: {link}",
    E.DONE: "{org}: {product} ({service}) is done and signed. Your copy: {link}/copy",
    E.RATE: "{org}: were you happy with our visit? Tell us in half a minute: {link}/rate",
    E.CANCELLED: "{org}: {product} ({service}) is cancelled. Contact us to book again.",
}
STANDARD = {Language.CHINESE: CHINESE, Language.ENGLISH: ENGLISH}
NAMES = frozenset({"org", "product", "service", "window", "technician", "link"})
SAMPLE = {
    Language.CHINESE: {
        "org": "晨光电器", "product": "电热水器 60L", "service": "安装",
        "window": "11月24日 周二 10:00–12:00", "technician": "王师傅", "link": "https://example.com/c/…",
    },
    Language.ENGLISH: {
        "org": "Dawn Appliances", "product": "Water heater 60 L", "service": "Installation",
        "window": "Tue 24 Nov 10:00–12:00", "technician": "王师傅", "link": "https://example.com/c/…",
    },
}  # fmt: skip
