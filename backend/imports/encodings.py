"""Which encoding a text file is in, judged by its bytes."""

import codecs

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
SAMPLE_BYTES = 4096
MANY_NULS = 0.2


def decode(data: bytes) -> tuple[str, str]:
    """The text and the encoding's name; never fails.

    Bytes that fit no encoding become U+FFFD, and the name ends in `?`.
    """
    for bom, encoding in BOMS:
        if data.startswith(bom):
            return _read(data, encoding)
    wide = _wide_encoding(data)
    if wide:
        return _read(data, wide)
    for encoding in ("utf-8", "gbk", "gb18030"):
        try:
            return data.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    return min((_read(data, encoding) for encoding in ("utf-8", "gb18030")), key=_damage)


def _read(data: bytes, encoding: str) -> tuple[str, str]:
    try:
        return data.decode(encoding), encoding
    except UnicodeDecodeError:
        return data.decode(encoding, errors="replace"), f"{encoding}?"


def _damage(read: tuple[str, str]) -> int:
    return read[0].count("�")


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a byte order mark shows as NULs in every second byte of its ASCII."""
    sample = data[:SAMPLE_BYTES]
    pairs = max(1, len(sample) // 2)
    if sample[1::2].count(0) / pairs > MANY_NULS:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) / pairs > MANY_NULS else None
