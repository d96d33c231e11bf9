"""Check who decided a block, as formats/commit-certificate.md says."""

from . import keys
from .codec import whole
from .hashes import domain_hash, in_domain
from .refusal import Refused, require

PREVOTE, PRECOMMIT = 1, 2


class ValidatorSet:
    """Validators (vote key, power), ascending by address."""

    def __init__(self, validators):
        self.validators = [(key, power, keys.address(key)) for key, power in validators]
        require(1 <= len(self.validators) <= 1_024, f"a network has 1 to 1,024 validators, not {len(self.validators)}")
        addresses = [address for _, _, address in self.validators]
        require(all(a < b for a, b in zip(addresses, addresses[1:])), "the validators do not ascend by address")
        require(all(power >= 1 for _, power, _ in self.validators), "a validator without power")
        self.power = sum(power for _, power, _ in self.validators)
        require(self.power < 2**63, "the powers' sum is not below 2^63")
        self.by_address = {address: (key, power) for key, power, address in self.validators}

    @classmethod
    def of_nodes(cls, nodes):
        """The set that a `Nodes` value (a list of nodes in JSON form) names: those with power."""
        voting = [(keys.of_text(node["vote_key"]), node["power"]) for node in nodes if node["power"] > 0]
        return cls(sorted(voting, key=lambda validator: keys.address(validator[0])))

    @classmethod
    def read(cls, reader):
        return cls(reader.list(1_024, lambda reader: (keys.public_key(reader), reader.u64())))

    @property
    def bytes(self):
        data = len(self.validators).to_bytes(2, "little")
        for key, power, _ in self.validators:
            data += bytes([key[0]]) + len(key[1]).to_bytes(2, "little") + key[1] + power.to_bytes(8, "little")
        return data

    @property
    def hash(self):
        return domain_hash("validators", self.bytes)

    def proposer(self, height, round_):
        """The address whose turn it is."""
        return self.validators[(height + round_) % 2**64 % len(self.validators)][2]


def vote_bytes(network, kind, height, round_, block, address):
    """What a validator signs; `block` is None for a vote for none."""
    choice = b"\0" if block is None else b"\1" + block
    numbers = bytes([kind]) + height.to_bytes(8, "little") + round_.to_bytes(4, "little")
    return in_domain("vote", network, numbers, choice, address)


class CommitCertificate:
    """The precommits under a block."""

    def __init__(self, reader):
        self.height, self.round, self.block = reader.u64(), reader.u32(), reader.take(32)
        self.signatures = reader.list(1_024, lambda reader: (reader.take(20), keys.signature(reader)))

    @classmethod
    def decode(cls, data):
        return whole(data, cls, most=1 << 20)

    def verify(self, network, validators, height, block):
        """Refuse unless more than two thirds of the set precommitted `block` at `height`."""
        require((self.height, self.block) == (height, block), "the certificate is for another block")
        addresses = [address for address, _ in self.signatures]
        require(all(a < b for a, b in zip(addresses, addresses[1:])), "the signers do not ascend, or one stands twice")
        signed = 0
        for address, signature in self.signatures:
            require(address in validators.by_address, f"{address.hex()} is no validator of height {height}")
            key, power = validators.by_address[address]
            message = vote_bytes(network, PRECOMMIT, height, self.round, block, address)
            try:
                keys.verify(key, signature, message)
            except Refused as refused:
                raise Refused(f"the precommit of {address.hex()}: {refused}") from None
            signed += power
        require(3 * signed > 2 * validators.power, f"{signed} of {validators.power} voting power signed: no quorum")
