"""A month's statement as a file for the vendor's and the brand's accountants."""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.tracking.words import WORDS, Language
from backend.vendors.schemas import StatementLine
from backend.web.spreadsheet import csv_lines

HEADER = {
    Language.CHINESE: (
        "日期", "工单号", "第几次上门", "师傅", "类型", "品类", "产品", "结算价", "币种", "签字内容哈希",
    ),
    Language.ENGLISH: (
        "Day", "Job", "Visit", "Technician", "Type", "Category", "Product", "Pays", "Currency",
        "Hash of what was signed",
    ),
}  # fmt: skip
TOTAL = {Language.CHINESE: "合计", Language.ENGLISH: "Total"}
NO_TARIFF = {Language.CHINESE: "派单时无结算价", Language.ENGLISH: "no tariff when given"}


@dataclass
class Paid:
    """The visits with a price that a file has so far, and their sum."""

    visits: int = 0
    fen: int = 0

    def add(self, found: Sequence[StatementLine]) -> None:
        priced = [line.pays_fen for line in found if line.pays_fen is not None]
        self.visits += len(priced)
        self.fen += sum(priced)


def header(language: Language) -> str:
    return csv_lines([HEADER[language]])


def lines(found: Sequence[StatementLine], currency: str, language: Language) -> str:
    """Visits as rows; one without a tariff says so in place of a price."""
    words, is_english = WORDS[language], language is Language.ENGLISH
    return csv_lines(
        (
            line.day.isoformat(),
            line.number,
            str(line.attempt),
            line.technician,
            words[f"type_{line.type}"],
            line.category,
            line.product_en if is_english else line.product,
            NO_TARIFF[language] if line.pays_fen is None else amount(line.pays_fen),
            "" if line.pays_fen is None else currency,
            line.sha256,
        )
        for line in found
    )


def total(paid: Paid, currency: str, language: Language) -> str:
    return csv_lines(
        [(TOTAL[language], "", str(paid.visits), "", "", "", "", amount(paid.fen), currency, "")]
    )


def amount(fen: int) -> str:
    """80.00, as spreadsheets add it up."""
    return f"{fen // 100}.{fen % 100:02d}"
