"""Asks a service with tiny-grey 9 and 10 through Triton's client: HTTP HOST:PORT, gRPC HOST:PORT, folder of images."""

import pathlib
import sys

import numpy as np
import tritonclient.grpc
import tritonclient.http
from tritonclient.utils import InferenceServerException

http_address, grpc_address, folder = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
levels = np.stack([np.fromfile(folder / f"{name}.raw", np.uint8).reshape(1, 8, 8) for name in ("clean", "noise")])
files = np.array([(folder / f"{name}.png").read_bytes() for name in ("clean", "noise")], dtype=np.object_)
NUMBERS = ("p_value", "bits_per_dimension", "log_likelihood")


def refused(words, call, *arguments, **settings):
    try:
        call(*arguments, **settings)
    except InferenceServerException as refusal:
        assert words in refusal.message(), refusal
    else:
        raise AssertionError(f"expected a refusal that says: {words}")


def check(module, client, plain):
    """`plain` is what marks an input as JSON, where the transport has that."""

    def tensor(name, values, datatype, **form):
        one = module.InferInput(name, values.shape, datatype)
        one.set_data_from_numpy(values, **form)
        return one

    assert client.is_server_live()
    assert client.is_server_ready()
    assert client.is_model_ready("tiny-grey")
    assert client.is_model_ready("tiny-grey", "9")

    image = tensor("image", levels, "UINT8")
    whole = client.infer("tiny-grey", [image], request_id="one")
    assert whole.as_numpy("flagged").tolist() == [False, True]
    assert whole.as_numpy("flagged").dtype == np.bool_
    assert whole.as_numpy("log_prob") is None
    for name in NUMBERS:
        assert whole.as_numpy(name).dtype == np.float64 and whole.as_numpy(name).shape == (2,)

    inputs = [image, tensor("encoded", files, "BYTES")] + ([tensor("image", levels, "UINT8", **plain)] if plain else [])
    for one in inputs:
        for version in ("", "9", "10"):
            outputs = [module.InferRequestedOutput(name) for name in ("log_prob", *NUMBERS)]
            if plain:
                outputs += [module.InferRequestedOutput("flagged", **plain)]
            answer = client.infer("tiny-grey", [one], model_version=version, outputs=outputs, request_id="two")
            for name in NUMBERS:
                assert np.array_equal(answer.as_numpy(name), whole.as_numpy(name)), name
            log_prob = answer.as_numpy("log_prob")
            assert log_prob.shape == (2, 1, 8, 8) and log_prob.dtype == np.float32
            sums = log_prob.astype(np.float64).sum(axis=(1, 2, 3))
            assert np.allclose(sums, answer.as_numpy("log_likelihood"), rtol=1e-12)
            if plain:
                assert answer.as_numpy("flagged").tolist() == [False, True]

    lenient = client.infer("tiny-grey", [image], parameters={"statistic": "bits-per-dimension"})
    assert lenient.as_numpy("p_value").shape == (2,)
    single = client.infer("tiny-grey", [tensor("image", levels[:1], "UINT8")], priority=1, timeout=1_000_000)
    assert single.as_numpy("flagged").tolist() == [False]

    refused("no model none", client.infer, "none", [image])
    refused("version 11", client.infer, "tiny-grey", [image], model_version="11")
    refused("'label'", client.infer, "tiny-grey", [image], outputs=[module.InferRequestedOutput("label")])
    refused("magic", client.infer, "tiny-grey", [image], parameters={"statistic": "magic"})
    refused("[N, 1, 8, 8]", client.infer, "tiny-grey", [tensor("image", levels.reshape(1, 2, 8, 8), "UINT8")])
    refused("UINT8", client.infer, "tiny-grey", [tensor("image", levels.astype(np.float32), "FP32")])
    refused("expected PNG or JPEG", client.infer, "tiny-grey", [tensor("encoded", np.array([b"?"], dtype=np.object_), "BYTES")])


with tritonclient.http.InferenceServerClient(http_address) as client:
    metadata = client.get_server_metadata()
    assert metadata["name"] == "surprisal" and "binary_tensor_data" in metadata["extensions"], metadata
    model = client.get_model_metadata("tiny-grey")
    assert model["versions"] == ["10", "9"] and model["inputs"][0]["shape"] == [-1, 1, 8, 8], model
    assert client.get_model_metadata("tiny-grey", "9")["platform"] == "onnxruntime_onnx"
    check(tritonclient.http, client, {"binary_data": False})
    image = tritonclient.http.InferInput("image", levels.shape, "UINT8").set_data_from_numpy(levels)
    for algorithm in ("gzip", "deflate"):
        packed = client.infer(
            "tiny-grey", [image], request_compression_algorithm=algorithm, response_compression_algorithm=algorithm
        )
        assert packed.as_numpy("flagged").tolist() == [False, True]
    pending = [client.async_infer("tiny-grey", [image], request_id=str(i)) for i in range(8)]
    assert [one.get_result().get_response()["id"] for one in pending] == [str(i) for i in range(8)]

with tritonclient.grpc.InferenceServerClient(grpc_address) as client:
    metadata = client.get_server_metadata()
    assert metadata.name == "surprisal" and "binary_tensor_data" in metadata.extensions, metadata
    assert list(client.get_model_metadata("tiny-grey").versions) == ["10", "9"]
    check(tritonclient.grpc, client, {})
    image = tritonclient.grpc.InferInput("image", levels.shape, "UINT8").set_data_from_numpy(levels)
    assert client.infer("tiny-grey", [image], request_id="three").get_response().id == "three"

print("served")
