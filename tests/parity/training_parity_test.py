# SPDX-License-Identifier: Apache-2.0
"""Holds steps of training against plain PyTorch: the same weights and batches must give the same losses.

    python3 tests/parity/training_parity_test.py --program FERV_FULL --steps-program FERV_TRAINING_STEPS

In float32, with SGD and AdamW, label smoothing and clipped gradients. The rates are low for a reason: where a network
learns fast, rounding grows with every step. PyTorch against itself, its weights changed by 1e-7 of their size, is
5e-4 apart after 25 steps of r18_lstm at a rate of 1e-3. Exit code 77 means skipped: no PyTorch here.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

from parity_test import BUILDERS, CLASSES, numpy, read_safetensors, torch, write_safetensors

LOSS_TOLERANCE = 1e-4
BATCH_SIZE = 4
CLIPS = 12
SIZE = (3, 64, 64)  # T, H, W
ROW = "r18_lstm"
SETTINGS = [
    {"steps": 50, "optimizer": "sgd", "learning_rate": 5e-5, "momentum": 0.9, "weight_decay": 5e-4,
     "label_smoothing": 0.1, "gradient_clip_norm": 5.0},
    {"steps": 15, "optimizer": "adamw", "learning_rate": 1e-6, "weight_decay": 0.05, "label_smoothing": 0.0,
     "gradient_clip_norm": 0.0},
]


def call(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {done.returncode}: {done.stderr.strip()}")
    return done.stdout


def reference_losses(model, clips, labels, settings):
    model.train()
    if settings["optimizer"] == "sgd":
        optimizer = torch.optim.SGD(model.parameters(), lr=settings["learning_rate"], momentum=settings["momentum"],
                                    weight_decay=settings["weight_decay"])
    else:
        optimizer = torch.optim.AdamW(model.parameters(), lr=settings["learning_rate"],
                                      weight_decay=settings["weight_decay"])
    criterion = torch.nn.CrossEntropyLoss(label_smoothing=settings["label_smoothing"])
    losses = []
    for step in range(settings["steps"]):
        first = step % (CLIPS // BATCH_SIZE) * BATCH_SIZE
        part = slice(first, first + BATCH_SIZE)
        optimizer.zero_grad()
        loss = criterion(model(clips[part]), labels[part])
        loss.backward()
        if settings["gradient_clip_norm"] > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), settings["gradient_clip_norm"])
        optimizer.step()
        losses.append(loss.item())
    return losses


def largest_difference(settings, programs, folder):
    torch.manual_seed(3)
    labels = torch.arange(CLIPS) % len(CLASSES)
    # Each class has a picture of its own under the noise, so that there is something to learn.
    pictures = torch.randn(len(CLASSES), 3, 1, *SIZE[1:])
    clips = pictures[labels] + torch.randn(CLIPS, 3, *SIZE)
    weights = folder / "weights.safetensors"
    call(programs.program, "zoo", "init", ROW, "--seed", 1, "--out", weights)
    tensors, metadata = read_safetensors(weights)
    model = BUILDERS[ROW](len(CLASSES))
    model.load_state_dict(tensors, strict=True)
    for parameter in model.parameters():
        if parameter.dim() == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    spec = json.loads(metadata["clip_spec"])
    spec.update(zip(("frames", "height", "width"), SIZE))
    metadata["clip_spec"] = json.dumps(spec)
    del metadata["sampling"]  # of other frames
    write_safetensors(weights, model.state_dict(), metadata)
    numpy.save(folder / "clips.npy", clips.numpy())
    numpy.save(folder / "labels.npy", labels.float().numpy())
    lines = [f"{key} = {json.dumps(value)}" for key, value in settings.items() if key != "steps"]
    lines.append(f"batch_size = {BATCH_SIZE}")
    (folder / "settings.toml").write_text("\n".join(lines) + "\n")
    expected = reference_losses(model, clips, labels, settings)
    found = [float(line) for line in call(programs.steps_program, weights, folder / "clips.npy",
                                          folder / "labels.npy", folder / "settings.toml", settings["steps"]).split()]
    if len(found) != settings["steps"]:
        raise SystemExit(f"{ROW}: {len(found)} losses, wanted {settings['steps']}")
    if min(expected[-3:]) > 0.995 * expected[0]:
        raise SystemExit(f"{ROW}: the loss went from {expected[0]:.3f} to {expected[-1]:.3f}: nothing was learnt")
    difference = max(abs(a - b) for a, b in zip(found, expected))
    print(f"{ROW:<10} {settings['optimizer']:<6} loss {expected[0]:.4f} -> {expected[-1]:.4f}, "
          f"largest difference of {settings['steps']} steps {difference:.1e}", flush=True)
    return difference


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", required=True, help="ferv-full")
    parser.add_argument("--steps-program", required=True, help="ferv_training_steps")
    programs = parser.parse_args()
    worst = 0.0
    for settings in SETTINGS:
        with tempfile.TemporaryDirectory(prefix="ferv_parity_") as folder:
            worst = max(worst, largest_difference(settings, programs, pathlib.Path(folder)))
    if worst >= LOSS_TOLERANCE:
        print(f"losses differ by {worst:.1e}, wanted less than {LOSS_TOLERANCE}")
    return 1 if worst >= LOSS_TOLERANCE else 0


if __name__ == "__main__":
    sys.exit(main())
