"""The documents in Chinese. `{name}` is filled in."""

CHINESE = {
    "doc_title": "服务验收单",
    "doc_verify": "核验",
    "doc_how": "扫码或打开下面的网址，可核对这份文件的内容指纹（SHA-256）是否在系统中登记。",
    "doc_download": "下载 PDF",
    "doc_typed": "{signer} 于 {time} 输入姓名确认",
    "ver_title": "文件核验",
    "ver_valid_head": "文件有效",
    "ver_valid_line": "这个指纹对应一份已签字的验收单，内容与签字时一致。",
    "ver_altered_head": "记录与签字时不一致",
    "ver_altered_line": "请不要采信这份文件，并联系商家。",
    "ver_unknown_head": "没有这份文件",
    "ver_unknown_line": "系统中没有登记这个指纹。请检查网址是否完整。",
    "ver_org": "商家",
    "ver_service": "服务",
    "ver_day": "签字日期",
    "ver_total": "合计金额",
    "ver_privacy": "为保护隐私，这里不显示客户和地址。",
}
