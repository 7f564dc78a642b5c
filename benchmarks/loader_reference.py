# SPDX-License-Identifier: Apache-2.0
"""The usual Python loader beside ferv's: PIL, torchvision transforms and a DataLoader with 2 workers.

Use: /usr/bin/python3 benchmarks/loader_reference.py FERV39K [--ferv build/release/apps/ferv/ferv] [--clips 256]
(Debian: python3-torchvision, python3-pil). Both load the same number of training clips, 16 frames of 8 segments x 2,
random sized crop to 112 px and flip for the whole clip, in turn and several times; the medians and their ratio are
printed as JSON. Ours counts frames that are decoded, the reference frames that it gives, so the ratio is not flattered.
"""
import argparse
import json
import pathlib
import random
import statistics
import subprocess
import time

import torch
from PIL import Image
from torch.utils.data import DataLoader, Dataset
from torchvision import transforms
from torchvision.transforms import functional

SEGMENTS, CONSECUTIVE, SIZE = 8, 2, 112


def sampled(count):
    average = (count - CONSECUTIVE + 1) // SEGMENTS
    if average > 0:
        offsets = [k * average + random.randrange(average) for k in range(SEGMENTS)]
    elif count > SEGMENTS:
        offsets = sorted(random.randrange(count - CONSECUTIVE + 1) for _ in range(SEGMENTS))
    else:
        offsets = [0] * SEGMENTS
    return [min(offset + k, count - 1) for offset in offsets for k in range(CONSECUTIVE)]


class Clips(Dataset):
    def __init__(self, root, clip_count):
        lines = (root / "4_setups/All_scenes/train_All.csv").read_text().split("\n")
        names = [line.split(" ")[0] for line in lines if line.strip()][:clip_count]
        self.frames = [sorted((root / "2_ClipsforFaceCrop" / name).glob("*.jpg")) for name in names]
        self.frames = [paths for paths in self.frames if paths]
        self.normalise = transforms.Normalize([0.485, 0.456, 0.406], [0.229, 0.224, 0.225])

    def __len__(self):
        return len(self.frames)

    def __getitem__(self, number):
        paths = self.frames[number]
        images = [Image.open(paths[i]).convert("RGB") for i in sampled(len(paths))]
        box = transforms.RandomResizedCrop.get_params(images[0], (0.6, 1.0), (1 / 1.15, 1.15))
        flip = random.random() < 0.5
        tensors = []
        for image in images:
            image = functional.resized_crop(image, *box, (SIZE, SIZE))
            if flip:
                image = functional.hflip(image)
            tensors.append(self.normalise(functional.to_tensor(image)))
        return torch.stack(tensors)


def reference_rate(clips, batch_size):
    loader = DataLoader(clips, batch_size=batch_size, shuffle=True, num_workers=2, persistent_workers=True)
    for _ in loader:  # the workers have started and the files are in memory
        pass
    begin = time.monotonic()
    frames = sum(batch.shape[0] * batch.shape[1] for batch in loader)
    return frames / (time.monotonic() - begin)


def ferv_rate(arguments):
    command = [arguments.ferv, "bench", "loader", arguments.folder, "--json", "--rounds", "1", "--threads", "2",
               "--clips", str(arguments.clips), "--batch", str(arguments.batch)]
    result = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    return {rate["name"]: rate["frames_per_s"] for rate in result["rates"]}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("folder")
    parser.add_argument("--ferv")
    parser.add_argument("--clips", type=int, default=256)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    clips = Clips(pathlib.Path(arguments.folder), arguments.clips)
    reference, ferv = [], []
    for _ in range(arguments.rounds):
        reference.append(reference_rate(clips, arguments.batch))
        if arguments.ferv:
            ferv.append(ferv_rate(arguments))
    result = {"clips": len(clips), "reference_frames_per_s": statistics.median(reference)}
    for name in ferv[0] if ferv else []:
        result[f"{name}, times the reference"] = statistics.median(
            ours[name] / theirs for ours, theirs in zip(ferv, reference))
    print(json.dumps(result, indent=2))


if __name__ == "__main__":
    main()
