# SPDX-License-Identifier: Apache-2.0
"""Writes the corpora of the fuzz targets: small valid inputs, and ones that are nearly so.

Use: /usr/bin/python3 tests/fuzz/make_corpus.py PATH/TO/ferv (Debian: python3-pil, python3-numpy). Packs come from ferv.
"""
import io
import pathlib
import subprocess
import sys
import tarfile
import tempfile

import numpy
from PIL import Image

CORPUS = pathlib.Path(__file__).parent / "corpus"


def write(target, name, data):
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)


def jpeg(mode="RGB", size=(24, 17), **options):
    values = numpy.arange(size[0] * size[1] * len(mode), dtype=numpy.uint8).reshape(size[1], size[0], len(mode))
    stream = io.BytesIO()
    Image.fromarray(values.squeeze(), mode).save(stream, "JPEG", **options)
    return stream.getvalue()


def tar(names, format):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=format) as archive:
        for name in names:
            member = tarfile.TarInfo(name)
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    return stream.getvalue()[:-8192]


def npy(array, version=None):
    stream = io.BytesIO()
    numpy.lib.format.write_array(stream, array, version)
    return stream.getvalue()


def packs(ferv):
    with tempfile.TemporaryDirectory() as scratch:
        root = pathlib.Path(scratch)
        for clip in ("War/Sad/0000", "War/Sad/0001"):
            folder = root / "data/2_ClipsforFaceCrop" / clip
            folder.mkdir(parents=True)
            for frame in range(2):
                (folder / f"{frame:02}.jpg").write_bytes(jpeg(size=(8, 8)))
        lists = root / "data/4_setups/All_scenes"
        lists.mkdir(parents=True)
        (lists / "train_All.csv").write_text("War/Sad/0000 Sad\n")
        (lists / "test_All.csv").write_text("War/Sad/0001 Sad\n")
        for options in (["--raw", "--size", "8"], ["--original"]):
            out = root / f"{options[0][2:]}.pack"
            subprocess.run([ferv, "data", "pack", root / "data", "--out", out, *options], check=True,
                           stdout=subprocess.DEVNULL)
            data = out.read_bytes()
            write("pack", out.name, data)
            write("pack", f"{out.stem}-cut.pack", data[:-100])


def main():
    write("annotation", "official", "Action/Sad/0010 Sad\nDailyLife/Angry/0619 Angry\n")
    write("annotation", "windows", b"\xef\xbb\xbfAction\\Sad\\0010 Sad\r\n\r\nWar/Fear/0001 Fear")
    write("annotation", "header", "path label\nAction/Sad/0010 Sad\n")
    for name, options in (("baseline", {}), ("progressive", {"progressive": True}), ("small", {"quality": 5})):
        write("jpeg", f"{name}.jpg", jpeg(**options))
    write("jpeg", "grey.jpg", jpeg("L"))
    write("jpeg", "four-colours.jpg", jpeg("CMYK"))
    write("jpeg", "cut.jpg", jpeg()[:-60])
    names = ["War/Sad/0000.json", "War/Sad/0000.face.00.jpg", "x" * 150 + ".jpg"]
    for name, form in (("gnu", tarfile.GNU_FORMAT), ("pax", tarfile.PAX_FORMAT)):
        write("tar", f"{name}.tar", tar(names, form))
    write("tar", "ustar.tar", tar(names[:2] + ["y" * 90 + "/" + "z" * 90], tarfile.USTAR_FORMAT))
    array = numpy.arange(6, dtype=numpy.float32).reshape(2, 3)
    write("npy", "v1.npy", npy(array))
    write("npy", "v2.npy", npy(array, (2, 0)))
    write("npy", "double.npy", npy(array.astype(numpy.float64)))
    header = "clip,label,predicted,Happy,Sad\n"
    write("results", "plain.csv", header + "a,Happy,Sad,0.25,0.75\nb,Sad,Sad,0.1,0.9\n")
    write("results", "quoted.csv", header + '"a",Happy,Sad,0.25,0.75\r\n')
    write("results", "bad.csv", header + "a,Happy,Sad,1.25,-0.25\n")
    packs(sys.argv[1])


if __name__ == "__main__":
    main()
