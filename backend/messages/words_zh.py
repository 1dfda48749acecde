"""The standard words of every message in Chinese: subject (for channels that have one) and text."""

from backend.messages.models import MessageEvent as E

CHINESE: dict[E, tuple[str, str]] = {
    E.INVITED: (
        "请选择上门时间",
        "【{{ org }}】您的{{ product }}{{ service }}可以预约了，请选择上门时间：{{ link }}",
    ),
    E.INVITED_AGAIN: (
        "还没选择上门时间",
        "【{{ org }}】您的{{ product }}{{ service }}还没选上门时间，点此选择：{{ link }}",
    ),
    E.BOOKED: (
        "预约成功",
        "【{{ org }}】已为您预约{{ product }}{{ service }}：{{ window }}。查看进度或改时间：{{ link }}",
    ),
    E.CHANGED: (
        "上门时间已更改",
        "【{{ org }}】{{ product }}{{ service }}的上门时间改为：{{ window }}。查看或再改：{{ link }}",
    ),
    E.REMINDER: (
        "明天上门提醒",
        "【{{ org }}】提醒您：{{ window }}上门{{ service }}{{ product }}，请留人在家。{{ link }}",
    ),
    E.ON_THE_WAY: ("师傅已出发", "【{{ org }}】{{ technician }}已出发，正前往您家。实时位置：{{ link }}"),
    E.DELAYED: (
        "师傅会晚到",
        "【{{ org }}】很抱歉，{{ technician }}很可能晚到，预计{{ range }}到达。可查看或改时间：{{ link }}",
    ),
    E.ON_TIME: (
        "师傅能按时到了",
        "【{{ org }}】好消息，{{ technician }}能按约定时段到达，预计{{ range }}。实时进度：{{ link }}",
    ),
    E.NO_SHOW: (
        "抱歉，今天没能上门",
        "【{{ org }}】非常抱歉，我们没能按时上门。请重新选择时间，我们优先安排：{{ link }}",
    ),
    E.ABSENT: (
        "师傅来过，没能见到您",
        "【{{ org }}】师傅已上门，没能见到您。请另选时间：{{ link }}",
    ),
    E.DONE: ("服务完成", "【{{ org }}】{{ product }}{{ service }}已完成并签字，签字回执：{{ link }}/copy"),
    E.RATE: (
        "服务还满意吗",
        "【{{ org }}】上次服务还满意吗？评价只要半分钟：{{ link }}/rate 退订：{{ link }}/messages",
    ),
    E.CANCELLED: (
        "预约已取消",
        "【{{ org }}】{{ product }}{{ service }}已取消。如需重新预约，请联系我们。",
    ),
    E.COMPLAINT: (
        "已收到您的意见",
        "【{{ org }}】很抱歉让您不满意。您的意见已收到，客服会在{{ due }}前联系您。",
    ),
    E.ALERT: ("{{ what }}", "{{ what }}：{{ number }} {{ product }}{{ service }}。{{ detail }}"),
}
WHAT = {
    "complaint": "新的投诉",
    "complaint_due": "投诉即将超时",
    "declined": "师傅拒单",
    "no_show": "师傅没有上门",
    "rejected": "客户不满意，要求返工",
    "undelivered": "通知没有送达客户",
    "test": "测试消息",
}
