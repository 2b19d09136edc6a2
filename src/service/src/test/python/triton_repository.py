"""Loads and unloads tiny-grey through Triton's client: HTTP HOST:PORT, gRPC HOST:PORT. Version 1 is good, 2 is not."""

import sys

import tritonclient.grpc
import tritonclient.http
from tritonclient.utils import InferenceServerException


def check(client, states):
    assert states() == {("tiny-grey", "1"): "READY", ("tiny-grey", "2"): "UNAVAILABLE", ("tiny-rgb", "1"): "READY"}
    client.unload_model("tiny-grey")
    assert not client.is_model_ready("tiny-grey")
    assert states()[("tiny-grey", "1")] == "UNAVAILABLE"
    try:
        client.load_model("tiny-grey")
    except InferenceServerException as refusal:
        assert "SHA-256 of model.onnx" in refusal.message(), refusal
    else:
        raise AssertionError("expected version 2 to be refused")
    assert client.is_model_ready("tiny-grey")
    assert states()[("tiny-grey", "1")] == "READY"
    client.load_model("tiny-rgb")


with tritonclient.http.InferenceServerClient(sys.argv[1]) as http:
    check(http, lambda: {(m["name"], m["version"]): m["state"] for m in http.get_model_repository_index()})

with tritonclient.grpc.InferenceServerClient(sys.argv[2]) as grpc:
    check(grpc, lambda: {(m.name, m.version): m.state for m in grpc.get_model_repository_index().models})
