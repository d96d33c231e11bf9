"""A whole log is accepted, and every way to falsify it is refused: also those that make all hashes fit again."""

import pathlib
import random
import tempfile
import unittest

import sample
from tongda_verify import epochs, exported, merkle, note, seal
from tongda_verify.epochs import Signers
from tongda_verify.receipt import Receipt
from tongda_verify.refusal import Refused


def check(files, **trust):
    with tempfile.TemporaryDirectory() as folder:
        sample.write(files, folder)
        return exported.check(pathlib.Path(folder), **trust)


class WholeLog(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.log = sample.standard()
        cls.files = cls.log.files()

    def refused(self, files, reason, **trust):
        with self.assertRaisesRegex(Refused, reason):
            check(files, **trust)

    def changed(self, path, change):
        return self.files | {path: change(self.files[path])}

    def test_a_log_across_a_change_of_validators_is_accepted_and_all_of_it_counted(self):
        found, checkpoint = check(self.files, genesis_text=self.log.genesis)
        self.assertEqual(checkpoint.size, len(self.log.leaves))
        expected = {"leaves": 50, "records": 37, "signatures": 37, "blocks": 12}
        expected |= {"precommits": 54, "epochs": 2, "tiles": 1, "cosignatures": 5}
        self.assertEqual(found.counts, expected)

    def test_a_log_of_several_tiles_and_levels_is_accepted(self):
        found, _ = check(sample.standard(blocks=80, records=3).files())
        self.assertEqual((found.counts["leaves"], found.counts["tiles"]), (322, 3))

    def test_one_byte_changed_anywhere_is_found(self):
        seed = random.SystemRandom().getrandbits(32)
        chooser = random.Random(seed)
        paths = [path for path in self.files if path != "genesis"]
        for turn in range(150):
            path = chooser.choice(paths)
            place, bits = chooser.randrange(len(self.files[path])), chooser.randrange(1, 256)
            with self.subTest(seed=seed, turn=turn, path=path, place=place, bits=bits):
                data = bytearray(self.files[path])
                data[place] ^= bits
                with self.assertRaises(Refused):
                    found, _ = check(self.files | {path: bytes(data)})
                    # A changed line of the log's own key is passed over: who does not know the key cannot judge it.
                    own = self.files["checkpoint"].index(f"— {note.origin(self.log.network)} ".encode())
                    end = self.files["checkpoint"].index(b"\n", own)
                    if path == "checkpoint" and (own <= place <= end or found.counts["cosignatures"] == 4):
                        raise Refused("nothing that counts was changed")

    def test_a_cut_bundle_and_a_byte_behind_one_are_found(self):
        for path in self.files:
            if path.startswith(("tile", "commits")):
                self.refused(self.changed(path, lambda data: data[:-1]), ".")
                self.refused(self.changed(path, lambda data: data + b"\0"), ".")

    def test_a_missing_file_is_no_verdict_about_the_log(self):
        for path in self.files:
            with self.subTest(path=path), self.assertRaises(exported.Unreadable):
                check({kept: data for kept, data in self.files.items() if kept != path})

    def test_the_log_of_another_network_is_refused(self):
        other = sample.Log(count=3)
        self.refused(self.files, "another network's genesis", genesis_text=other.genesis)
        self.refused(self.files | {"genesis": other.genesis.encode()}, "of another log")

    def test_the_logs_own_key_is_checked_where_it_is_known(self):
        key = note.NoteKey(note.origin(self.log.network), note.LOG_KEY, self.log.log_key.public)
        check(self.files, log_key=key)
        other = note.NoteKey(note.origin(self.log.network), note.LOG_KEY, sample.Key(98).public)
        self.refused(self.files, "own key has not signed", log_key=other)

    def test_a_checkpoint_with_one_cosignature_short_of_a_quorum_is_refused(self):
        self.refused(self.files | {"checkpoint": self.log.checkpoint(self.log.nodes[:3])}, "3 of 5 voting power")
        check(self.files | {"checkpoint": self.log.checkpoint(self.log.nodes[:4])})

    def test_an_older_seal_under_a_newer_checkpoint_is_refused(self):
        log = sample.standard()
        log.leaves.append(
            b"\1" + sample.envelope(log.network, sample.consent(9), log.time(12), 77, [(1, sample.Key(1))])
        )
        self.refused(log.files(), "the last leaf is no seal")

    def test_a_set_of_nodes_that_no_record_proposed_is_refused(self):
        log = sample.Log()
        log.block([sample.consent(1)], then=[*log.nodes, sample.Node(4)])
        self.refused(log.files(), "no change of nodes")

    def test_the_quorum_of_another_epoch_does_not_count(self):
        log = sample.Log()
        fifth = sample.Node(4)
        log.block([sample.add_node(fifth)], then=[*log.nodes, fifth])
        # The first block is decided and cosigned by the founders, although five nodes follow them.
        check(log.files())
        log.block([])
        self.refused(log.files() | {"checkpoint": log.checkpoint(sample.Log().nodes[:3])}, "3 of 5")

    def test_consistent_falsehoods_of_a_seal_are_found_although_a_quorum_decided_them(self):
        falsehoods = {
            "version": b"\2", "network": bytes(32), "suite": b"\2", "height": sample.number(9, 8),
            "round": sample.number(1, 4), "time": sample.number(sample.START, 8), "proposer": bytes(20),
            "parent": bytes(32), "first": sample.number(0, 8), "records": sample.number(7, 4),
            "log_root": bytes(32), "validators": bytes(32), "next_validators": bytes(32),
            "checkpoint": sample.number(sample.START + 1, 8), "extension": b"\1" * 32,
        }  # fmt: skip
        for field, value in falsehoods.items():
            with self.subTest(field=field):
                log = sample.Log()
                log.block([sample.consent(1)], **{field: value})
                self.refused(log.files(), ".")

    def test_a_record_that_poses_as_a_seal_and_a_seal_that_poses_as_a_record_are_refused(self):
        for kind in (seal.RECORD, 3, seal.GENESIS):
            log = sample.Log()
            log.block([sample.consent(1)])
            log.block([])
            log.leaves[2] = bytes([kind]) + log.leaves[2][1:]
            self.refused(log.files(), "leaf 2")
        log = sample.Log()
        log.block([sample.consent(1)])
        log.leaves[1] = b"\2" + log.leaves[1][1:]
        self.refused(log.files(), "leaf 1")

    def test_a_record_without_its_signature_is_refused_although_every_hash_fits(self):
        log = sample.Log()
        bare = sample.envelope(log.network, sample.consent(1), log.time(1), 1, [])
        self.seal_records(log, [bare])
        self.refused(log.files(), "leaf 1: no signature")

    def test_a_record_that_stands_twice_or_outside_its_window_is_refused(self):
        log = sample.Log()
        once = sample.envelope(log.network, sample.consent(1), log.time(1), 1, [(1, sample.Key(1))])
        self.seal_records(log, [once, once])
        self.refused(log.files(), "stood in the log before")
        for late in (2 * sample.HOUR, -2 * sample.HOUR):
            log = sample.Log()
            moved = sample.envelope(log.network, sample.consent(1), log.time(1) + late, 1, [(1, sample.Key(1))])
            self.seal_records(log, [moved])
            self.refused(log.files(), "outside the record's window")

    def test_a_record_of_another_network_is_refused(self):
        log = sample.Log()
        foreign = sample.envelope(bytes(32), sample.consent(1), log.time(1), 1, [(1, sample.Key(1))])
        self.seal_records(log, [foreign])
        self.refused(log.files(), "for another network")

    def test_commit_certificates_of_another_block_or_without_a_quorum_are_refused(self):
        def replaced(change):
            log = sample.Log()
            log.block([sample.consent(1)])
            log.block([sample.consent(2)])
            change(log)
            return log.files()

        def swap(log):
            log.commits.reverse()

        def short(log):
            log.commits[1] = log.certificate(2, log.parent, log.nodes[:2])

        def foreign(log):
            log.commits[1] = log.certificate(2, log.parent, [*log.nodes[:3], sample.Node(9)])

        for change, reason in ((swap, "another block"), (short, "no quorum"), (foreign, "no validator")):
            self.refused(replaced(change), reason)

    @staticmethod
    def seal_records(log, records):
        """A block of records as they are, with a seal that fits them."""
        leaves = [merkle.leaf_hash(leaf) for leaf in [*log.leaves, *(b"\1" + record for record in records)]]
        first = len(log.leaves)
        log.leaves += [b"\1" + record for record in records]
        fits = {"first": sample.number(first, 8), "records": sample.number(len(records), 4)}
        log.block([], **fits, log_root=merkle.root_of(leaves))


class Receipts(unittest.TestCase):
    def test_every_leaf_of_a_log_has_a_receipt_that_counts_for_it_alone(self):
        log = sample.standard()
        for index, leaf in enumerate(log.leaves):
            found = Receipt(log.receipt(index))
            found.verify(merkle.leaf_hash(leaf))
            Signers(nodes_of(log)).check_note(log.network, found.checkpoint)
            with self.assertRaises(Refused):
                found.verify(merkle.leaf_hash(log.leaves[index - 1]))

    def test_the_last_seal_beside_a_receipt_says_who_had_to_sign_and_no_older_one_does(self):
        log = sample.Log()
        for height in range(3):
            log.block([sample.consent(height)])
        chain = epochs.Epochs(log.network, nodes_of(log))
        found = Receipt(log.receipt(1, last=6))
        beside = found.beside()
        self.assertEqual(beside.leaf, log.leaves[1])
        self.assertEqual(found.check_last_leaf(beside, chain), 3)
        for older in (2, 4):
            found = Receipt(log.receipt(1, last=older))
            with self.assertRaisesRegex(Refused, "not the last leaf"):
                found.check_last_leaf(found.beside(), chain)
        other = epochs.Epochs(log.network, nodes_of(sample.Log(count=3)))
        with self.assertRaisesRegex(Refused, "other validators"):
            Receipt(log.receipt(1, last=6)).check_last_leaf(beside, other)


def nodes_of(log):
    """The nodes that decided the last block, as the state has them."""
    return [
        {"name": node.name, "power": 1, "vote_key": node.vote.text, "cosign_key": node.cosign.text}
        for node in log.deciding
    ]


if __name__ == "__main__":
    unittest.main()
