#!/usr/bin/env python3
"""A density model in plain PyTorch, for Surprisal to serve.

    python density_model.py --images clean/train --output models/mine/1
    ./surprisal calibrate --model models/mine/1 --images clean/calibration
    ./surprisal serve --models models/mine/1

It trains a small PixelCNN (van den Oord et al., 2016, arXiv:1601.06759) on a folder of grey or RGB images of one size, and
writes model.onnx and bundle.json: everything a model from elsewhere needs. Whatever you train instead has to keep what
Scored does: the level that was observed goes in, and four numbers for each dimension come out.

Needs torch, numpy, pillow and onnx.
"""

import argparse
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import nn
from torch.nn import functional as F

LEVELS = 256


class MaskedConv(nn.Conv2d):
    """Sees the pixels above and to the left; itself only where include_centre is set. All channels of a pixel come at once."""

    def __init__(self, inputs, outputs, size, include_centre):
        super().__init__(inputs, outputs, size, padding=size // 2)
        mask = torch.ones(size, size)
        mask[size // 2, size // 2 + include_centre :] = 0
        mask[size // 2 + 1 :] = 0
        self.register_buffer("mask", mask)

    def forward(self, x):
        return F.conv2d(x, self.weight * self.mask, self.bias, padding=self.padding)


class PixelCnn(nn.Module):
    """Levels [N, C, H, W] to logits [N, C, H, W, 256]. The channels of a pixel are independent given the pixels before:
    simple, and still a density."""

    def __init__(self, channels, features, blocks):
        super().__init__()
        self.channels = channels
        self.first = MaskedConv(channels, features, 7, include_centre=False)
        self.blocks = nn.ModuleList(MaskedConv(features, features, 3, include_centre=True) for _ in range(blocks))
        self.last = nn.Conv2d(features, channels * LEVELS, 1)

    def forward(self, levels):
        x = self.first(levels.float() / (LEVELS - 1) * 2 - 1)
        for block in self.blocks:
            x = x + block(F.relu(x))
        n, _, h, w = x.shape
        return self.last(F.relu(x)).view(n, self.channels, LEVELS, h, w).permute(0, 1, 3, 4, 2)


class Scored(nn.Module):
    """What Surprisal reads: uint8 levels in; log_prob, entropy, surprisal_variance and cdf out, each float32 [N, C, H, W]."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, image):
        log_p = F.log_softmax(self.model(image), dim=-1)
        p = log_p.exp()
        observed = image.long().unsqueeze(-1)
        log_prob = log_p.gather(-1, observed).squeeze(-1)
        entropy = -(p * log_p).sum(-1)
        variance = ((p * log_p.square()).sum(-1) - entropy.square()).clamp_min(0)
        below = torch.arange(LEVELS, device=image.device) < observed
        cdf = (p * below).sum(-1) + 0.5 * log_prob.exp()
        return log_prob, entropy, variance, cdf


def read(folder):
    files = sorted(file for file in Path(folder).iterdir() if file.suffix.lower() in {".png", ".jpg", ".jpeg"})
    images = [np.asarray(Image.open(file)) for file in files]
    if not images or any(image.shape != images[0].shape for image in images):
        raise SystemExit(f"{folder}: expected PNG or JPEG files of one size, found {len(images)} with sizes "
                         f"{sorted({image.shape for image in images})}")
    stack = np.stack(images)
    return torch.from_numpy(stack[:, None] if stack.ndim == 3 else stack.transpose(0, 3, 1, 2).copy())


def bits(scored, images):
    """Bits a dimension, mean over images."""
    with torch.no_grad():
        nats = torch.cat([scored(batch)[0].double() for batch in images.split(64)])
    return float(-nats.mean() / math.log(2))


def train(model, images, epochs, seed):
    generator = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(model.parameters(), lr=2e-3)
    for epoch in range(epochs):
        for batch in images[torch.randperm(len(images), generator=generator)].split(32):
            loss = F.cross_entropy(model(batch).flatten(0, -2), batch.long().flatten())
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        print(f"epoch {epoch + 1}: {loss.item() / math.log(2):.3f} bits/dim")


def main():
    options = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    options.add_argument("--images", required=True, help="folder of clean images")
    options.add_argument("--output", required=True, type=Path, help="folder of the bundle: its last parts are name and version")
    options.add_argument("--epochs", type=int, default=10)
    options.add_argument("--features", type=int, default=32)
    options.add_argument("--blocks", type=int, default=4)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()

    torch.manual_seed(options.seed)
    images = read(options.images)
    held_out = max(1, len(images) // 10)
    validation, training = images[:held_out], images[held_out:]
    model = PixelCnn(images.shape[1], options.features, options.blocks)
    train(model, training, options.epochs, options.seed)
    scored = Scored(model).eval()

    options.output.mkdir(parents=True, exist_ok=True)
    torch.onnx.export(
        scored,
        (images[:2],),
        str(options.output / "model.onnx"),
        input_names=["image"],
        output_names=["log_prob", "entropy", "surprisal_variance", "cdf"],
        dynamic_axes={name: {0: "N"} for name in ["image", "log_prob", "entropy", "surprisal_variance", "cdf"]},
        opset_version=17,
        dynamo=False,  # one file, and only operators of the standard domain
    )
    channels, height, width = images.shape[1:]
    manifest = {
        "schemaVersion": 1,
        "name": options.output.resolve().parent.name,
        "version": options.output.name,
        "family": "pixelcnn",
        "hyperparameters": {"features": options.features, "blocks": options.blocks},
        "shape": {"channels": channels, "height": height, "width": width},
        "levels": LEVELS,
        "dimensionOrder": "raster, channels innermost",
        "bitsPerDimension": {
            "train": bits(scored, training[:1000]),
            "validation": bits(scored, validation),
            "test": bits(scored, validation),
        },
        "data": {"name": Path(options.images).name, "sha256": hashlib.sha256(images.numpy().tobytes()).hexdigest()},
        "seed": options.seed,
        "producer": "density_model.py",
    }
    (options.output / "bundle.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
