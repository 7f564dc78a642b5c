# SPDX-License-Identifier: Apache-2.0
"""Writes the corpora of the fuzz targets: small valid inputs, and ones that are nearly so.

Use: /usr/bin/python3 tests/fuzz/make_corpus.py PATH/TO/ferv (Debian: python3-pil, python3-numpy, python3-torch,
ffmpeg). Packs come from ferv, checkpoints from PyTorch, films from ffmpeg.
"""
import collections
import io
import json
import pathlib
import pickle
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile

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


def safetensors(header, data=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def safetensors_files():
    one = {"dtype": "F32", "shape": [1, 2], "data_offsets": [0, 8]}
    write("safetensors", "plain", safetensors({"__metadata__": {"model": "r18_lstm"}, "a": one}, bytes(8)))
    write("safetensors", "two", safetensors(
        {"a": one, "b": {"dtype": "BF16", "shape": [], "data_offsets": [8, 10]}}, bytes(10)))
    write("safetensors", "overlap", safetensors({"a": one, "b": one}, bytes(8)))
    write("safetensors", "twice", safetensors(b'{"a": 1, "a": 2}'))
    write("safetensors", "huge", safetensors({"a": {**one, "shape": [1 << 62, 4]}}, bytes(8)))
    # JSON readers make a floating-point number of what no integer holds. Found by the fuzzer.
    write("safetensors", "beyond_integers", safetensors({"a": {**one, "shape": [46116868018427387904, 4]}}, bytes(8)))
    write("safetensors", "nested", safetensors(b'{"a":' * 2000))


def checkpoints():
    import torch

    state = collections.OrderedDict(weight=torch.arange(3.0), bias=torch.ones(2).half())
    for name, options in (("archive", {}), ("legacy", {"_use_new_zipfile_serialization": False})):
        stream = io.BytesIO()
        torch.save({"state_dict": state, "epoch": 3}, stream, **options)
        write("pth", name, stream.getvalue())
    archive = zipfile.ZipFile(io.BytesIO((CORPUS / "pth" / "archive").read_bytes()))
    write("pth", "pickle", archive.read("archive/data.pkl"))

    class Call:
        def __reduce__(self):
            return (print, ("called",))

    for protocol in (2, 5):
        write("pth", f"call-{protocol}", pickle.dumps({"state_dict": Call()}, protocol))
        write("pth", f"plain-{protocol}", pickle.dumps([1, 1 << 70, 1.5, "a", b"b", (None, True), {3}], protocol))


def film(name, *options):
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / name
        subprocess.run(["ffmpeg", "-loglevel", "error", "-f", "lavfi", "-i", "testsrc=size=32x24:rate=10:duration=0.5",
                        "-fflags", "+bitexact", *options, path], check=True)
        write("film", name, path.read_bytes())
        return path.read_bytes()


def films():
    whole = film("h264.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p")
    write("film", "cut.mp4", whole[: len(whole) * 2 // 3])
    film("index-last.mov", "-c:v", "mpeg4", "-metadata:s:v", "rotate=90")
    film("fragments.mp4", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-movflags", "frag_keyframe+empty_moov")
    film("vp8.webm", "-c:v", "libvpx", "-b:v", "50k")
    film("mpeg4.avi", "-c:v", "mpeg4")
    film("mpeg2.ts", "-c:v", "mpeg2video", "-f", "mpegts")
    film("picture.gif")
    film("flv1.flv", "-c:v", "flv1")


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
    safetensors_files()
    checkpoints()
    films()


if __name__ == "__main__":
    main()
