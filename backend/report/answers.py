"""What is written back to whoever sent an e-mail."""

import re
import uuid

from sqlmodel import Session

from backend.customers.models import Customer
from backend.jobs.models import Job
from backend.messages.channels import Outgoing
from backend.organisations.models import Organisation
from backend.report import letters, repository
from backend.report.models import LetterState, ReportLetter
from backend.tracking.words import Language, choose

_HAN = re.compile(r"[\u4e00-\u9fff]")
_WAITING_ZH = """\
{org}已收到您的邮件，文字和 {count} 个文件都已保存。
请打开下面的链接，选产品、留电话和地址，就能报修并选上门时间：
{link}
链接 14 天内有效。如果不是您发的邮件，不用理会。"""
_WAITING_EN = """\
{org} has your e-mail. Its words and {count} files are kept.
Open this link to choose the product, say where to come, and pick a time:
{link}
The link works for 14 days. If you did not write to us, ignore this e-mail."""
_JOINED_ZH = "{org}已收到您的邮件，文字和文件已加到处理中的工单 {number}，客服和师傅都能看到，不用再报一次。"
_JOINED_EN = """\
{org} has your e-mail. Its words and files were added to {number}, which we are working on.
The office and the technician see them. No need to report it again."""
_WORDS = {
    (Language.CHINESE, LetterState.WAITING): ("已收到您的邮件，还差两步", _WAITING_ZH),
    (Language.ENGLISH, LetterState.WAITING): ("We have your e-mail: two more steps", _WAITING_EN),
    (Language.CHINESE, LetterState.JOINED): ("您的邮件已并入工单 {number}", _JOINED_ZH),
    (Language.ENGLISH, LetterState.JOINED): ("Your e-mail was added to {number}", _JOINED_EN),
}


def answer_to(
    session: Session, org: Organisation, letter_id: uuid.UUID, secret: bytes, base_url: str
) -> Outgoing:
    """The e-mail for a letter's sender: where to go on, or to which job it was added."""
    row = session.get_one(ReportLetter, letter_id)
    job = session.get(Job, row.job_id) if row.job_id is not None else None
    language = _language(session, org, row, job)
    slug = repository.rules_of(session, org.id).slug
    token = letters.token_of(secret, row.id)
    values = {
        "org": org.name,
        "count": str(len(row.files)),
        "number": job.number if job is not None else "",
        "link": f"{base_url}/report/{slug}?mail={token}&lang={language.value}",
    }
    subject, text = (words.format(**values) for words in _WORDS[language, row.state])
    return Outgoing(row.id, "letter", row.sender, language.value, text, values, subject)


def _language(session: Session, org: Organisation, row: ReportLetter, job: Job | None) -> Language:
    """The one they wrote in, else the customer's, else the organisation's."""
    said = row.subject + row.text
    if said.strip():
        return Language.CHINESE if _HAN.search(said) else Language.ENGLISH
    known = session.get_one(Customer, job.customer_id).locale if job is not None else ""
    return choose("", known, "", org.locale)
