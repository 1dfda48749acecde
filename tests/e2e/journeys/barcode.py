"""An EAN-13 as a camera sees it: drawn from the standard's tables, in a file Chromium plays as its camera."""

from pathlib import Path

from PIL import Image, ImageDraw

# GS1 General Specifications: the odd (L) code of each digit; G is its R code mirrored, R its complement.
LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011",
        "0110001", "0101111", "0111011", "0110111", "0001011")  # fmt: skip
PARITY = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")
MODULE_PX = 4
FRAMES = 30


def check_digit(first_twelve: str) -> str:
    total = sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(first_twelve))
    return str(-total % 10)


def modules(code: str) -> str:
    """The 95 bars and spaces of thirteen digits."""
    right = {digit: "".join("10"[int(bit)] for bit in bits) for digit, bits in enumerate(LEFT)}
    sides = {"L": LEFT, "G": [right[digit][::-1] for digit in range(10)]}
    left_half = "".join(
        sides[side][int(digit)] for side, digit in zip(PARITY[int(code[0])], code[1:7], strict=True)
    )
    return "101" + left_half + "01010" + "".join(right[int(digit)] for digit in code[7:]) + "101"


def film(code: str, path: Path) -> Path:
    """A second of motion JPEG that shows the barcode on a bag, as the camera's picture."""
    picture = Image.new("RGB", (640, 480), (214, 208, 196))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((90, 120, 550, 360), fill="white")
    for at, bit in enumerate(modules(code)):
        if bit == "1":
            draw.rectangle((130 + at * MODULE_PX, 150, 130 + (at + 1) * MODULE_PX - 1, 330), fill="black")
    frame = path.with_suffix(".jpg")
    picture.save(frame, "JPEG", quality=90)
    path.write_bytes(frame.read_bytes() * FRAMES)
    return path
