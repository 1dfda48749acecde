"""Communities found in address texts, and not found where a guess would send someone to the wrong door."""

import pytest

from backend.geocoding.address_text import canonical
from backend.geocoding.datum import Point, distance_m
from backend.geocoding.gazetteer import Community, Gazetteer, beijing


@pytest.mark.parametrize(
    ("address", "community"),
    [
        ("北京市丰台区西罗园三区5号楼2单元301", "西罗园三区"),
        ("丰台区 西罗园 3区 5-2-301", "西罗园三区"),  # digits for numerals, spaces anywhere
        ("丰台区西罗园小区三区5号楼", "西罗园三区"),  # 小区 in the middle of a name
        ("北京 丰台 ＸＩＬＵＯ 西罗园三区", "西罗园三区"),  # full-width letters beside it
        ("海淀区ｉＭＯＭＡ3号楼", "iMOMA"),
        ("朝阳区安慧北里秀园2号楼", "安慧北里秀园"),  # not 安慧北里, which is inside it
        ("海淀区蓝靛厂睛波园3号楼", "晴波园"),  # one wrong letter, helped by its address 蓝靛厂晴波园
        ("朝阳区安惠北里秀园3号楼", "安慧北里秀园"),  # one wrong letter
        ("朝阳区八里庄西里99号院", "远洋天地二期"),  # by its building address
        ("北京华侨城1号院12-3-501", "北京华侨城1号院"),  # the city's name belongs to the community's
        ("昌平区天通苑本六区3号楼", "天通苑本六区"),
        ("龙跃苑二区17号楼", "龙跃苑二区"),
    ],
)
def test_finds_the_community_an_address_names(address: str, community: str) -> None:
    match = beijing().find(address)
    assert match.community is not None
    assert match.community.name == community


@pytest.mark.parametrize(
    "address",
    [
        "",
        "丰台区西罗园5区3号楼",  # another number is another place, not a typing error
        "朝阳区甜水园西里3号楼",  # another compass point likewise
        "昌平区龙跃苑",  # which of several
        "海淀区晴波园林路3号",  # the name is only part of a word
        "海淀区长春园3号楼",  # ends like 春园
        "丰台区宋庄路71号院",  # a street is kilometres long
        "上海市西罗园三区5号楼",  # the same name in another city
        "河北省石家庄市裕华区红庙北里3号楼",
        "东城区龙跃苑二区3号",  # the district contradicts the community's
        "学院路甲91号院",  # 甲9号院 is another house
        "朝阳区晨光家园305",  # not 晨光小区
        "望京西园四区12号",  # another name, not 西罗园四区 with a slip
    ],
)
def test_does_not_guess(address: str) -> None:
    assert beijing().find(address).community is None


def test_two_far_candidates_are_ambiguous_and_none_is_chosen() -> None:
    match = beijing().find("阜成路甲52号院对面稻香园3号")
    assert match.is_ambiguous
    assert {candidate.name for candidate in match.candidates} == {"阜成路甲52号院", "稻香园"}


def test_namesakes_are_told_apart_by_district() -> None:
    here = Community("幸福里", "朝阳区", "", Point(39.95, 116.48))
    there = Community("幸福里", "海淀区", "", Point(39.98, 116.30))
    gazetteer = Gazetteer([here, there])
    assert gazetteer.find("幸福里3号楼").is_ambiguous
    assert gazetteer.find("海淀区幸福里3号楼").community == there


def test_no_packaged_community_is_ever_found_somewhere_else() -> None:
    gazetteer = beijing()
    found = 0
    for community in gazetteer.communities:
        match = gazetteer.find(f"北京市{community.district}{community.name}3号楼2单元501")
        if match.community is not None:
            found += 1
            assert distance_m(match.community.point, community.point) < 300, community
    assert len(gazetteer.communities) == 236
    assert found >= 215


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("西罗园　三区", "西罗园3区"),
        ("第二十三栋", "第23栋"),
        ("一百零二号院", "102号院"),
        ("十里堡", "10里堡"),
        ("２－１５－３０１", "2-15-301"),
        ("3号楼，501（东门）", "3号楼501东门"),
    ],
)
def test_spellings_of_one_address_become_one(text: str, expected: str) -> None:
    assert canonical(text) == expected
