# SPDX-License-Identifier: Apache-2.0
"""Writes the checkpoints in tests/golden/pth with PyTorch 1.13.1, and beside each the tensors it should give.

Use: /usr/bin/python3 tests/golden/pth_golden.py (writes into tests/golden/pth). X.pth has its tensors in X.txt, in
the form of pth_dump.py; a file in refused/ has no such text: each is to be refused, and the name of what it would
call is in the tests.
"""
import argparse
import collections
import pathlib
import zipfile

import numpy
import torch

from pth_dump import dump

FOLDER = pathlib.Path(__file__).parent / "pth"


def numbers(*sizes):
    """Values that are exact in every floating-point type."""
    count = int(numpy.prod(sizes))
    return (torch.arange(count, dtype=torch.float32) / 8 - 1).reshape(sizes)


def network():
    module = torch.nn.Sequential(collections.OrderedDict(conv=torch.nn.Conv2d(2, 3, 2), norm=torch.nn.BatchNorm2d(3)))
    with torch.no_grad():
        for tensor in module.state_dict().values():
            tensor.copy_(numbers(*tensor.shape))
    module.norm.num_batches_tracked.fill_(7)
    return module


def write(name, content, expected, **options):
    torch.save(content, FOLDER / f"{name}.pth", **options)
    (FOLDER / f"{name}.txt").write_text(dump(expected))


def training_state(state):
    """What a training script saves beside its weights; the optimiser and schedule have taken a step."""
    module = network()
    optimizer = torch.optim.Adam(module.parameters(), lr=0.01)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [10, 20])
    module(torch.ones(1, 2, 4, 4)).sum().backward()
    optimizer.step()
    schedule.step()
    return {
        "epoch": 12, "arch": "net", "best_acc": torch.tensor(0.5), "loss": 1.25, "args": None, "done": True,
        "history": [0.5, 0.25, {"train": (1, 2)}], "seed": 2**70, "labels": ["happy", "sad"],
        "state_dict": state, "optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(),
        "blob": b"bytes", "device": torch.device("cpu"), "dtype": torch.float32, "size": torch.Size([1, 2]),
    }


def all_dtypes():
    state = collections.OrderedDict()
    for dtype in (torch.float16, torch.bfloat16, torch.float32, torch.float64, torch.int64, torch.int32, torch.int16,
                  torch.int8):
        state[str(dtype)[6:]] = (numbers(2, 3) * 8).to(dtype)
    state["uint8"] = torch.tensor([0, 1, 255], dtype=torch.uint8)
    state["bool"] = torch.tensor([True, False])
    return state


def views():
    base = numbers(4, 6)
    return collections.OrderedDict(
        whole=base, again=base, row=base[2], column=base[:, 1], transposed=base.t(), every_second=base[::2, 1::3],
        expanded=numbers(3, 1).expand(3, 4), scalar=base[3, 5], empty=base[4:], channels_last=numbers(
            2, 3, 2, 2).contiguous(memory_format=torch.channels_last))


class Call:
    """Unpickles into the result of a call."""

    def __init__(self, function, *arguments):
        self.content = (function, arguments)

    def __reduce__(self):
        return self.content


def write_refused():
    import os
    folder = FOLDER / "refused"
    folder.mkdir(exist_ok=True)
    weight = numbers(2, 2)
    for name, value in {
            "os_system": Call(os.system, "true"),
            "builtins_eval": Call(eval, "1 + 1"),
            "nested_getattr": Call(getattr, Call(__import__, "os"), "system"),
            "argparse_namespace": argparse.Namespace(lr=0.1),
            "numpy_scalar": numpy.float64(0.5),
            "whole_module": torch.nn.Linear(2, 2),
    }.items():
        torch.save({"state_dict": {"weight": weight}, "extra": value}, folder / f"{name}.pth")
    torch.save({"weight": Call(os.system, "true")}, folder / "os_system_protocol4.pth", pickle_protocol=4)
    torch.save({"weight": Call(os.system, "true")}, folder / "os_system_legacy.pth",
               _use_new_zipfile_serialization=False)
    torch.save({"weight": numbers(2, 2).to(torch.complex64)}, folder / "complex.pth")
    torch.save({"weight": numbers(2, 2).to_sparse()}, folder / "sparse.pth")
    torch.save({"epoch": 3, "note": "nothing"}, folder / "no_tensors.pth")
    torch.save([weight], folder / "list.pth")
    torch.jit.script(torch.nn.Linear(2, 2)).save(str(folder / "torchscript.pth"))
    with zipfile.ZipFile(FOLDER / "plain.pth") as source, \
            zipfile.ZipFile(folder / "deflated.pth", "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name), source.read(name), zipfile.ZIP_DEFLATED)


def main():
    FOLDER.mkdir(exist_ok=True)
    state = network().state_dict()
    parallel = collections.OrderedDict(("module." + name, tensor) for name, tensor in state.items())
    write("plain", state, state)
    write("plain_dict", dict(state), state)
    write("wrapped", training_state(state), state)
    write("nested", {"model": {"state_dict": parallel, "epoch": 1}, "optimizer": {}}, state)
    write("net", {"net": state, "acc": 50.0}, state)
    write("parallel", parallel, state)
    parameters = collections.OrderedDict(network().named_parameters())
    write("parameters", parameters, parameters)
    write("dtypes", all_dtypes(), all_dtypes())
    write("views", views(), views())
    write("protocol4", training_state(state), state, pickle_protocol=4)
    write("legacy", state, state, _use_new_zipfile_serialization=False)
    write("legacy_wrapped", training_state(parallel), state, _use_new_zipfile_serialization=False)
    write("legacy_views", views(), views(), _use_new_zipfile_serialization=False)
    write("legacy_dtypes", all_dtypes(), all_dtypes(), _use_new_zipfile_serialization=False)
    write_refused()


if __name__ == "__main__":
    main()
