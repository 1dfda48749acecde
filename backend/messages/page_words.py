"""The words of the page on which a customer says what they want to be told."""

CHINESE = {
    "contact_title": "消息设置",
    "contact_head": "不想再收到评价邀请？",
    "contact_refused_head": "已停止发送",
    "contact_always": "预约、改期、师傅出发这类通知关系到上门，我们总会发给您。",
    "contact_line": "服务后的评价邀请可以停发，随时可以恢复。",
    "contact_refused_line": "我们不会再给您发评价邀请。",
    "contact_refuse": "不再发送",
    "contact_allow": "恢复发送",
}
ENGLISH = {
    "contact_title": "Your messages",
    "contact_head": "No more questions after a visit?",
    "contact_refused_head": "You won’t get any more",
    "contact_always": "We always tell you about an appointment: a time, a change, who is on the way.",
    "contact_line": "We also ask how a visit went. You can stop that, and start it again at any time.",
    "contact_refused_line": "We will not ask you how a visit went any more.",
    "contact_refuse": "Stop these messages",
    "contact_allow": "Send them again",
}
