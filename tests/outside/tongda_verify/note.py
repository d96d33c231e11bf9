"""Read signed notes and checkpoints, as formats/checkpoint.md says (C2SP signed-note, checkpoint, cosignature)."""

import base64
import binascii

from . import ed25519, keys
from .hashes import sha256
from .refusal import Refused, require

NOTE_LIMIT = 1 << 17
SIGNATURES_LIMIT = 100
NAME_LIMIT = 255
LOG_KEY, COSIGNER_KEY = 1, 4
WHITE_SPACE = "\t\n\v\f\r \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
WHITE_SPACE += "\u2028\u2029\u202f\u205f\u3000"


def strict_base64(text):
    """Base64 with padding and without stray bits: one text for each value."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise Refused("no base64") from None
    require(base64.b64encode(data).decode() == text, "base64 that is not canonical")
    return data


def decimal(text):
    digits = text.isascii() and text.isdigit()
    require(digits and (text == "0" or text[0] != "0"), f"{text[:80]!r} is no number in decimal")
    require(len(text) <= 20 and int(text) < 2**64, "the number is not below 2^64")
    return int(text)


def hash_line(text):
    data = strict_base64(text)
    require(len(data) == 32, "a hash has 32 bytes")
    return data


def characters(data):
    """The text of bytes that a note may have."""
    require(all(byte >= 32 or byte == 10 for byte in data), "a control character")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise Refused("no UTF-8") from None


def check_name(name):
    outside = any(character in WHITE_SPACE or character == "+" or character < " " for character in name)
    require(1 <= len(name.encode()) <= NAME_LIMIT and not outside, "no name of a key")


class NoteKey:
    """A public key under a name."""

    def __init__(self, name, algorithm, key):
        check_name(name)
        ed25519.check_enrolled(key)
        self.name, self.algorithm, self.key = name, algorithm, key
        self.id = sha256(name.encode() + b"\n" + bytes([algorithm]) + key)[:4]

    @classmethod
    def parse(cls, text):
        parts = text.split("+", 2)
        require(len(parts) == 3, "a verifier key is NAME+ID+BASE64")
        typed = strict_base64(parts[2])
        require(len(typed) == 33 and typed[0] in (LOG_KEY, COSIGNER_KEY), "a type of key that is not in use")
        key = cls(parts[0], typed[0], typed[1:])
        require(parts[1] == key.id.hex(), "the id is not that of name and key")
        return key

    def __str__(self):
        typed = base64.b64encode(bytes([self.algorithm]) + self.key).decode()
        return f"{self.name}+{self.id.hex()}+{typed}"

    def verify(self, text, signature):
        """Refuse unless `signature` counts over `text`; the time of a cosignature, else None."""
        if self.algorithm == LOG_KEY:
            ed25519.verify(self.key, signature, text.encode())
            return None
        return check_cosignature(self.key, text, signature)


def check_cosignature(key, text, signature):
    """Refuse unless the 72 bytes are a cosignature of the text by the key (32 bytes); its time in seconds."""
    require(len(signature) == 72, "a cosignature has 72 bytes")
    time = int.from_bytes(signature[:8], "big")
    require(time < 2**63, "the time of a cosignature is below 2^63")
    ed25519.verify(key, signature[8:], f"cosignature/v1\ntime {time}\n{text}".encode())
    return time


class Note:
    """A text and its lines of signature as (name, key id, signature)."""

    def __init__(self, data):
        require(len(data) <= NOTE_LIMIT, f"{len(data)} bytes are more than a note has")
        everything = characters(data)
        text, found, lines = everything.rpartition("\n\n")
        require(found and lines.endswith("\n"), "a note is a text, an empty line, and lines of signature")
        self.text = text + "\n"
        lines = lines[:-1].split("\n")
        require(len(lines) <= SIGNATURES_LIMIT, f"{len(lines)} lines of signature")
        self.signatures = [read_signature(line) for line in lines]

    def signers(self, known):
        """{place in `known`: time or None} of the keys that signed; one bad signature of a known key refuses all.

        A public key counts once, under whatever names it is known; of its cosignatures the latest counts.
        """
        found = {}
        for place, key in enumerate(known):
            times = []
            for name, key_id, signature in self.signatures:
                if (name, key_id) == (key.name, key.id):
                    try:
                        times.append(key.verify(self.text, signature))
                    except Refused as refused:
                        raise Refused(f"the signature of {name}: {refused}") from None
            twin = any((known[other].algorithm, known[other].key) == (key.algorithm, key.key) for other in found)
            if times and not twin:
                found[place] = max(times, key=lambda time: -1 if time is None else time)
        return found


def read_signature(line):
    parts = line.split(" ")
    require(len(parts) == 3 and parts[0] == "—", "a line of signature is `— NAME BASE64`")
    check_name(parts[1])
    payload = strict_base64(parts[2])
    require(len(payload) > 4, "a signature without bytes")
    return parts[1], payload[:4], payload[4:]


class Checkpoint:
    """Origin, size and root of a log's tree, and the note that says so."""

    def __init__(self, data):
        self.note = Note(data)
        self.origin, self.size, self.root = read_checkpoint_text(self.note.text)


def read_checkpoint_text(text):
    lines = text.split("\n")
    require(lines.pop() == "", "a text ends with a line feed")
    require(len(lines) == 3, "a checkpoint has three lines, and no extension")
    require(1 <= len(lines[0].encode()) <= NAME_LIMIT, "no origin")
    return lines[0], decimal(lines[1]), hash_line(lines[2])


def origin(network):
    return f"tongda/{network.hex()}"


def cosigner(network, vote_key, cosign_key):
    """The note key of a validator by its vote key and its cosigning key, both (algorithm, bytes)."""
    require(cosign_key[0] == keys.ED25519, "a cosigning key of another algorithm")
    return NoteKey(f"{origin(network)}/{keys.address(vote_key).hex()}", COSIGNER_KEY, cosign_key[1])
