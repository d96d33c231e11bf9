"""Follow the set of nodes through a log without executing it, as formats/verifying.md says.

A seal names the hash of the validators that decide the next block. Where it changes, the change was proposed in a
record before (`validator.change`), so the new set is found by applying proposed changes to the known nodes until the
hash fits. Nothing is believed of the proposals themselves: the hash stands under the old set's quorum.
"""

import itertools

from .refusal import Refused
from .validators import ValidatorSet

# Changes of observers show in no hash; so many changes at most are tried together with the one that shows.
TOGETHER = 4
TRIED = 20_000


def apply(nodes, change):
    """The nodes after a change, or None where it does not fit."""
    (kind, fields), nodes = next(iter(change.items())), {node["name"]: node for node in nodes}
    name = fields["node"]["name"] if kind == "add" else fields["name"]
    if (name in nodes) == (kind == "add"):
        return None
    if kind == "add":
        nodes[name] = fields["node"]
    elif kind == "remove":
        del nodes[name]
    else:
        nodes[name] = nodes[name] | {field: value for field, value in fields.items() if field != "name"}
    return [nodes[name] for name in sorted(nodes, key=str.encode)]


class NodesOfLog:
    """The nodes by now, and the changes that were proposed and have not been seen to take effect."""

    def __init__(self, nodes):
        self.nodes, self.proposed = nodes, []
        self.set = ValidatorSet.of_nodes(nodes)

    def record(self, act):
        """Take note of a record's act."""
        if act["act"] == "validator.change":
            self.proposed.append(act["change"])

    def follow(self, next_hash):
        """Move on to the set with this hash. Whether it is another one."""
        if self.set.hash == next_hash:
            return False
        for nodes, used in itertools.islice(self.candidates(), TRIED):
            try:
                found = ValidatorSet.of_nodes(nodes)
            except Refused:
                continue
            if found.hash == next_hash:
                self.nodes, self.set = nodes, found
                self.proposed = [change for place, change in enumerate(self.proposed) if place not in used]
                return True
        raise Refused("no change of nodes that a record proposed leads to the next validators")

    def candidates(self):
        """(nodes, places of the changes used): the latest and the fewest changes first."""
        places = range(len(self.proposed) - 1, -1, -1)
        for count in range(1, TOGETHER + 1):
            for used in itertools.combinations(places, count):
                nodes = self.nodes
                for place in sorted(used):
                    nodes = apply(nodes, self.proposed[place]) if nodes else None
                if nodes:
                    yield nodes, used
