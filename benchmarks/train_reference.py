# SPDX-License-Identifier: Apache-2.0
"""The usual PyTorch training script beside `ferv bench train`: eager float32, NCHW, the same row, batch and clips.

Use: /usr/bin/python3 benchmarks/train_reference.py [--ferv build/release/apps/ferv/ferv] [ROW ...]
(Debian: python3-torch, python3-torchvision.) For each row the script and ferv run in turn, each in a process of its own
with the same number of threads, several times; the medians, their ratio and both peaks of memory are printed as a
table. Both take random clips in memory, clip the gradients and step with SGD.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

ROWS = ["r18_lstm", "r3d18", "vgg13_lstm", "c3d", "r50_lstm", "i3d"]
CLASSES, FRAMES, SIZE = 7, 16, 112


def reference_step_rate(row, size, batch, steps, threads):
    import torch

    sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "tests" / "parity"))
    import reference_models

    # The parity reference keeps frames channels-last like ferv; the usual script does not.
    def features_of_all_frames(network, clip):
        count, _, frames = clip.shape[:3]
        pictures = clip.transpose(1, 2).reshape(count * frames, 3, *clip.shape[3:])
        return network(pictures).reshape(count, frames, -1)

    reference_models.features_of_all_frames = features_of_all_frames
    torch.set_num_threads(threads)
    model = reference_models.BUILDERS[row](CLASSES).train()
    clips = torch.randn(batch, 3, *size)
    labels = torch.arange(batch) % CLASSES
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    criterion = torch.nn.CrossEntropyLoss()
    times = []
    for step in range(steps + 1):
        begin = time.perf_counter()
        optimizer.zero_grad()
        criterion(model(clips), labels).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        if step > 0:
            times.append(time.perf_counter() - begin)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return {"clips_per_s": batch / statistics.median(times), "peak_process_bytes": peak}


# glibc gives large blocks back to the system when they are freed, and a step pays for fresh pages again and again.
KEEPING = {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296", "MALLOC_TOP_PAD_": "268435456"}


def call(command, more_environment=None):
    environment = os.environ | (more_environment or {})
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout)


def compare(row, options):
    ours, theirs = [], []
    for _ in range(options.rounds):
        found = call([options.ferv, "bench", "train", "--json", "--model", row, "--batch", str(options.batch),
                      "--rounds", str(options.steps), "--threads", str(options.threads)])[0]
        ours.append(found)
        size = found["input"].replace("x", " ").split()
        theirs.append(call([sys.executable, __file__, "--measure", row, *size, str(options.batch),
                            str(options.steps), str(options.threads)], KEEPING if options.keep_memory else None))
    ratio = statistics.median(a["clips_per_s"] / b["clips_per_s"] for a, b in zip(ours, theirs))

    def middle(runs, key):
        return statistics.median(run[key] for run in runs)

    return (f"| `{row}` | {middle(ours, 'clips_per_s'):.2f} | {middle(theirs, 'clips_per_s'):.2f} | **{ratio:.2f}** | "
            f"{middle(ours, 'of_floor'):.2f} | {middle(ours, 'peak_process_bytes') / 1e6:.0f} | "
            f"{middle(theirs, 'peak_process_bytes') / 1e6:.0f} |")


def main():
    if sys.argv[1:2] == ["--measure"]:
        row, *numbers = sys.argv[2:]
        frames, height, width, batch, steps, threads = map(int, numbers)
        print(json.dumps(reference_step_rate(row, (frames, height, width), batch, steps, threads)))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ferv", default="build/release/apps/ferv/ferv")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("--keep-memory", action="store_true", help="let the script's malloc keep what is freed, as ferv does")
    parser.add_argument("rows", nargs="*", default=ROWS)
    options = parser.parse_args()
    print("| row | ferv, clips/s | script, clips/s | ratio | of the floor | ferv, MB | script, MB |")
    print("|---|---|---|---|---|---|---|", flush=True)
    for row in options.rows:
        print(compare(row, options), flush=True)


if __name__ == "__main__":
    main()
