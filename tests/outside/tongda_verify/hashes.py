"""Hash and name domains, as formats/index.md says."""

import hashlib


def sha256(data):
    return hashlib.sha256(data).digest()


def in_domain(name, *parts):
    """The bytes that a signature covers: `tongda/v1/NAME`, a zero byte, the parts."""
    return b"tongda/v1/" + name.encode() + b"\0" + b"".join(parts)


def domain_hash(name, *parts):
    return sha256(in_domain(name, *parts))
