"""The package agrees with every golden vector, and withstands what damage makes of them."""

import pathlib
import tempfile
import unittest

from tongda_verify import vectors


class GoldenVectors(unittest.TestCase):
    def test_every_file_agrees_and_every_damaged_form_is_refused(self):
        accepted = refused = damaged = 0
        for _, tally in vectors.run():
            accepted, refused = accepted + tally.accepted, refused + tally.refused
            damaged += tally.damaged
        print(f"\n{accepted} accepted, {refused} refused, {damaged} damaged forms refused", end=" ")
        self.assertGreater(min(accepted, refused, damaged), 200)

    def test_a_folder_without_vectors_is_no_success(self):
        with tempfile.TemporaryDirectory() as folder, self.assertRaises(vectors.Failure):
            list(vectors.run(pathlib.Path(folder)))

    def test_a_check_that_accepts_too_much_is_noticed(self):
        tally = vectors.Tally()
        with self.assertRaises(vectors.Failure):
            tally.refuses("anything", lambda: None)
        with self.assertRaises(vectors.Failure):
            tally.withstands("anything", b"abc", lambda data: None)


if __name__ == "__main__":
    unittest.main()
