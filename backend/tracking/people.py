"""How a technician is presented to a customer: family name, title and whom they work for; never more."""

import base64

from backend.tracking.facts import Who
from backend.tracking.page_view import WhoView
from backend.tracking.words import Words

# Two-character family names common enough to meet; everybody else's is one character.
DOUBLE_SURNAMES = "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 司徒 夏侯 端木 独孤 南宫 长孙"


def who_view(who: Who, org_name: str, words: Words, *, can_call: bool = False) -> WhoView:
    """The technician's card; who may be called is a matter of the visit."""
    surname = family_name(who.name)
    name = words["master"].format(surname=surname) if surname else who.name.split()[0]
    if who.vendor:
        belongs = words["vendor_staff"].format(vendor=who.vendor)
    else:
        belongs = words["own_staff"].format(org=org_name)
    photo = f"data:image/webp;base64,{base64.b64encode(who.photo).decode()}" if who.photo else ""
    call = f"tel:{who.call}" if can_call and who.call else ""
    has_certificate = who.certificate is not None
    return WhoView(name, name[0], belongs, _certified(who, words), photo, call, has_certificate)


def _certified(who: Who, words: Words) -> str:
    """Which certificate they hold, as people call it; that they hold one, where it has no name of ours."""
    if who.certified_as is None:
        return ""
    called = words.get(f"certificate_{who.certified_as}")
    return words["certified_as"].format(certificate=called) if called else words["certified"]


def family_name(name: str) -> str:
    """The family name of a Chinese name, "" for any other."""
    if not name or not all("\u4e00" <= character <= "\u9fff" for character in name):
        return ""
    return name[:2] if len(name) > 2 and name[:2] in DOUBLE_SURNAMES.split() else name[0]
