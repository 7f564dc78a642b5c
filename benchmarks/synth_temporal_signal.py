#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measures how much the change over time tells in a data set of `ferv synth`.

Trains one small network twice on the train split, for the same time: on single frames, and on sequences of 16 frames (the same
convolutions, then an LSTM). Prints the accuracy of both on the test split, whose people are in no train clip. A single
frame is also given its best case: the predictions for all 16 frames, averaged.

    ferv synth --out /tmp/faces --clips-per-cell 6 --size 112 --no-scene-frames
    python3 benchmarks/synth_temporal_signal.py /tmp/faces --minutes 5
"""
import argparse
import pathlib
import time

import numpy
import PIL.Image
import torch

CLASSES = ["Happy", "Sad", "Neutral", "Angry", "Surprise", "Disgust", "Fear"]
FRAMES = 16


def read_split(root, split, size):
    """uint8 [N, 16, 3, size, size] and int64 [N]: frames evenly spaced over each clip, both ends included."""
    lines = (root / "4_setups" / "All_scenes" / f"{split}_All.csv").read_text().split("\n")
    clips, labels = [], []
    for line in filter(None, lines):
        path, label = line.split(" ")
        files = sorted((root / "2_ClipsforFaceCrop" / path).glob("*.jpg"))
        chosen = [files[round(i * (len(files) - 1) / (FRAMES - 1))] for i in range(FRAMES)]
        frames = [numpy.asarray(PIL.Image.open(file).resize((size, size), PIL.Image.BILINEAR)) for file in chosen]
        clips.append(numpy.stack(frames).transpose(0, 3, 1, 2))
        labels.append(CLASSES.index(label))
    return torch.from_numpy(numpy.stack(clips)), torch.tensor(labels)


class FrameFeatures(torch.nn.Module):
    """[N, 3, H, W] -> [N, width]: four convolutions, each halving the picture."""

    def __init__(self, width=128):
        super().__init__()
        layers, channels = [], 3
        for next_channels in (24, 48, 96, width):
            layers += [torch.nn.Conv2d(channels, next_channels, 3, stride=2, padding=1, bias=False),
                       torch.nn.BatchNorm2d(next_channels), torch.nn.ReLU(),
                       torch.nn.Conv2d(next_channels, next_channels, 3, padding=1, bias=False),
                       torch.nn.BatchNorm2d(next_channels), torch.nn.ReLU()]
            channels = next_channels
        # Where a feature is tells as much as whether it is there: keep a 2x2 grid.
        self.layers = torch.nn.Sequential(*layers, torch.nn.AdaptiveAvgPool2d(2), torch.nn.Flatten(),
                                          torch.nn.Linear(4 * width, width), torch.nn.ReLU())

    def forward(self, pictures):
        return self.layers(pictures)


class ResNetFeatures(torch.nn.Module):
    """[N, 3, H, W] -> [N, 512]: ResNet-18 from scratch, as the row r18_lstm of the zoo has it."""

    def __init__(self):
        super().__init__()
        import torchvision
        self.network = torchvision.models.resnet18()
        self.network.fc = torch.nn.Identity()

    def forward(self, pictures):
        return self.network(pictures)


class Classifier(torch.nn.Module):
    """Logits [B, 7] from [B, T, 3, H, W]; T is 1 without the LSTM."""

    def __init__(self, backbone, sequential):
        super().__init__()
        self.features = ResNetFeatures() if backbone == "resnet18" else FrameFeatures()
        width = 512 if backbone == "resnet18" else 128
        self.memory = torch.nn.LSTM(width, 128, batch_first=True) if sequential else None
        self.head = torch.nn.Linear(128 if sequential else width, len(CLASSES))

    def forward(self, clips):
        batch, frames = clips.shape[:2]
        features = self.features(clips.flatten(0, 1)).unflatten(0, (batch, frames))
        summary = self.memory(features)[0].mean(1) if self.memory is not None else features.mean(1)
        return self.head(summary)


def augmented(clips):
    """The same mirror image and shift for all frames of a clip; uint8 in, float out."""
    pictures = clips.float() / 255 - 0.5
    if torch.rand(1) < 0.5:
        pictures = pictures.flip(-1)
    shift = torch.randint(-3, 4, (2,))
    pictures = torch.roll(pictures, (int(shift[0]), int(shift[1])), (-2, -1))
    return pictures * (0.85 + 0.3 * torch.rand(len(clips), 1, 1, 1, 1))


def train(model, clips, labels, minutes, frames_per_batch, label):
    sequential = model.memory is not None
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, weight_decay=0.02)
    start, epoch, step = time.monotonic(), 0, 0
    while True:
        order = torch.randperm(len(labels))
        total, batches = 0.0, 0
        # A single-frame epoch visits each clip 16 times, so that both see as many pictures.
        for indices in order.repeat(1 if sequential else FRAMES).split(frames_per_batch // (FRAMES if sequential else 1)):
            progress = (time.monotonic() - start) / (60 * minutes)
            if progress >= 1:
                return
            # Warm-up, then down to nothing when the time is up.
            optimiser.param_groups[0]["lr"] = 2e-3 * min(1, (step + 1) / 20) * 0.5 * (1 + numpy.cos(numpy.pi * progress))
            batch = clips[indices]
            if not sequential:
                batch = batch[torch.arange(len(batch)), torch.randint(FRAMES, (len(batch),))][:, None]
            loss = torch.nn.functional.cross_entropy(model(augmented(batch)), labels[indices], label_smoothing=0.1)
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimiser.step()
            total, batches, step = total + float(loss), batches + 1, step + 1
        epoch += 1
        print(f"  {label} epoch {epoch}: loss {total / batches:.3f} after {time.monotonic() - start:.0f} s", flush=True)


@torch.no_grad()
def logits_of(model, clips):
    model.eval()
    return torch.cat([model(batch.float() / 255 - 0.5) for batch in clips.split(16)])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=5, help="training time of each of the two")
    parser.add_argument("--size", type=int, default=64)
    parser.add_argument("--backbone", choices=["small", "resnet18"], default="small")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--only", choices=["single", "sequence"])
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    train_clips, train_labels = read_split(options.data, "train", options.size)
    test_clips, test_labels = read_split(options.data, "test", options.size)
    print(f"{len(train_labels)} train and {len(test_labels)} test clips", flush=True)

    def accuracy(logits):
        return 100 * float((logits.argmax(1) == test_labels).float().mean())

    if options.only != "sequence":
        torch.manual_seed(options.seed)
        model = Classifier(options.backbone, sequential=False)
        train(model, train_clips, train_labels, options.minutes, 128, "single")
        each = torch.stack([logits_of(model, test_clips[:, i:i + 1]) for i in range(FRAMES)])
        per_frame = [accuracy(frame) for frame in each]
        print(f"single frame, a random one      {numpy.mean(per_frame):5.1f} %")
        print(f"single frame, the middle one    {per_frame[FRAMES // 2]:5.1f} %")
        print(f"single frames, 16 averaged      {accuracy(each.softmax(-1).mean(0)):5.1f} %", flush=True)
    if options.only != "single":
        torch.manual_seed(options.seed)
        model = Classifier(options.backbone, sequential=True)
        train(model, train_clips, train_labels, options.minutes, 128, "sequence")
        logits = logits_of(model, test_clips)
        print(f"sequence of 16 frames           {accuracy(logits):5.1f} %")
        for index, name in enumerate(CLASSES):
            chosen = test_labels == index
            row = torch.bincount(logits[chosen].argmax(1), minlength=len(CLASSES)).tolist()
            print(f"  {name:<9}" + "".join(f"{count:4d}" for count in row))


if __name__ == "__main__":
    main()
