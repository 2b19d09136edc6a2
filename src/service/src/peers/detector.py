"""What a peer needs of a bundle: the model on ONNX Runtime, and the clean scores of bits per dimension.

The least a detector can do, less than the service does: one statistic and its p-value, where the service works out all of them.
"""

import base64
import json
import math
from pathlib import Path

import numpy as np
import onnxruntime


class Detector:
    def __init__(self, bundle: str) -> None:
        folder = Path(bundle)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self.session = onnxruntime.InferenceSession(
            str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
        )
        scores = json.loads((folder / "calibration.json").read_text())["scores"]
        clean = scores["bits-per-dimension"]
        if isinstance(clean, str):
            clean = np.frombuffer(base64.b64decode(clean), dtype="<f4")
        self.reference = np.sort(np.array(clean, dtype=np.float64))

    def judge(self, levels: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """uint8 [N, C, H, W] to bits per dimension, p-value and verdict at 1 %, each [N]."""
        (log_prob,) = self.session.run(["log_prob"], {"image": levels})
        nats = log_prob.reshape(len(levels), -1).sum(axis=1, dtype=np.float64)
        bits = -nats / math.log(2) / levels[0].size
        n = len(self.reference)
        p_value = (1 + n - np.searchsorted(self.reference, bits, side="left")) / (n + 1)
        return bits, p_value, p_value <= 0.01
