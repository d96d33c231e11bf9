"""Verify Ed25519 strictly, as formats/keys.md says: RFC 8032 without the cofactor, and no points of small order.

OpenSSL, behind the package `cryptography`, reduces nothing, multiplies by no cofactor and compares the encoding of R,
but accepts keys and R of small order. So those are refused here, and the rest is left to it.
"""

import functools

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .refusal import Refused, require

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_1 = pow(2, (P - 1) // 4, P)


def square_root(value):
    """A square root modulo P, or None."""
    root = pow(value, (P + 3) // 8, P)
    for candidate in (root, root * SQRT_MINUS_1 % P):
        if candidate * candidate % P == value % P:
            return candidate
    return None


def small_order_ys():
    """The y coordinates of the eight points whose order divides 8: of a y, both points or none have it."""
    # Doubling a point of order 8 gives y = 0, so x² = −y², and with the curve's equation d·y⁴ + 2y² − 1 = 0.
    root = square_root(1 + D)
    eighths = [(sign * root - 1) * pow(D, -1, P) % P for sign in (1, -1)]
    ys = [square_root(square) for square in eighths if square_root(square) is not None]
    return {0, 1, P - 1} | {y for root in ys for y in (root, P - root)}


SMALL_ORDER = small_order_ys()


def encoded_y(data):
    return int.from_bytes(data, "little") % 2**255


def has_small_order(data):
    return encoded_y(data) % P in SMALL_ORDER


def decompress(data):
    """The point that 32 bytes encode, or None. An encoding need not be canonical to be read."""
    y = encoded_y(data) % P
    x = square_root((y * y - 1) * pow(D * y * y + 1, -1, P) % P)
    if x is None:
        return None
    return (P - x if x % 2 != data[31] >> 7 else x) % P, y


def add(a, b):
    """The sum of two points as (X, Y, Z, T) with x = X/Z, y = Y/Z, xy = T/Z (RFC 8032, 5.1.4)."""
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e, f = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    g, h = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    minus, plus, low, high = f - e, f + e, h - g, h + g
    return minus * low % P, plus * high % P, low * high % P, minus * plus % P


def is_identity(point):
    x, y, z, _ = point
    return x % P == 0 and (y - z) % P == 0


def multiply(scalar, point):
    x, y = point
    result, power = (0, 1, 1, 0), (x, y, 1, x * y % P)
    while scalar:
        if scalar & 1:
            result = add(result, power)
        power, scalar = add(power, power), scalar >> 1
    return result


def verify(key, signature, message):
    """Refuse unless `signature` (64 bytes) over `message` counts under `key` (32 bytes)."""
    require(len(key) == 32, "an Ed25519 key has 32 bytes")
    require(len(signature) == 64, "an Ed25519 signature has 64 bytes")
    require(not has_small_order(key), "the key has small order")
    require(not has_small_order(signature[:32]), "the signature's R has small order")
    require(encoded_y(signature[:32]) < P, "the signature's R is not canonical")
    require(int.from_bytes(signature[32:], "little") < ORDER, "the signature's s is not reduced")
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        raise Refused("the signature does not match key and signed bytes") from None


@functools.lru_cache(maxsize=1_024)
def check_enrolled(key):
    """Refuse a key that may not be enrolled: one outside the group of prime order."""
    point = decompress(key) if len(key) == 32 else None
    require(point is not None, "the bytes are no point of the curve")
    require(not has_small_order(key) and is_identity(multiply(ORDER, point)), "the key has a part of small order")
