"""Follow who decides and cosigns, from the founding to any height, as formats/epoch.md says."""

import json

from . import grammar, keys, note, state_map
from .codec import Reader, whole
from .refusal import Refused, require
from .seal import Seal
from .validators import CommitCertificate, ValidatorSet

LINK_LIMIT = 1 << 16
SEAL_LENGTH = 290
NODES_KEY = b"\2\0"  # tag 2, no id


class Signers:
    """The nodes that vote, ascending by the address of their vote key: keys and powers."""

    def __init__(self, nodes):
        voting = [
            (keys.of_text(node["vote_key"]), keys.of_text(node["cosign_key"]), node["power"], node["name"])
            for node in nodes
            if node["power"] > 0
        ]
        voting.sort(key=lambda signer: keys.address(signer[0]))
        self.signers = voting
        self.set = ValidatorSet([(vote, power) for vote, _, power, _ in voting])
        for _, cosign, _, _ in voting:
            keys.check_enrolled(cosign)
        cosigning = {cosign for _, cosign, _, _ in voting}
        require(len(cosigning) == len(voting), "a cosigning key stands twice")

    def counts(self):
        """What makes two sets the same: names do not."""
        return [(vote, cosign, power) for vote, cosign, power, _ in self.signers]

    def note_keys(self, network):
        return [note.cosigner(network, vote, cosign) for vote, cosign, _, _ in self.signers]

    def quorum(self, times):
        """(power, total, time) of {place: time}: the time is that at or after which a quorum signed, the latest such."""
        total, so_far = self.set.power, 0
        power = sum(self.signers[place][2] for place in times)
        for place, time in sorted(times.items(), key=lambda item: -item[1]):
            so_far += self.signers[place][2]
            if 3 * so_far > 2 * total:
                return power, total, time
        raise Refused(f"{power} of {total} voting power cosigned the checkpoint: no quorum")

    def check_note(self, network, checkpoint):
        """The quorum under a signed checkpoint."""
        return self.quorum(checkpoint.note.signers(self.note_keys(network)))

    def check_placed(self, text, placed):
        """The quorum of cosignatures (place, 72 bytes) over a checkpoint's text; each must be right, none twice."""
        places = [place for place, _ in placed]
        require(all(a < b for a, b in zip(places, places[1:])), "the cosignatures do not ascend by place")
        times = {}
        for place, signature in placed:
            require(place < len(self.signers), f"there is no signer {place} among {len(self.signers)}")
            _, cosign, _, name = self.signers[place]
            try:
                times[place] = note.check_cosignature(cosign[1], text, signature)
            except Refused as refused:
                raise Refused(f"the cosignature of {name}: {refused}") from None
        return self.quorum(times)


class EpochLink:
    """A block that changed the signers, with the nodes behind it and the proof that its state has them."""

    def __init__(self, reader):
        self.seal = Seal(reader.take(SEAL_LENGTH), of_any_version=True)
        self.certificate = CommitCertificate(reader)
        start = reader.at
        self.nodes = grammar.book().named("Nodes")(reader)["nodes"]
        body = reader.data[start : reader.at]
        require(len(body) <= grammar.VALUE_LIMIT, "the nodes are longer than a value of the state")
        # The value in the state: tag 2, schema 1, and the same bytes.
        self.value = NODES_KEY + b"\1" + len(body).to_bytes(2, "little") + body
        self.proof = state_map.MapProof(reader)

    @classmethod
    def decode(cls, data):
        return whole(data, cls, most=LINK_LIMIT)


class Epochs:
    """The chain of signers. `changes` are (height of the block that changed them, signers behind it)."""

    def __init__(self, network, nodes):
        self.network, self.first, self.changes = network, Signers(nodes), []

    def number_at(self, height):
        """Which epoch decides a height, from 0."""
        return sum(change < height for change, _ in self.changes)

    def at(self, height):
        number = self.number_at(height)
        return self.changes[number - 1][1] if number else self.first

    def check_seal(self, seal):
        seal.check_version()
        require(seal.network == self.network, "the seal is of another network")
        expected = self.at(seal.height).set.hash
        require(seal.validators == expected, f"the seal of height {seal.height} names other validators")

    def prove(self, link):
        """The signers behind a link."""
        seal = link.seal
        self.check_seal(seal)
        link.certificate.verify(self.network, self.at(seal.height).set, seal.height, seal.hash)
        require(seal.round <= link.certificate.round, "made in a later round than it was decided in")
        link.proof.verify(seal.state_root, state_map.key_hash(NODES_KEY), state_map.value_hash(link.value))
        signers = Signers(link.nodes)
        require(seal.next_validators == signers.set.hash, "the seal names other next validators")
        return signers

    def push(self, link):
        """Take the next change; one that is known already changes nothing."""
        height = link.seal.height
        last = self.changes[-1][0] if self.changes else 0
        if height <= last:
            known = dict(self.changes).get(height)
            require(known is not None, f"the change at {height} does not come behind that at {last}")
            require(known.counts() == self.prove(link).counts(), f"another change at {height} is known")
            return
        signers = self.prove(link)
        require(signers.counts() != self.at(height + 1).counts(), f"the block of height {height} changes no signer")
        self.changes.append((height, signers))


def read_links(data):
    """The links in an answer of `/v1/epochs`: its JSON form, or (length u32 ‖ link)…"""
    if data.lstrip()[:1] == b"{":
        try:
            shown = json.loads(data)["epochs"]
            return [EpochLink.decode(bytes.fromhex(epoch["link"])) for epoch in shown if epoch["link"] is not None]
        except (ValueError, KeyError, TypeError) as error:
            raise Refused(f"no list of epochs: {error!r}") from None
    reader, links = Reader(data), []
    while reader.at < len(data):
        links.append(EpochLink.decode(reader.take(reader.u32())))
    return links


def placed_cosignature(reader):
    """(place, 72 bytes) of a cosignature on the wire: the time in it is big-endian."""
    place, data = reader.u8(), reader.take(72)
    require(int.from_bytes(data[:8], "big") < 2**63, "the time of a cosignature is below 2^63")
    return place, data


def decode_placed(data):
    return whole(data, placed_cosignature)
