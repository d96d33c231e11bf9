"""Read keys and signatures with their algorithm, as formats/keys.md says."""

from . import ed25519
from .hashes import sha256
from .refusal import require

ED25519 = 1


def wire(key):
    """An Ed25519 key of 32 bytes on the wire."""
    return bytes([ED25519]) + len(key).to_bytes(2, "little") + key


def public_key(reader):
    """(algorithm, bytes) of a key of any algorithm."""
    return reader.u8(), reader.bytes(2_048)


def signature(reader):
    """(algorithm, bytes) of a signature of any algorithm."""
    return reader.u8(), reader.bytes(4_096)


def verify(key, signed, message):
    """Refuse unless the signature counts; both are (algorithm, bytes)."""
    require(key[0] == signed[0], f"a key of algorithm {key[0]} and a signature of algorithm {signed[0]}")
    require(key[0] == ED25519, f"algorithm {key[0]} is not in use")
    ed25519.verify(key[1], signed[1], message)


def check_enrolled(key):
    require(key[0] == ED25519, f"algorithm {key[0]} is not in use")
    ed25519.check_enrolled(key[1])


def address(key):
    """The name of a validator by its vote key (algorithm, bytes)."""
    return sha256(bytes([key[0]]) + len(key[1]).to_bytes(2, "little") + key[1])[:20]


def text(key):
    name = "ed25519" if key[0] == ED25519 else str(key[0])
    return f"{name}:{key[1].hex()}"


def of_text(written):
    name, _, digits = written.partition(":")
    return (ED25519 if name == "ed25519" else int(name)), bytes.fromhex(digits)
