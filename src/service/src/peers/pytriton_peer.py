"""Triton by PyTriton: the image as a UINT8 tensor, by the Open Inference Protocol; one instance a core."""

import os
import sys

import numpy as np
from pytriton.decorators import batch
from pytriton.model_config import ModelConfig, Tensor
from pytriton.triton import Triton, TritonConfig

from detector import Detector


def instance():
    detector = Detector(os.environ["SURPRISAL_BUNDLE"])

    @batch
    def infer(image):
        bits, p_value, flagged = detector.judge(image)
        return [flagged[:, None], p_value[:, None], bits[:, None]]

    return infer


http, grpc, workers, model, *shape = sys.argv[1:]
config = TritonConfig(
    http_address="127.0.0.1", http_port=int(http), grpc_address="127.0.0.1", grpc_port=int(grpc), allow_metrics=False, log_verbose=0
)
with Triton(config=config) as triton:
    triton.bind(
        model_name=model,
        infer_func=[instance() for _ in range(int(workers))],
        inputs=[Tensor(name="image", dtype=np.uint8, shape=tuple(map(int, shape)))],
        outputs=[
            Tensor(name="flagged", dtype=np.bool_, shape=(1,)),
            Tensor(name="p_value", dtype=np.float64, shape=(1,)),
            Tensor(name="bits_per_dimension", dtype=np.float64, shape=(1,)),
        ],
        config=ModelConfig(max_batch_size=4),
    )
    triton.serve()
