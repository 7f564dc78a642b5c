# SPDX-License-Identifier: Apache-2.0
"""Prints each tensor of a checkpoint on one line: name, dtype, sizes, bytes in row order as hexadecimal digits.

Use: pth_dump.py FILE, where FILE must hold an OrderedDict of tensors and nothing else.
"""
import collections
import sys

import torch


def dump(state):
    """The lines of a dict of tensors, as dump_of() of the tests writes them."""
    lines = []
    for name, tensor in state.items():
        dtype = str(tensor.dtype).replace("torch.", "")
        sizes = ",".join(str(size) for size in tensor.shape)
        flat = tensor.detach().contiguous().reshape(-1)
        content = flat.view(torch.uint8).numpy().tobytes().hex() if flat.numel() else ""
        lines.append(f"{name} {dtype} [{sizes}] {content}")
    return "".join(line + "\n" for line in lines)


if __name__ == "__main__":
    loaded = torch.load(sys.argv[1], weights_only=True)
    assert type(loaded) is collections.OrderedDict, type(loaded)
    assert all(type(tensor) is torch.Tensor and not tensor.requires_grad for tensor in loaded.values())
    sys.stdout.write(dump(loaded))
