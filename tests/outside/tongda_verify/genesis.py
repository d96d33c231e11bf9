"""Take the network from its genesis file, as formats/genesis.md says: what the founders signed is the canonical form.

The file says everything twice: the canonical form has the hash that is the network id, and the founders' signatures
cover that; the entries for people are compared with it.
"""

import base64
import binascii
import tomllib

from . import genesis_entries, grammar, identifiers, keys
from .codec import whole
from .hashes import domain_hash, in_domain
from .refusal import Refused, require
from .validators import ValidatorSet

LIMIT = 1 << 19


class Founding:
    """The canonical form, decoded: `members` and `nodes` in JSON form, the ids of members by their order."""

    def __init__(self, canonical):
        self.network = domain_hash("genesis", canonical)
        whole(canonical, self.read, most=LIMIT)
        self.check()

    def read(self, reader):
        book = grammar.book()
        self.version = reader.u8()
        self.name = reader.text(200)
        self.anchor = book.named("Anchor")(reader)
        self.start = genesis_entries.moment_of(self.anchor["start"])
        self.members = reader.list(100, read_member)
        self.nodes = book.named("Nodes")(reader)["nodes"]
        self.parameters = book.named("Parameters")(reader)

    def check(self):
        """What the types cannot say, as far as a verifier's trust rests on it."""
        require(self.version == 1, f"genesis version {self.version} is unknown")
        seen = set()
        for member in self.members:
            numbers = [member["policy"]["default"], *(act["keys"] for act in member["policy"]["acts"])]
            fits = all(1 <= number <= len(member["keys"]) for number in numbers)
            require(fits, f"{member['name']}: so many keys cannot sign")
            require(member["roles"], f"{member['name']} has no role")
            require(self.exchange(member["exchange"]), f"{member['name']}: {member['exchange']} is no exchange")
            for key in member["keys"]:
                self.once(seen, key["key"])
        names = [node["name"].encode() for node in self.nodes]
        require(all(a < b for a, b in zip(names, names[1:])), "the nodes do not ascend by name")
        for node in self.nodes:
            require(self.exchange(node["exchange"]), f"node {node['name']}: {node['exchange']} is no exchange")
            for use in ("vote_key", "cosign_key", "network_key"):
                self.once(seen, node[use])
        registers = any("registrar" in member["roles"] for member in self.members)
        require(registers, "no member has the role of a registrar")
        self.validators = ValidatorSet.of_nodes(self.nodes)
        codes = [next(iter(member["code"].values()))["code"] for member in self.members if member["code"]]
        require(len(codes) == len(set(codes)), "two members have the same credit code")
        self.check_parameters()

    def check_parameters(self):
        bounds = {
            "window": (1, 86_400_000), "due_per_block": (1, 65_535), "records_per_block": (1, 65_536),
            "bytes_per_block": (65_534, 8_388_608), "rule_set": (1, 1), "proposal_days": (1, 65_535),
        }  # fmt: skip
        for name, (least, most) in bounds.items():
            require(least <= self.parameters[name] <= most, f"the parameter {name} is out of its bounds")
        require(self.parameters["algorithms"] == [keys.ED25519], "other signature algorithms than 1")

    @staticmethod
    def once(seen, text):
        keys.check_enrolled(keys.of_text(text))
        require(text not in seen, f"the key {text} is used twice")
        seen.add(text)

    def member_id(self, place):
        return identifiers.object_id_text(place + 1, "M")

    def exchange(self, member):
        """The member with that id, if it is an exchange."""
        for place, founder in enumerate(self.members):
            if self.member_id(place) == member:
                return founder if "exchange" in founder["roles"] else None
        return None


def read_member(reader):
    """A founding member; its parts are those of formats/acts.md."""
    book = grammar.book()
    return {
        "name": reader.text(300),
        "code": reader.optional(book.named("EnrolmentCode")),
        "roles": reader.list(8, book.named("Role")),
        "region": identifiers.region(reader),
        "keys": reader.list(16, book.named("KeyEntry")),
        "policy": book.named("SigningPolicy")(reader),
        "exchange": identifiers.object_id("M")(reader),
    }


def signed_bytes(network):
    return in_domain("founding", network)


def read(text):
    """The founding of a genesis file, its network id compared and its founders' signatures verified."""
    try:
        file = tomllib.loads(text)
        canonical = base64.b64decode("".join(file["founding"]["canonical"].split()), validate=True)
        network_id = file["founding"]["network-id"]
        members = [entry["id"] for entry in file["member"]]
        signatures = [(entry["member"], entry["key"], entry["signature"]) for entry in file.get("signature", [])]
    except (tomllib.TOMLDecodeError, binascii.Error, KeyError, TypeError) as error:
        raise Refused(f"no genesis file: {error!r}") from None
    founding = Founding(canonical)
    require(founding.network.hex() == network_id, "the network id is not the hash of the canonical form")
    genesis_entries.compare(file, founding)
    counts, used = [0] * len(members), set()
    for member, key, signature in signatures:
        require(member in members, f"{member} signs and is no member")
        place = members.index(member)
        known = [entry["key"] for entry in founding.members[place]["keys"]]
        require(key in known, f"{key} is no key of {member}")
        require(key not in used, f"the signature of {key} stands twice")
        keys.verify(keys.of_text(key), keys.of_text(signature), signed_bytes(founding.network))
        used.add(key)
        counts[place] += 1
    for place, founder in enumerate(founding.members):
        if any(node["exchange"] == founding.member_id(place) for node in founding.nodes):
            needed = founder["policy"]["default"]
            require(counts[place] >= needed, f"{founder['name']} has signed with {counts[place]} of {needed} keys")
    return founding
