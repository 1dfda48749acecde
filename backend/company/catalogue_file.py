"""What a company's file says of what is sold and how it is served."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from backend.company.words import Code, Fen, Key, Level, Name, NameEn, Pieces, Sku, Told
from backend.evidence.checklist import MAX_READING
from backend.jobs.lifecycle import JobType
from backend.parts.service import MAX_QTY

Reading = Annotated[float, Field(ge=-MAX_READING, le=MAX_READING)]
STEP_KINDS = ("check", "reading", "text", "choice", "photo")


class ProductTold(Told):
    sku: Sku
    name: Name
    category: Code
    name_en: NameEn = ""


class PartTold(Told):
    """A part; `stock` is what lies in the warehouse when the company begins."""

    sku: Code
    name: Name
    name_en: NameEn = ""
    barcode: Annotated[str, Field(pattern=r"^[^\s\x00]{0,40}$")] = ""
    price_fen: Fen = 0
    stock: Pieces = 0


class BothLanguages(Told):
    zh: Name
    en: Name


class ChoiceTold(BothLanguages):
    value: Key


class StepTold(Told):
    """One step of a checklist: what the technician ticks, measures, writes, chooses or photographs."""

    key: Key
    kind: Annotated[str, Field(pattern=f"^({'|'.join(STEP_KINDS)})$")]
    title: BothLanguages
    required: bool = False
    unit: Annotated[str, Field(min_length=1, max_length=20)] | None = None
    min: Reading | None = None
    max: Reading | None = None
    choices: list[ChoiceTold] | None = None

    @model_validator(mode="after")
    def _fits_its_kind(self) -> Self:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("must have choices when its kind is choice, and only then")
        if self.kind != "reading" and (self.unit, self.min, self.max) != (None, None, None):
            raise ValueError("must have unit, min and max only when its kind is reading")
        if self.min is not None and self.max is not None and self.min > self.max:
            raise ValueError("must have a min that is not above its max")
        values = [choice.value for choice in self.choices or ()]
        if len(values) != len(set(values)):
            raise ValueError("must have choices with different values")
        return self


class NeededPart(Told):
    sku: Code
    qty: Annotated[int, Field(ge=1, le=MAX_QTY)]


class ServiceTold(Told):
    """How one type of job is done on one category; `steps` are keys of the file's own steps."""

    category: Code
    type: JobType
    minutes: Annotated[int, Field(ge=1, le=1_440)]
    skill: Code
    level: Level = 1
    certificate: Code | None = None
    price_fen: Fen = 0
    unserved_fen: Fen = 30_000
    steps: list[Key] = Field(default_factory=list)
    parts: list[NeededPart] = Field(default_factory=list)


class ExtraTold(Told):
    """Work beyond the order and its price; no category means every product."""

    code: Code
    name: Name
    price_fen: Fen
    name_en: NameEn = ""
    category: Annotated[str, Field(pattern=r"^[^\x00]{0,40}$")] = ""
