"""ONNX Runtime behind FastAPI and uvicorn, one process a core: POST /v1/score takes an image file."""

import io
import os

import numpy as np
from fastapi import FastAPI, Request
from fastapi.concurrency import run_in_threadpool
from PIL import Image

from detector import Detector

app = FastAPI()
detector = Detector(os.environ["SURPRISAL_BUNDLE"])


def judge(body: bytes) -> dict:
    pixels = np.asarray(Image.open(io.BytesIO(body)))
    levels = pixels[None, None] if pixels.ndim == 2 else pixels.transpose(2, 0, 1)[None]
    bits, p_value, flagged = detector.judge(np.ascontiguousarray(levels))
    return {"flagged": bool(flagged[0]), "bitsPerDimension": float(bits[0]), "pValue": float(p_value[0])}


@app.post("/v1/score")
async def score(request: Request) -> dict:
    return await run_in_threadpool(judge, await request.body())

