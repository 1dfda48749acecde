"""The work of the demo day: about ninety jobs at real communities, for customers who do not exist."""

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass

from backend.demo.catalogue import catalogue
from backend.demo.ids import demo_phone
from backend.geocoding.datum import Point
from backend.geocoding.gazetteer import Community, beijing
from backend.jobs.lifecycle import JobType

SEED = 20_261_122
JOBS_TODAY = 88
JOBS_TOMORROW = 24
DOOR_SPREAD_DEG = 0.0006

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧"
TITLES = ("先生", "女士")
CATEGORY_WEIGHTS = {
    "air_conditioner": 20,
    "washing_machine": 14,
    "dishwasher": 7,
    "water_heater": 8,
    "gas_water_heater": 5,
    "gas_hob": 5,
    "smart_lock": 11,
    "robot_vacuum": 12,
    "tv": 13,
}
TYPE_WEIGHTS = {JobType.INSTALL: 52, JobType.REPAIR: 24, JobType.MAINTAIN: 18, JobType.INSPECT: 6}
# Local hours of the promised window and how often customers take it.
WINDOWS = (
    ((9, 11), 10),
    ((10, 12), 12),
    ((13, 15), 12),
    ((14, 16), 14),
    ((15, 17), 12),
    ((16, 18), 10),
    ((9, 12), 14),
    ((13, 18), 16),
)
FAULTS = {
    "air_conditioner": ("开机后不制冷，室内机有异响", "室内机漏水到墙面", "外机不启动，显示 E5"),
    "washing_machine": ("脱水时剧烈抖动", "不排水，报 E21", "门封圈漏水"),
    "dishwasher": ("碗洗不干净，喷臂不转", "结束后机底有水", "不进水"),
    "water_heater": ("水不热", "漏电保护频繁跳闸", "泄压阀持续滴水"),
    "gas_water_heater": ("打火后熄灭", "水温忽冷忽热", "报 E1"),
    "gas_hob": ("左灶打不着火", "松手就熄火", "火焰发黄"),
    "smart_lock": ("人脸识别不了", "电池三天就没电", "锁舌伸不到位"),
    "robot_vacuum": ("找不到充电座", "边刷不转", "拖布不抬起"),
    "tv": ("有声音没图像", "屏幕一侧发暗", "自动关机"),
}
NOTES = (
    "",
    "",
    "",
    "到之前请打电话",
    "家里有老人，按门铃等久一点",
    "停车请走北门",
    "小区需登记，报业主房号",
    "有小狗，别怕",
)
UNKNOWN_ADDRESSES = ("朝阳区望京东园五区新交付 3 号楼 2 单元 1102", "海淀区上庄镇翠湖别墅南区 17 号")


@dataclass(frozen=True)
class DemoJob:
    """One piece of work of the demo, before it is in any database. Times are local hours of its day."""

    index: int
    customer: str
    phone: str
    address: str
    community: Community | None
    point: Point | None
    sku: str
    type: JobType
    hours: tuple[int, int]
    description: str
    note: str
    days_ahead: int

    def window(self, midnight: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
        """The promised window in UTC, for the demo day's local midnight."""
        start, end = (midnight + dt.timedelta(days=self.days_ahead, hours=hour) for hour in self.hours)
        return start.astimezone(dt.UTC), end.astimezone(dt.UTC)


def demo_jobs(seed: int = SEED) -> list[DemoJob]:
    """The jobs of the demo day and the day after it; two of today's are where no map knows."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable story, not a secret
    communities = sorted(beijing().communities, key=lambda each: each.name)
    chance.shuffle(communities)
    jobs = [
        _job(chance, index, communities[index % len(communities)], 0 if index < JOBS_TODAY else 1)
        for index in range(JOBS_TODAY + JOBS_TOMORROW)
    ]
    return [*jobs, *_unlocated(chance, len(jobs))]


def _job(chance: random.Random, index: int, community: Community, days_ahead: int) -> DemoJob:
    category = chance.choices(list(CATEGORY_WEIGHTS), list(CATEGORY_WEIGHTS.values()))[0]
    job_type = chance.choices(list(TYPE_WEIGHTS), list(TYPE_WEIGHTS.values()))[0]
    hours = chance.choices([each for each, _ in WINDOWS], [weight for _, weight in WINDOWS])[0]
    point = Point(
        round(community.point.lat + chance.uniform(-DOOR_SPREAD_DEG, DOOR_SPREAD_DEG), 6),
        round(community.point.lng + chance.uniform(-DOOR_SPREAD_DEG, DOOR_SPREAD_DEG), 6),
    )
    return DemoJob(
        index=index,
        customer=chance.choice(SURNAMES) + chance.choice(TITLES),
        phone=demo_phone("customer", index + 1),
        address=f"{community.district}{community.name}{_door(chance)}",
        community=community,
        point=point,
        sku=chance.choice([row["sku"] for row in catalogue()["products"] if row["category"] == category]),
        type=job_type,
        hours=hours,
        description=chance.choice(FAULTS[category]) if job_type is JobType.REPAIR else "",
        note=chance.choice(NOTES),
        days_ahead=days_ahead,
    )


def _door(chance: random.Random) -> str:
    building, entrance, floor, flat = (chance.randint(1, most) for most in (18, 4, 18, 4))
    return f"{building}号楼{entrance}单元{floor}{flat:02d}"


def _unlocated(chance: random.Random, first: int) -> Iterator[DemoJob]:
    for index, address in enumerate(UNKNOWN_ADDRESSES, start=first):
        yield DemoJob(
            index=index,
            customer=chance.choice(SURNAMES) + chance.choice(TITLES),
            phone=demo_phone("customer", index + 1),
            address=address,
            community=None,
            point=None,
            sku="SM-WT08",
            type=JobType.INSTALL,
            hours=(14, 16),
            description="",
            note="",
            days_ahead=0,
        )
