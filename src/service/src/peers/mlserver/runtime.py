"""MLServer's custom runtime: the image as a UINT8 tensor, by the Open Inference Protocol."""

import os
import sys
from pathlib import Path

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse

sys.path.insert(0, str(Path(__file__).parent.parent))
from detector import Detector  # noqa: E402


class SurprisalRuntime(MLModel):
    async def load(self) -> bool:
        self.detector = Detector(os.environ["SURPRISAL_BUNDLE"])
        return True

    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        levels = NumpyCodec.decode_input(payload.inputs[0]).astype(np.uint8)
        bits, p_value, flagged = self.detector.judge(levels)
        return InferenceResponse(
            model_name=self.name,
            outputs=[
                NumpyCodec.encode_output("flagged", flagged[:, None]),
                NumpyCodec.encode_output("p_value", p_value[:, None]),
                NumpyCodec.encode_output("bits_per_dimension", bits[:, None]),
            ],
        )
