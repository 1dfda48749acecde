"""Small video files box by box (ISO/IEC 14496-12), as phones write them."""

import struct

PLACE = b"+39.9042+116.4074/"


def box(kind: bytes, *inside: bytes) -> bytes:
    held = b"".join(inside)
    return struct.pack(">I4s", 8 + len(held), kind) + held


def track(handler: bytes, codec: bytes) -> bytes:
    heading = box(b"tkhd", bytes(76), struct.pack(">II", 640 << 16, 360 << 16))
    table = box(b"stsd", bytes(4), struct.pack(">I", 1), box(codec, bytes(16)))
    media = box(b"mdia", box(b"hdlr", bytes(8), handler, bytes(13)), box(b"minf", box(b"stbl", table)))
    return box(b"trak", heading, media)


def film(*, seconds: int = 12, codec: bytes = b"avc1", brand: bytes = b"isom", tail: bytes = b"") -> bytes:
    """A video that says where it was taken, in the three places phones say so."""
    heading = box(b"mvhd", bytes(12), struct.pack(">II", 600, 600 * seconds), bytes(80))
    notes = box(b"udta", box("©xyz".encode("latin-1"), PLACE)) + box(b"meta", PLACE)
    held = box(
        b"moov", heading, track(b"vide", codec), track(b"soun", b"mp4a"), track(b"meta", PLACE[:4]), notes
    )
    start = box(b"ftyp", brand, bytes(4), b"mp42")
    return start + box(b"mdat", b"picture and sound" * 20) + held + tail
