"""The command line: python3 -m tongda_verify log|directory|receipt|certificate|vectors …

Exit status: 0 all checks hold, 1 something does not, 2 the question is wrong or a file cannot be read.
"""

import argparse
import pathlib
import sys

from . import commands, vectors
from .exported import Unreadable
from .refusal import Refused

VERIFIED, REFUSED, UNREADABLE = 0, 1, 2


def parser():
    top = argparse.ArgumentParser(prog="tongda_verify", description=__doc__.split("\n\n")[0])
    kinds = top.add_subparsers(dest="command", required=True)
    log = kinds.add_parser("log", help="check a whole log: a folder, or the address of a node's /log")
    log.add_argument("place")
    log.add_argument(
        "--genesis", type=pathlib.Path, help="the genesis file to trust; else the log's own is, and said so"
    )
    log.add_argument("--log-key", help="the vkey of the node's log key, to require its signature too")
    directory = kinds.add_parser("directory", help="check the segments of a node's directory")
    directory.add_argument("folder", type=pathlib.Path)
    directory.add_argument("--genesis", type=pathlib.Path, help="the genesis file to trust; else the directory's")
    receipt = kinds.add_parser("receipt", help="check a receipt (.tlog-proof)")
    receipt.add_argument("file", type=pathlib.Path)
    receipt.add_argument("--genesis", type=pathlib.Path, required=True)
    receipt.add_argument("--epochs", type=pathlib.Path, help="the answer of /v1/epochs, where nodes have changed")
    receipt.add_argument("--record", type=pathlib.Path, help="the envelope that it is about; else its `extra` holds it")
    certificate = kinds.add_parser("certificate", help="check a certificate: bytes, JSON, or texts of QR codes")
    certificate.add_argument("file", type=pathlib.Path)
    certificate.add_argument("--genesis", type=pathlib.Path, required=True)
    certificate.add_argument("--epochs", type=pathlib.Path, help="the answer of /v1/epochs, where it carries no links")
    certificate.add_argument("--witness", action="append", default=[], help="the vkey of a witness outside the network")
    certificate.add_argument("--witnesses-needed", type=int, default=0, help="so many of them must have cosigned")
    certificate.add_argument("--max-age", type=int, help="seconds since a quorum cosigned, at most")
    compare = kinds.add_parser("vectors", help="compare this package with the golden vectors")
    compare.add_argument("folder", type=pathlib.Path, nargs="?", default=vectors.FOLDER)
    return top


def main(arguments=None):
    chosen = parser().parse_args(arguments)
    try:
        report = list(commands.COMMANDS[chosen.command](chosen))
    except Refused as refused:
        print(f"✗ {refused}")
        return REFUSED
    except vectors.Failure as failure:
        print(f"✗ {failure}")
        return REFUSED
    except (Unreadable, OSError) as error:
        print(f"cannot read: {error}", file=sys.stderr)
        return UNREADABLE
    for line in report:
        print(f"✓ {line}")
    return VERIFIED


if __name__ == "__main__":
    sys.exit(main())
