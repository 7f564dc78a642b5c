# SPDX-License-Identifier: Apache-2.0
"""Writes tests/golden/sampling.json: which frames the published readers take, by their formulas.

Use: /usr/bin/python3 tests/golden/sampling_golden.py (Debian: python3-numpy). Where a reader draws, ferv's own random
numbers (SplitMix64) stand in for NumPy's, in the order of the formula's draws.
"""
import json
import pathlib

import numpy

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        z = self.state
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & MASK
        return z ^ (z >> 31)

    def below(self, count):
        while True:
            value = self.next()
            if value >= ((1 << 64) - count) % count:
                return value % count


def consecutive(offsets, n, d):
    return [int(min(offset + k, n - 1)) for offset in offsets for k in range(d)]


def former_dfer(n, s, d, random):
    """Training draws an offset in every segment; tests take its middle."""
    if random is None:
        tick = (n - d + 1) / s
        offsets = [int(tick / 2 + tick * k) for k in range(s)] if n > s + d - 1 else [0] * s
        return consecutive(offsets, n, d)
    average = (n - d + 1) // s
    if average > 0:
        offsets = [k * average + random.below(average) for k in range(s)]
    elif n > s:
        offsets = sorted(random.below(n - d + 1) for _ in range(s))
    else:
        offsets = [0] * s
    return consecutive(offsets, n, d)


def dfer_clip(n, s, d, random):
    if n < s * d:
        return numpy.pad(numpy.arange(n), (0, s * d - n), "edge").tolist()
    return former_dfer(n, s, d, random)


def m3dfel(n, s, d, random):
    t = s * d
    return [min(int(n * i / t) + (random.below(t) if random else 0), n - 1) for i in range(t)]


def mae_dfer(n, t, random, view, view_count):
    if n <= t:
        index = numpy.concatenate((numpy.linspace(0, n, num=n), numpy.ones(t - n) * n))
        return numpy.clip(index, 0, n - 1).astype(int).tolist()
    if random is not None:
        start = random.below(n - t)  # their end is drawn from [t, n)
        index = numpy.linspace(start, start + t, num=t)
        return numpy.clip(index, start, start + t - 1).astype(int).tolist()
    start = int(view * (n - t) / (view_count - 1)) if view_count > 1 else (n - t) // 2
    return list(range(start, start + t))


def rows():
    lengths = list(range(1, 49)) + [100, 333]
    for n in lengths:
        for method, formula, s, d in [("segments", former_dfer, 8, 2), ("padded", dfer_clip, 16, 1),
                                      ("spread", m3dfel, 16, 1)]:
            row = {"method": method, "segments": s, "frames_per_segment": d, "n": n}
            yield {**row, "frames": formula(n, s, d, None)}
            yield {**row, "seed": 7 * n, "frames": formula(n, s, d, SplitMix64(7 * n))}
        row = {"method": "dense", "segments": 16, "frames_per_segment": 1, "n": n}
        yield {**row, "frames": mae_dfer(n, 16, None, 0, 1)}
        yield {**row, "seed": 7 * n, "frames": mae_dfer(n, 16, SplitMix64(7 * n), 0, 1)}
        for view in range(3):
            yield {**row, "view": view, "view_count": 3, "frames": mae_dfer(n, 16, None, view, 3)}


def main():
    path = pathlib.Path(__file__).parent / "sampling.json"
    path.write_text("[\n" + ",\n".join(json.dumps(row) for row in rows()) + "\n]\n")


if __name__ == "__main__":
    main()
