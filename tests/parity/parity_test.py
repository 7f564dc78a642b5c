# SPDX-License-Identifier: Apache-2.0
"""Holds every architecture of the zoo against plain PyTorch: the same weights must give the same logits, gradients
and running statistics.

    python3 tests/parity/parity_test.py --program build/dev/apps/ferv/ferv-full [ROW ...]

Weights go both ways: PyTorch takes what `ferv zoo init` wrote, name by name and without a left-over, changes it, and
ferv reads back what PyTorch wrote. Exit code 77 means skipped: no PyTorch or torchvision here.
"""
import argparse
import copy
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

try:
    import numpy
    import torch
    import torchvision  # noqa: F401, the reference needs it
except ImportError as error:
    print(f"skipped: {error} (tools/install-deps --tests brings it)")
    sys.exit(77)

from reference_models import BUILDERS

CLASSES = ["Angry", "Disgust", "Fear", "Happy", "Neutral", "Sad", "Surprise"]
LOGIT_TOLERANCE = 1e-4
GRADIENT_TOLERANCE = 1e-4  # of a tensor's gradient, by its norm
FLOAT64_TOLERANCE = 1e-6   # what is written is float32
# A rounding that puts an activation on the other side of its ReLU changes the gradients of all layers before it, and
# batch norm rounds in another order here than in PyTorch. So rows that have it are held to the tolerance of float64
# there, and in float32, whose loops are our own, to these.
FLOAT32_TOLERANCE, FLOAT32_MEDIAN_TOLERANCE = 0.2, 0.01
DTYPES = {"F32": numpy.float32, "I64": numpy.int64}

# T, H, W: small, not square, and odd where the structure leaves a choice.
SIZES = {"c3d": (16, 112, 112), "two_c3d": (16, 112, 112), "i3d": (9, 75, 90), "two_i3d": (10, 64, 81),
         "r3d18": (7, 57, 72), "two_r3d18": (8, 56, 64)}
DEFAULT_SIZE = (3, 64, 80)


def read_safetensors(path):
    """-> {name: tensor}, metadata. The format: a length, a JSON header with ranges of bytes, the bytes."""
    data = numpy.memmap(path, numpy.uint8, "c")
    header_size = int.from_bytes(data[:8].tobytes(), "little")
    header = json.loads(data[8:8 + header_size].tobytes())
    metadata = header.pop("__metadata__", {})
    tensors = {}
    for name, entry in header.items():
        begin, end = entry["data_offsets"]
        values = data[8 + header_size + begin:8 + header_size + end].view(DTYPES[entry["dtype"]])
        tensors[name] = torch.from_numpy(values.reshape(entry["shape"]))
    return tensors, metadata


def write_safetensors(path, tensors, metadata):
    names = {numpy.dtype(dtype): name for name, dtype in DTYPES.items()}
    header, at = {"__metadata__": metadata}, 0
    arrays = {name: tensor.detach().contiguous().numpy() for name, tensor in tensors.items()}
    for name, array in arrays.items():
        header[name] = {"dtype": names[array.dtype], "shape": list(array.shape),
                        "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for array in arrays.values():
            file.write(array.tobytes() if array.ndim == 0 else array.data)


def normalisations(model):
    return [m for m in model.modules() if isinstance(m, (torch.nn.BatchNorm2d, torch.nn.BatchNorm3d))]


def make_state_telling(model, streams):
    """Fresh weights hide errors: scales of 1, statistics of 0 and 1, biases of 0. Gives all of them values."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.dim() == 1:
                parameter.add_(0.1 * torch.randn_like(parameter))
        momenta = [(layer, layer.momentum) for layer in normalisations(model)]
        for layer, _ in momenta:
            layer.momentum = 1.0
        model.train()
        model(*streams)
        for layer, momentum in momenta:
            layer.momentum = momentum
            layer.running_mean.add_(0.1 * layer.running_var.sqrt() * torch.randn_like(layer.running_mean))
            layer.running_var.mul_(torch.empty_like(layer.running_var).uniform_(0.8, 1.25))


def reference_gradients(model, streams):
    """Leaves the model as it was."""
    model = copy.deepcopy(model)
    model.train()
    for layer in model.modules():
        if isinstance(layer, torch.nn.Dropout):
            layer.eval()
    logits = model(*streams)
    torch.nn.functional.cross_entropy(logits, torch.zeros(len(logits), dtype=torch.long)).backward()
    expected = {name: parameter.grad for name, parameter in model.named_parameters()}
    expected.update(model.named_buffers())
    return expected


class Failure(Exception):
    pass


def require(condition, text):
    if not condition:
        raise Failure(text)


def size_of(tensor):
    return torch.linalg.vector_norm(tensor.float(), dtype=torch.float64).item()


def compare_gradients(found, expected, tolerance, median_tolerance):
    """-> the largest relative difference of a tensor. Tensors whose whole gradient is rounding noise (those that a
    following normalisation cancels) are held against the typical size instead of their own."""
    require(set(found) == set(expected), f"gradients of {sorted(set(found) ^ set(expected))[:4]} on one side only")
    norms = {name: size_of(tensor) for name, tensor in expected.items()}
    floor = 1e-4 * numpy.median([norm for norm in norms.values() if norm > 0])
    differences = {name: size_of(found[name] - tensor) / max(norms[name], floor) for name, tensor in expected.items()}
    worst_name = max(differences, key=differences.get)
    worst, median = differences[worst_name], numpy.median(list(differences.values()))
    require(worst < tolerance, f"{worst_name}: gradient differs by {worst:.1e} of its size")
    require(median < median_tolerance, f"gradients differ by {median:.1e} of their size in the median")
    return worst


def check_row(row, program, folder):
    def run(*arguments):
        done = subprocess.run([program, "zoo", *map(str, arguments)], capture_output=True, text=True)
        require(done.returncode == 0, f"ferv zoo {arguments[0]} ended with {done.returncode}: {done.stderr.strip()}")

    torch.manual_seed(7)
    weights, logits, gradients = folder / "weights.safetensors", folder / "logits.npy", folder / "gradients.safetensors"
    size = SIZES.get(row["id"], DEFAULT_SIZE)
    streams = [torch.rand(2, 3, *size) for _ in range(row["stream_count"])]
    inputs = [folder / f"stream{i}.npy" for i in range(len(streams))]
    for path, stream in zip(inputs, streams):
        numpy.save(path, stream.numpy())

    run("init", row["id"], "--seed", 1, "--out", weights)
    tensors, metadata = read_safetensors(weights)
    model = BUILDERS[row["id"]](len(CLASSES))
    model.load_state_dict(tensors, strict=True)
    for parameter in model.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    require(sum(p.numel() for p in model.parameters()) == row["parameter_count"], "another number of parameters")
    make_state_telling(model, streams)
    spec = json.loads(metadata["clip_spec"])
    spec.update(zip(("frames", "height", "width"), size))
    metadata["clip_spec"] = json.dumps(spec)
    del metadata["sampling"]  # of other frames
    write_safetensors(weights, model.state_dict(), metadata)

    arguments = ["--weights", weights, "--model", row["id"], "--input", inputs[0], "--out", logits,
                 "--gradients", gradients]
    second_input = ["--input2", inputs[1]] if len(inputs) > 1 else []
    run("logits", *arguments, *second_input)
    found = torch.from_numpy(numpy.load(logits))
    model.eval()
    with torch.no_grad():
        expected = model(*streams)
    require(found.shape == expected.shape, f"logits are {tuple(found.shape)}, wanted {tuple(expected.shape)}")
    largest = expected.abs().max().item()
    difference = (found - expected).abs().max().item()
    require(difference < LOGIT_TOLERANCE, f"logits differ by {difference:.1e}")
    require(difference < 10 * LOGIT_TOLERANCE * largest, f"logits up to {largest:.1e} differ by {difference:.1e}")
    apart = (expected[0] - expected[1]).abs().max().item()
    require(apart > 10 * max(difference, 1e-7), f"the two clips' logits differ by {apart:.1e} only: nothing is shown")
    has_batch_norm = any(isinstance(layer, torch.nn.modules.batchnorm._BatchNorm) for layer in model.modules())
    tolerances = (FLOAT32_TOLERANCE, FLOAT32_MEDIAN_TOLERANCE) if has_batch_norm else (GRADIENT_TOLERANCE,) * 2
    worst = compare_gradients(read_safetensors(gradients)[0], reference_gradients(model, streams), *tolerances)
    if has_batch_norm:
        run("logits", *arguments, "--gradients-in-fp64", *second_input)
        exact = reference_gradients(model.double(), [stream.double() for stream in streams])
        worst = compare_gradients(read_safetensors(gradients)[0], exact, *(FLOAT64_TOLERANCE,) * 2)
    return f"logits up to {largest:8.3f} differ by {difference:.1e}, gradients by {worst:.1e} of their size"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="the ferv-full to test")
    parser.add_argument("rows", nargs="*", help="only these")
    options = parser.parse_args()
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    listed = json.loads(subprocess.run([options.program, "zoo", "list", "--json"], check=True, capture_output=True).stdout)
    failed = 0
    for row in listed:
        if row["architecture"] != row["id"] or (options.rows and row["id"] not in options.rows):
            continue
        begin = time.monotonic()
        try:
            require(row["id"] in BUILDERS, "no reference in reference_models.py")
            with tempfile.TemporaryDirectory(prefix="ferv_parity_") as folder:
                result = "same: " + check_row(row, options.program, pathlib.Path(folder))
        except (Failure, RuntimeError) as error:
            failed += 1
            result = f"DIFFERS: {error}"
        print(f"{row['id']:<16} {time.monotonic() - begin:5.1f} s  {result}", flush=True)
    print(f"{failed} of the rows differ" if failed else "all rows agree")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
