"""What Schemathesis cannot make up: images, in each form in which a request brings them. They lie in the folder SURPRISAL_IMAGES."""

import base64
import os
import pathlib

import schemathesis
from hypothesis import strategies

files = [path.read_bytes() for path in sorted(pathlib.Path(os.environ["SURPRISAL_IMAGES"]).glob("*.png"))]
images = strategies.sampled_from(files)

schemathesis.openapi.media_type("image/*", images)
schemathesis.openapi.media_type("application/octet-stream", images)
schemathesis.openapi.format("binary", images)
schemathesis.openapi.format("byte", images.map(lambda file: base64.b64encode(file).decode()))
