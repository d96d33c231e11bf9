"""A certificate comes back from the texts of its QR codes, and nothing else does."""

import json
import unittest

from tongda_verify import certificate, epochs, paper, vectors
from tongda_verify.hashes import sha256
from tongda_verify.refusal import Refused


def base45(data):
    """Bytes as base45 (RFC 9285)."""
    text = ""
    for at in range(0, len(data), 2):
        group = data[at : at + 2]
        value = int.from_bytes(group, "big")
        for _ in range(len(group) + 1):
            text, value = text + paper.ALPHABET[value % 45], value // 45
    return text


def texts_of(document, count):
    """The texts of a document's codes."""
    size = max(1, -(-len(document) // count))
    parts = [document[at : at + size] for at in range(0, len(document), size)] or [b""]
    head = b"TD\1" + bytes([len(parts)])
    tag = sha256(document)[:4]
    return [base45(head + bytes([place]) + tag + part) for place, part in enumerate(parts, 1)]


class Paper(unittest.TestCase):
    document = bytes(range(256)) * 20

    def refused(self, texts, reason):
        with self.assertRaisesRegex(Refused, reason):
            paper.join(texts)

    def test_the_known_answers_of_rfc_9285_hold(self):
        for data, text in (
            (b"AB", "BB8"),
            (b"Hello!!", "%69 VD92EX0"),
            (b"base-45", "UJCLQE7W581"),
            (b"ietf!", "QED8WEX0"),
        ):
            self.assertEqual((base45(data), paper.base45(text)), (text, data))
        for text in ("A", "ABCD", "GGW", "::", "abc", "ÄBC"):
            with self.subTest(text=text), self.assertRaises(Refused):
                paper.base45(text)

    def test_texts_come_in_any_order_and_twice(self):
        texts = texts_of(self.document, 3)
        self.assertTrue(all(text.startswith("HTA") for text in texts))
        self.assertEqual(paper.join([texts[2], texts[0], texts[1], texts[0]]), self.document)

    def test_what_is_missing_foreign_or_changed_is_refused(self):
        texts, others = texts_of(self.document, 3), texts_of(self.document[1:], 3)
        self.refused([], "no text")
        self.refused(texts[:2], r"missing: \[3\]")
        self.refused([texts[0], texts[1], others[2]], "another document")
        self.refused(["BB8"], "no text of this ledger")
        for place in range(10, 400, 7):
            other = paper.ALPHABET[(paper.ALPHABET.index(texts[1][place]) + 1) % 45]
            changed = texts[1][:place] + other + texts[1][place + 1 :]
            with self.subTest(place=place), self.assertRaises(Refused):
                paper.join([texts[0], changed, texts[2]])

    def test_a_certificate_of_the_vectors_is_verified_from_its_texts(self):
        file = json.loads((vectors.FOLDER / "status-certificate.json").read_text(encoding="utf-8"))
        chain = lambda: epochs.Epochs(bytes.fromhex(file["network"]), file["founded"]["nodes"])
        for entry in file["valid"]:
            texts = texts_of(bytes.fromhex(entry["bytes"]), 2)
            attached = "\n".join(["tongda certificate v1", *texts]) + "\n"
            certificate.read(attached.encode()).verify(chain())


if __name__ == "__main__":
    unittest.main()
