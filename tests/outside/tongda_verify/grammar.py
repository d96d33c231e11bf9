"""Read acts and state values by the tables of the book itself: formats/acts.md and formats/state.md are the schema.

A cell of a table says how a field is written, in a small language:

    TYPE   = optional TYPE | list of at most N TYPE | text of at most N bytes | bytes, at most N
           | u8 | u16 | u32 | u64 | truth value | hash | act kind | [NAME](PAGE) … | (TYPE ‖ TYPE …)
    FIELDS = `name` TYPE ‖ `name` TYPE …
"""

import functools
import pathlib
import re

from . import identifiers, keys
from .codec import Reader, whole
from .refusal import require

BOOK = pathlib.Path(__file__).resolve().parents[3] / "docs" / "src" / "formats"
# An act's body is decoded with a bound of its own; a value of the state has one of 16,384 bytes.
VALUE_LIMIT = 16_384


def spoken_key(reader):
    return keys.text(keys.public_key(reader))


def hash_(reader):
    return reader.take(32).hex()


def inclusion_proof(reader):
    return reader.list(64, hash_)


def act_kind(reader):
    return reader.u8(), reader.u8()


IDENTIFIERS = {
    "money": identifiers.money, "date": identifiers.date, "timestamp": identifiers.timestamp,
    "rate": identifiers.rate, "term": identifiers.term, "patent number": identifiers.patent_number,
    "publication number": identifiers.publication_number, "credit code": identifiers.credit_code,
    "overridden code": identifiers.overridden_code, "classification": identifiers.classification,
    "industry code": identifiers.industry, "region code": identifiers.region, "country code": identifiers.country,
    "recordal number": identifiers.recordal_number, "technical contract number": identifiers.contract_number,
    "public key": spoken_key, "inclusion proof": inclusion_proof,
}  # fmt: skip
NUMBERS = {"u8": Reader.u8, "u16": Reader.u16, "u32": Reader.u32, "u64": Reader.u64}


class Grammar:
    """The tables of both pages; `read` functions are made once from their cells."""

    def __init__(self, book=BOOK):
        self.records, self.choices, self.acts, self.values = {}, {}, {}, {}
        self.names = {}
        for page in ("acts.md", "state.md"):
            self.read_page((pathlib.Path(book) / page).read_text(encoding="utf-8"))

    def read_page(self, text):
        heading = None
        for line in text.splitlines():
            if line.startswith("#"):
                heading = line.lstrip("# ")
            cells = [cell.strip() for cell in line.split("|")[1:-1]] if line.startswith("|") else []
            if len(cells) == 4 and re.fullmatch(r"\d+\.\d+", cells[0]):
                family, kind = map(int, cells[0].split("."))
                name = re.match(r"\[`([^`]+)`\]", cells[2])[1]
                self.acts[family, kind] = int(cells[1]), name
                self.names[family, kind] = name
            elif len(cells) == 4 and cells[0].isdigit() and cells[1].startswith("["):
                self.values[int(cells[0])] = re.match(r"\[(\w+)\]", cells[1])[1], cells[2]
            elif len(cells) == 4 and cells[0].isdigit():
                self.choices.setdefault(heading, {})[int(cells[0])] = cells[1].strip("`"), cells[2]
            elif len(cells) == 3 and cells[0].startswith("`"):
                self.records.setdefault(heading, []).append((cells[0].strip("`"), cells[1]))

    @functools.cache
    def type(self, cell):
        """A function that reads what `cell` describes."""
        if match := re.fullmatch(r"optional (.+)", cell):
            inner = self.type(match[1])
            return lambda reader: reader.optional(inner)
        if match := re.fullmatch(r"list of at most (\d+) (.+)", cell):
            most, inner = int(match[1]), self.type(match[2])
            return lambda reader: reader.list(most, inner)
        if match := re.fullmatch(r"text of at most (\d+) bytes", cell):
            most = int(match[1])
            return lambda reader: reader.text(most)
        if match := re.fullmatch(r"bytes, at most ([\d,]+)", cell):
            most = int(match[1].replace(",", ""))
            return lambda reader: reader.bytes(most).hex()
        if match := re.fullmatch(r"\((.+)\)", cell):
            parts = [self.type(part) for part in match[1].split(" ‖ ")]
            return lambda reader: [part(reader) for part in parts]
        if cell in NUMBERS:
            return NUMBERS[cell]
        if cell == "truth value":
            return Reader.truth
        if cell == "hash":
            return hash_
        if cell.startswith("act kind: "):
            return self.act_kind
        if cell.startswith("[reference](identifiers.md)"):
            return identifiers.reference
        if match := re.fullmatch(r"\[id\]\(identifiers\.md\) of an? (.+)", cell):
            return identifiers.object_id(identifiers.LETTER_OF[match[1]])
        name = re.fullmatch(r"\[([\w ]+)\]\([^)]*\)", cell)[1]
        return IDENTIFIERS.get(name) or self.named(name)

    @functools.cache
    def named(self, name):
        """A function that reads the record or choice of that name."""
        if name in self.choices:
            variants = {tag: (text, self.fields(cell)) for tag, (text, cell) in self.choices[name].items()}
            return lambda reader: read_choice(reader, name, variants)
        fields = [(field, self.type(cell)) for field, cell in self.records.get(name, [])]
        return lambda reader: {field: read(reader) for field, read in fields}

    def fields(self, cell):
        """The fields of a variant; inside a cell each begins with its name in backquotes."""
        parts = re.findall(r"`(\w+)` ((?:(?! ‖ `).)+)", cell)
        return [(name, self.type(inner)) for name, inner in parts]

    def act_kind(self, reader):
        """An act's name by its tags; any two tags decode, also such as no act has yet."""
        tags = act_kind(reader)
        return self.names.get(tags, f"{tags[0]}.{tags[1]}")

    def act(self, reader):
        """An act with its tags, in its JSON form."""
        family, kind, schema = reader.u8(), reader.u8(), reader.u8()
        require((family, kind) in self.acts, f"no act has the tags {family}.{kind}")
        known, name = self.acts[family, kind]
        require(schema == known, f"schema {schema} of {name} is unknown")
        body = reader.bytes(65_535)
        return {"act": name} | whole(body, self.named(name), most=65_535)

    def value(self, reader):
        """A state value with its tag: (name, JSON form)."""
        tag, schema = reader.u16(), reader.u8()
        require(tag in self.values, f"no state value has the tag {tag}")
        name, _ = self.values[tag]
        require(schema == 1, f"schema {schema} of {name} is unknown")
        body = reader.bytes(VALUE_LIMIT)
        return name, whole(body, self.named(name), most=VALUE_LIMIT)

    def key(self, data):
        """(name, id in its JSON form) of a state key: the tag is little-endian, numbers and ids behind it are not."""
        tag = int.from_bytes(data[:2], "little")
        require(len(data) >= 2 and tag in self.values, f"no state value has the tag {tag}")
        name, cell = self.values[tag]
        reader = BigEndian(data[2:])
        parts = [] if cell == "none" else [self.type(part)(reader) for part in key_parts(cell)]
        reader.finish()
        return name, parts[0] if len(parts) == 1 else parts or None


class BigEndian(Reader):
    """A reader of state keys."""

    def number(self, width):
        return int.from_bytes(self.take(width), "big")


def key_parts(cell):
    """The types that the cell of an id strings together; those that have a ‖ of their own stay whole."""
    whole_ = ("act kind: family u8 ‖ kind u8", "[reference](identifiers.md) to an object: tag of its kind u8 ‖ id")
    held = {f"held {place}": text for place, text in enumerate(whole_)}
    for mark, text in held.items():
        cell = cell.replace(text, mark)
    return [held.get(part, part) for part in cell.split(" ‖ ")]


def read_choice(reader, name, variants):
    tag = reader.u8()
    require(tag in variants, f"{tag} is no tag of {name}")
    text, fields = variants[tag]
    return {text: {field: read(reader) for field, read in fields}} if fields else text


@functools.cache
def book():
    """The grammar of the book beside this package."""
    return Grammar()
