"""Check a node's log by the pages of this book alone: python3 check_log.py NODE_DIRECTORY

Reads genesis.toml and segments/, and checks frames, leaves, seals, proposers, log roots, certificates, envelopes.
Needs Python 3.11 and the package `cryptography`. It does not execute the records: state roots are taken as they are.
"""

import base64, hashlib, pathlib, struct, sys, tomllib, zlib
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def sha256(data):
    return hashlib.sha256(data).digest()


def domain(name, data):  # formats/index.md
    return b"tongda/v1/" + name + b"\0" + data


class Reader:
    """Takes fields from the front of bytes; all integers are little-endian."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, length):
        assert self.at + length <= len(self.data), "cut short"
        self.at += length
        return self.data[self.at - length : self.at]

    def fields(self, layout):
        return struct.unpack("<" + layout, self.take(struct.calcsize("<" + layout)))

    def keyed(self, length):  # formats/keys.md: algorithm 1, length, bytes
        assert self.fields("BH") == (1, length)
        return self.take(length)

    def is_done(self):
        return self.at == len(self.data)


def verify(key, signature, message):
    Ed25519PublicKey.from_public_bytes(key).verify(signature, message)


def blocks(directory):  # formats/segment.md
    for path in sorted(directory.glob("*.seg")):
        data = path.read_bytes()
        magic, version, salt, network, height, index, crc = struct.unpack_from("<8sII32sQQI", data)
        assert magic == b"TDSEGMNT" and version == 1 and crc == zlib.crc32(data[:64]), path
        at = 4096
        while data[at : at + 4] == b"TDBK":
            length, crc = struct.unpack_from("<II", data, at + 4)
            body = data[at + 12 : at + 12 + length]
            assert crc == zlib.crc32(struct.pack("<II", salt, length) + body), (path, at)
            reader, parts = Reader(body), []
            height, index, count = reader.fields("QQI")
            while not reader.is_done():
                parts.append(reader.take(*reader.fields("I")))
            assert len(parts) == count + 2
            yield height, index, parts[:-2], parts[-2], parts[-1]
            at += 12 + length
        assert not any(data[at:]), (path, at, "bytes behind the last frame")


class Log:  # formats/log-proof.md: the roots of the perfect subtrees, the largest first
    def __init__(self):
        self.size, self.peaks = 0, []

    def append(self, leaf):
        self.peaks.append(sha256(b"\0" + leaf))
        size = self.size
        while size & 1:
            right, left = self.peaks.pop(), self.peaks.pop()
            self.peaks.append(sha256(b"\1" + left + right))
            size >>= 1
        self.size += 1

    def root(self):
        root = self.peaks[-1]
        for left in reversed(self.peaks[:-1]):
            root = sha256(b"\1" + left + root)
        return root


def check_envelope(network, record):  # formats/envelope.md
    reader = Reader(record)
    version, length = reader.fields("BH")
    assert version == 1
    core = reader.take(length)
    assert core[:32] == network
    (count,) = reader.fields("H")
    for _ in range(count):
        reader.fields("Q")
        key = reader.keyed(32)
        verify(key, reader.keyed(64), domain(b"envelope", network + core))
    assert count > 0 and reader.is_done()
    return count


def check_certificate(network, validators, height, block, certificate):  # formats/commit-certificate.md
    reader = Reader(certificate)
    decided_height, round, decided, count = reader.fields("QI32sH")
    assert (decided_height, decided) == (height, block)
    power, last = 0, b""
    for _ in range(count):
        address = reader.take(20)
        assert address > last
        key, weight = validators[address]
        vote = network + struct.pack("<BQI", 2, height, round) + b"\1" + block + address
        verify(key, reader.keyed(64), domain(b"vote", vote))
        power, last = power + weight, address
    assert reader.is_done() and 3 * power > 2 * sum(weight for _, weight in validators.values())
    return round


def main(directory):
    genesis = tomllib.loads((directory / "genesis.toml").read_text())
    canonical = base64.b64decode("".join(genesis["founding"]["canonical"].split()))
    network = sha256(domain(b"genesis", canonical))  # formats/genesis.md
    assert network.hex() == genesis["founding"]["network-id"]

    keys = {}
    for node in genesis["node"]:
        key = bytes.fromhex(node["vote-key"].removeprefix("ed25519:"))
        if node["power"]:
            keys[sha256(b"\1\x20\0" + key)[:20]] = key, node["power"]
    validators = dict(sorted(keys.items()))
    listed = [b"\1\x20\0" + key + struct.pack("<Q", power) for key, power in validators.values()]
    set_hash = sha256(domain(b"validators", struct.pack("<H", len(listed)) + b"".join(listed)))

    log, parent, tip, records, signatures = Log(), network, 0, 0, 0
    log.append(b"\0" + network)
    for height, index, envelopes, seal, certificate in blocks(directory / "segments"):
        assert (height, index) == (tip + 1, log.size)
        for envelope in envelopes:
            signatures += check_envelope(network, envelope)
            log.append(b"\1" + envelope)
        # formats/leaf-and-seal.md
        (version, named, suite, of, origin, time, proposer, before, first, count, due, log_root, state_root,
         deciding, following, rules, checkpoint, extension) = struct.unpack("<B32sBQIQ20s32sQIH32s32s32s32sHQ32s", seal)
        assert (version, named, suite, of, before) == (1, network, 1, height, parent)
        assert (first, count, log_root) == (index, len(envelopes), log.root())
        assert deciding == following == set_hash and extension == bytes(32)
        assert proposer == list(validators)[(height + origin) % len(validators)]
        block = sha256(b"\0\2" + seal)
        assert origin <= check_certificate(network, validators, height, block, certificate)
        log.append(b"\2" + seal)
        parent, tip, records = block, height, records + len(envelopes)
    print(f"network {network.hex()}")
    print(f"{tip} blocks, {records} records, {signatures} signatures under them: all as the book says")
    print(f"log root {log.root().hex()} over {log.size} leaves")


main(pathlib.Path(sys.argv[1]))
