"""Read a policy and judge a checkpoint by it, as formats/checkpoint.md says (C2SP tlog-policy)."""

from . import note
from .refusal import Refused, require

LIMIT = 1 << 17
ENTRIES_LIMIT = 256
WORD_LIMIT = 1_024


def check_word(word):
    outside = any(ord(character) <= 32 for character in word)
    require(word and len(word.encode()) <= WORD_LIMIT and not outside, f"{word[:80]!r} is not one word")
    require(word != "none", "`none` is no name")


class Policy:
    """Logs, witnesses and groups, and the name of the quorum (None for nobody)."""

    def __init__(self, data):
        require(len(data) <= LIMIT, f"{len(data)} bytes are more than a policy has")
        require(all(byte >= 32 and byte != 127 or byte in b"\t\n" for byte in data), "a control character")
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Refused("no UTF-8") from None
        require(text.endswith("\n"), "the last line has no line feed")
        self.logs, self.witnesses, self.groups, self.members, self.quorums = [], {}, {}, set(), []
        for number, line in enumerate(text[:-1].split("\n"), 1):
            words = [word for word in line.replace("\t", " ").split(" ") if word]
            try:
                if words and not words[0].startswith("#"):
                    self.read_line(words)
            except Refused as refused:
                raise Refused(f"line {number}: {refused}") from None
        require(len(self.quorums) == 1, "a policy has one line `quorum`")
        self.quorum = self.quorums[0]

    def read_line(self, words):
        kind, count = words[0], len(words)
        if kind == "log" and count in (2, 3):
            self.add_key(self.logs, words[1])
        elif kind == "witness" and count in (3, 4):
            self.check_new(words[1])
            key = self.add_key(list(self.witnesses.values()), words[2])
            require(key.algorithm == note.COSIGNER_KEY, "the key of a witness is a cosigner's")
            self.witnesses[words[1]] = key
        elif kind == "group" and count >= 4:
            self.add_group(words[1], words[2], words[3:])
        elif kind == "quorum" and count == 2:
            require(not self.quorums, "a policy has one line `quorum`")
            require(words[1] == "none" or self.is_defined(words[1]), f"{words[1]} is defined by no line before")
            self.quorums.append(None if words[1] == "none" else words[1])
        else:
            raise Refused("none of the four kinds of lines")
        if kind in ("log", "witness") and count == (3 if kind == "log" else 4):
            check_word(words[-1])

    def is_defined(self, name):
        return name in self.witnesses or name in self.groups

    def check_new(self, name):
        check_word(name)
        require(not self.is_defined(name), f"the name {name} is taken")

    @staticmethod
    def add_key(known, text):
        key = note.NoteKey.parse(text)
        require(all(key.key != other.key for other in known), f"the key {text} stands twice")
        require(len(known) < ENTRIES_LIMIT, "too many logs or witnesses")
        known.append(key)
        return key

    def add_group(self, name, threshold, members):
        self.check_new(name)
        require(len(self.groups) < ENTRIES_LIMIT, "too many groups")
        count = {"all": len(members), "any": 1}.get(threshold)
        count = note.decimal(threshold) if count is None else count
        require(1 <= count <= len(members), f"the group {name} takes {count} of {len(members)}")
        for member in members:
            require(self.is_defined(member), f"{member} is defined by no line before")
            require(member not in self.members, f"{member} is a member twice")
            self.members.add(member)
        self.groups[name] = count, members

    def judge(self, checkpoint):
        """(logs that signed, names of witnesses that did, whether the quorum is reached); refuses a false signature."""
        logs = [key for key in self.logs if key.name == checkpoint.origin and checkpoint.note.signers([key])]
        witnessed = {name: bool(checkpoint.note.signers([key])) for name, key in self.witnesses.items()}
        names = [name for name, did in witnessed.items() if did]
        require(logs, "no log of the policy signed the checkpoint")
        for name, (count, members) in self.groups.items():
            witnessed[name] = sum(witnessed[member] for member in members) >= count
        return logs, names, self.quorum is None or witnessed[self.quorum]
