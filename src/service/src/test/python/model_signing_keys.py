"""Makes two pairs of keys in a folder and signs a bundle with the first, by the reference implementation of OpenSSF Model Signing."""

import sys
from pathlib import Path

import model_signing
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

folder, bundle = Path(sys.argv[1]), Path(sys.argv[2])
for name in ("ours", "theirs"):
    key = ec.generate_private_key(ec.SECP256R1())
    (folder / f"{name}.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (folder / f"{name}.pub.pem").write_bytes(
        key.public_key().public_bytes(
            serialization.Encoding.PEM,
            serialization.PublicFormat.SubjectPublicKeyInfo,
        )
    )
signature = bundle / "model.sig"
model_signing.signing.Config().use_elliptic_key_signer(
    private_key=folder / "ours.pem"
).sign(bundle, signature)
