"""The signed service report as a PDF: the same bytes for the same signed text, whoever asks and whenever.

Chinese prints from the packaged font; a document embeds only the characters it uses.
"""

from importlib.resources import files
from typing import Final
from unicodedata import category

import segno
from fpdf import FPDF
from fpdf.enums import Align, TableBordersLayout, VAlign, XPos, YPos
from fpdf.fonts import FontFace, TTFFont

from backend.tracking.drawing import SIGNATURE_WIDTH
from backend.tracking.receipt import PartLine, ReceiptView, Signed, is_intact, receipt_view
from backend.tracking.words import WORDS, Language, Words

FONT: Final = "Noto"
INK, PALE, LINE = (24, 28, 36), (92, 99, 112), (208, 213, 221)
MARGIN_MM, WIDTH_MM = 18.0, 174.0
QR_MM, INK_MM = 30.0, 60.0
ROW_MM = 6.2
# For a character the font does not have: what was signed never disappears without a trace.
UNPRINTED: Final = "□"
# What only joins or varies characters is no character of its own.
SHAPING: Final = frozenset({"Cf", "Mn"})


class NotIntactError(ValueError):
    """The stored text no longer has the hash that was signed: no document is made of it."""


class _Paper(FPDF):
    """A4 with the number of the job and the page below."""

    def __init__(self, footer: str) -> None:
        super().__init__(format="A4", unit="mm")
        self._footer = footer
        self.is_complete = True
        font = files("backend.documents") / "fonts" / "NotoSansSC-Regular.ttf"
        self.add_font(FONT, fname=str(font))
        self.set_margins(MARGIN_MM, MARGIN_MM)
        self.set_auto_page_break(auto=True, margin=20)
        self.set_font(FONT, size=10)
        loaded = self.current_font
        self._known = {*loaded.cmap, ord("\n")} if isinstance(loaded, TTFFont) else set[int]()
        self.set_text_color(*INK)
        self.set_draw_color(*LINE)

    def normalize_text(self, text: str) -> str:
        """Called by the library for all it writes; notes where something cannot be printed."""
        known = self._known
        found = "".join(
            one if ord(one) in known else UNPRINTED
            for one in text
            if ord(one) in known or category(one) not in SHAPING
        )
        self.is_complete = self.is_complete and UNPRINTED not in found
        return found

    def footer(self) -> None:
        self.set_y(-14)
        self.set_font(FONT, size=8)
        self.set_text_color(*PALE)
        self.cell(0, 5, self._footer)
        self.cell(0, 5, f"{self.page_no()} / {{nb}}", align=Align.R)
        self.set_text_color(*INK)

    def text_line(self, text: str, size: float = 10, *, is_pale: bool = False) -> None:
        self.set_font(FONT, size=size)
        self.set_text_color(*(PALE if is_pale else INK))
        self.multi_cell(WIDTH_MM, size * 0.56, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.set_text_color(*INK)

    def heading(self, text: str) -> None:
        self.ln(4)
        self.text_line(text, 12)
        self.ln(1)


def render(signed: Signed, verify_url: str) -> bytes:
    """The document of one acceptance, in the language it was signed in; raises NotIntactError."""
    if not is_intact(signed):
        raise NotIntactError
    view = _view(signed)
    words = view.words
    paper = _Paper(f"{view.org_name} · {view.number} · SHA-256 {signed.sha256[:16]}…")
    # The document says when it was signed, not when somebody printed it.
    paper.set_creation_date(signed.signed_at)
    paper.set_title(f"{words['doc_title']} {view.number}")
    paper.set_lang(view.language.value)
    paper.add_page()
    _head(paper, view)
    _pairs(paper, view.facts)
    paper.heading(words["receipt_work"])
    _pairs(paper, view.work) if view.work else paper.text_line(words["receipt_no_work"], is_pale=True)
    _priced(paper, view)
    _signature(paper, view, signed)
    _proof(paper, view, verify_url)
    return bytes(paper.output())


def _view(signed: Signed) -> ReceiptView:
    language = Language.CHINESE
    view = receipt_view(signed, language, WORDS[language])
    if view.content_language != language.value:
        return receipt_view(signed, Language.ENGLISH, WORDS[Language.ENGLISH])
    return view


def _head(paper: _Paper, view: ReceiptView) -> None:
    paper.text_line(view.org_name, 11, is_pale=True)
    paper.text_line(view.words["doc_title"], 20)
    paper.text_line(view.number, 11, is_pale=True)
    paper.ln(3)


def _pairs(paper: _Paper, pairs: list[tuple[str, str]]) -> None:
    paper.set_font(FONT, size=10)
    with paper.table(
        width=WIDTH_MM,
        col_widths=(1, 2.6),
        line_height=ROW_MM,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        first_row_as_headings=False,
        text_align=(Align.L, Align.L),
        v_align=VAlign.T,
        padding=1,
    ) as table:
        for label, value in pairs:
            row = table.row()
            row.cell(label, style=FontFace(color=PALE))
            row.cell(value)


def _priced(paper: _Paper, view: ReceiptView) -> None:
    words = view.words
    paper.heading(words["receipt_parts"])
    if view.parts:
        _price_table(paper, view.parts, "part", words)
    else:
        paper.text_line(words["receipt_no_parts"], is_pale=True)
    if view.extras:
        paper.heading(words["receipt_extras"])
        _price_table(paper, view.extras, "work", words)
    paper.ln(2)
    for label, amount in view.sums:
        _sum(paper, label, amount, 10)
    if not view.fees:
        _sum(paper, words["receipt_total"], view.total, 14)
        return
    _sum(paper, words["receipt_signed_total"], view.total, 10)
    for label, amount in view.fees:
        _sum(paper, label, amount, 10)
    _sum(paper, words["receipt_in_all"], view.in_all, 14)


def _price_table(paper: _Paper, lines: list[PartLine], what: str, words: Words) -> None:
    paper.set_font(FONT, size=10)
    with paper.table(
        width=WIDTH_MM,
        col_widths=(5, 1, 2, 2),
        line_height=ROW_MM,
        borders_layout=TableBordersLayout.HORIZONTAL_LINES,
        text_align=(Align.L, Align.R, Align.R, Align.R),
        v_align=VAlign.T,
        headings_style=FontFace(color=PALE),
        padding=1,
    ) as table:
        table.row([words[f"receipt_{key}"] for key in (what, "qty", "unit", "amount")])
        for line in lines:
            name = f"{line.name}  {line.sku}" + (f"\n{line.reason}" if line.reason else "")
            table.row([name, str(line.qty), line.unit, line.amount])


def _sum(paper: _Paper, label: str, amount: str, size: float) -> None:
    paper.set_font(FONT, size=size)
    paper.cell(WIDTH_MM - 40, size * 0.6, label, align=Align.R)
    paper.cell(40, size * 0.6, amount, align=Align.R, new_x=XPos.LMARGIN, new_y=YPos.NEXT)


def _signature(paper: _Paper, view: ReceiptView, signed: Signed) -> None:
    height = view.ink.height / SIGNATURE_WIDTH * INK_MM if signed.strokes else 0
    if paper.will_page_break(height + 24):
        paper.add_page()
    paper.heading(view.words["receipt_signature"])
    left, top = paper.get_x(), paper.get_y()
    low = min((point["y"] for stroke in signed.strokes for point in stroke), default=0.0)
    paper.set_draw_color(*INK)
    paper.set_line_width(0.5)
    for stroke in signed.strokes:
        line = [(left + p["x"] * INK_MM, top + (p["y"] - low + 0.04) * INK_MM) for p in stroke]
        paper.polyline(line if len(line) > 1 else [*line, (line[0][0] + 0.2, line[0][1])])
    paper.set_draw_color(*LINE)
    paper.set_line_width(0.2)
    paper.set_y(top + height)
    paper.text_line(view.signed)


def _proof(paper: _Paper, view: ReceiptView, verify_url: str) -> None:
    if paper.will_page_break(QR_MM + 14):
        paper.add_page()
    paper.heading(view.words["doc_verify"])
    left, top = paper.get_x(), paper.get_y()
    code = segno.make(verify_url, error="m", micro=False)
    module = QR_MM / code.symbol_size(border=0)[0]
    paper.set_fill_color(0, 0, 0)
    for y, row in enumerate(code.matrix):
        for x, is_dark in enumerate(row):
            if is_dark:
                paper.rect(left + x * module, top + y * module, module, module, style="F")
    paper.set_left_margin(left + QR_MM + 6)
    paper.set_xy(left + QR_MM + 6, top)
    lines = [(view.words["doc_how"], 9.0), (view.sha256, 8.0), (verify_url, 8.0)]
    if not paper.is_complete:
        lines.append((view.words["doc_unprinted"], 9.0))
    for text, size in lines:
        paper.set_font(FONT, size=size)
        paper.multi_cell(
            WIDTH_MM - QR_MM - 6, size * 0.56, text, align=Align.L, new_x=XPos.LMARGIN, new_y=YPos.NEXT
        )
        paper.ln(1)
    paper.set_left_margin(MARGIN_MM)
    paper.set_y(max(paper.get_y(), top + QR_MM))
