# SPDX-License-Identifier: Apache-2.0
"""ONNX Runtime beside `ferv bench infer`: the same row, one clip at a time, the same number of threads.

Use: /usr/bin/python3 benchmarks/infer_reference.py [--ferv build/release/apps/ferv/ferv] [ROW ...]
(Debian: python3-torch, python3-torchvision, npm; onnxruntime-node comes from npm, without its install scripts.)
The reference definition of the row (tests/parity/reference_models.py) is exported to ONNX in float32. ferv and ONNX
Runtime then take turns, each in a process of its own; medians and their ratio are printed as a table. Speed does not
depend on the weights, so both have fresh ones.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROWS = ["r18_lstm", "r3d18"]
CLASSES, FRAMES = 7, 16
NODE_PROGRAM = """
const ort = require('onnxruntime-node');
(async () => {
  const [file, threads, rounds, ...shape] = process.argv.slice(1);
  const session = await ort.InferenceSession.create(file, {
    intraOpNumThreads: Number(threads), interOpNumThreads: 1, graphOptimizationLevel: 'all'});
  const sizes = shape.map(Number);
  const values = Float32Array.from({length: sizes.reduce((a, b) => a * b)}, () => Math.random() - 0.5);
  const clip = new ort.Tensor('float32', values, sizes);
  const times = [];
  for (let i = 0; i < Number(rounds) + 2; ++i) {
    const begin = process.hrtime.bigint();
    await session.run({clip});
    if (i >= 2) times.push(Number(process.hrtime.bigint() - begin) / 1e6);
  }
  times.sort((a, b) => a - b);
  console.log(times[times.length >> 1]);
})();
"""


def export(row, shape, path):
    import torch

    sys.path.insert(0, str(HERE.parent / "tests" / "parity"))
    import reference_models

    model = reference_models.BUILDERS[row](CLASSES).eval()
    torch.onnx.export(model, torch.randn(1, 3, *shape), str(path), input_names=["clip"], output_names=["logits"],
                      opset_version=13)


def install_runtime(folder, version):
    if (folder / "node_modules" / "onnxruntime-node").exists():
        return
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run(["npm", "install", "--prefix", str(folder), "--ignore-scripts", "--no-audit", "--no-fund",
                    f"onnxruntime-node@{version}"], check=True, stdout=subprocess.DEVNULL)


def output_of(command, **options):
    return subprocess.run(command, check=True, capture_output=True, text=True, **options).stdout


def compare(row, options):
    ours, theirs = [], []
    for _ in range(options.rounds):
        found = json.loads(output_of([options.ferv, "bench", "infer", "--json", "--model", row, "--rounds",
                                      str(options.clips), "--windows", "1", "--threads", str(options.threads)]))[0]
        ours.append(found["clip_ms"])
        shape = [int(size) for size in found["input"].replace("x", " ").split()]
        model = options.work / f"{row}.onnx"
        if not model.exists():
            subprocess.run([sys.executable, __file__, "--export", row, str(model), *map(str, shape)], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        theirs.append(float(output_of(["node", "-e", NODE_PROGRAM, str(model), str(options.threads),
                                       str(options.clips), "1", "3", *map(str, shape)], cwd=options.work)))
    ratio = statistics.median(b / a for a, b in zip(ours, theirs))
    return (f"| `{row}` | {found['input']} | {found['precision']} | {statistics.median(ours):.1f} | "
            f"{statistics.median(theirs):.1f} | **{ratio:.2f}** |")


def main():
    if sys.argv[1:2] == ["--export"]:
        export(sys.argv[2], list(map(int, sys.argv[4:])), sys.argv[3])
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ferv", default="build/release/apps/ferv/ferv")
    parser.add_argument("--work", type=pathlib.Path, default=pathlib.Path("build/infer_reference"))
    parser.add_argument("--runtime", default="1.30.0", help="version of onnxruntime-node")
    parser.add_argument("--clips", type=int, default=15, help="clips timed in each turn")
    parser.add_argument("--rounds", type=int, default=3, help="turns")
    parser.add_argument("--threads", type=int, default=len(os.sched_getaffinity(0)))
    parser.add_argument("rows", nargs="*", default=ROWS)
    options = parser.parse_args()
    options.work = options.work.resolve()
    install_runtime(options.work, options.runtime)
    print("| row | input | ferv | ferv, ms | ONNX Runtime fp32, ms | ratio |\n|---|---|---|---|---|---|", flush=True)
    for row in options.rows:
        print(compare(row, options), flush=True)


if __name__ == "__main__":
    main()
