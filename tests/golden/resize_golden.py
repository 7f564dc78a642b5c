# SPDX-License-Identifier: Apache-2.0
"""Writes tests/golden/resize.json: pictures resized by Pillow's BILINEAR, which widens its filter where it shrinks.

Use: /usr/bin/python3 tests/golden/resize_golden.py (Debian: python3-pil). The pictures come from a formula that the
test knows too, so that the file holds results only, as hexadecimal RGB. What lies outside a picture repeats its edge:
Pillow gets a picture padded that way and the rectangle within. With "pad": false it gets the plain picture and cuts
its filter at the edge; all but the outermost pixels of a shrunken picture are the same.
"""
import json
import pathlib

import numpy
from PIL import Image

PAD_PX = 40

# (source width, height), (left, top, width, height) of the rectangle, (target width, height), padded
CASES = [
    ((24, 18), (0, 0, 24, 18), (24, 18), True),
    ((24, 18), (0, 0, 24, 18), (12, 9), True),
    ((24, 18), (0, 0, 24, 18), (7, 5), True),
    ((24, 18), (0, 0, 24, 18), (7, 5), False),
    ((24, 18), (0, 0, 24, 18), (31, 40), False),
    ((24, 18), (0, 0, 24, 18), (10, 30), True),
    ((24, 18), (5, 3, 12, 10), (12, 10), True),
    ((24, 18), (4.25, 2.5, 13.5, 11.75), (9, 9), True),
    ((24, 18), (4.25, 2.5, 13.5, 11.75), (20, 16), True),
    ((24, 18), (-6, -4.5, 20, 20), (10, 10), True),
    ((24, 18), (15, 10, 20, 20), (16, 16), True),
    ((40, 3), (0, 0, 40, 3), (3, 3), True),
    ((1, 1), (0, 0, 1, 1), (4, 4), True),
]


def picture(width, height):
    y, x, channel = numpy.mgrid[0:height, 0:width, 0:3]
    return ((x * 37 + y * 91 + channel * 53 + x * y * 7) % 256).astype(numpy.uint8)


def case(source, box, target, padded):
    pad = PAD_PX if padded else 0
    pixels = numpy.pad(picture(*source), ((pad, pad), (pad, pad), (0, 0)), mode="edge")
    left, top, width, height = box
    result = Image.fromarray(pixels).resize(
        target, Image.BILINEAR, box=(left + pad, top + pad, left + width + pad, top + height + pad))
    return {"source": source, "box": box, "target": target, "pad": padded, "pixels": result.tobytes().hex()}


def main():
    lines = [json.dumps(case(*parameters)) for parameters in CASES]
    path = pathlib.Path(__file__).parent / "resize.json"
    path.write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
