"""Compare what a genesis file says to people with what its founders signed, as formats/genesis.md says.

Both stand in the file. Of somebody who changed only the readable half, the difference is named here.
"""

import datetime
import decimal

from .refusal import Refused, require

AMOUNTS = {"open_lump_cap"}
RATES = {"open_sales_cap", "open_profit_cap", "inventor_share"}
EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)


def moment_of(text):
    """The milliseconds of a moment written as RFC 3339."""
    return (datetime.datetime.fromisoformat(text) - EPOCH) // datetime.timedelta(milliseconds=1)


def amount(text):
    return str(int(decimal.Decimal(text.replace(",", "")) * 100))


def rate(text):
    return f"{decimal.Decimal(text.removesuffix('%')):.2f}%"


def plain(entry):
    """A section with the names of its fields as in JSON."""
    return {name.replace("-", "_"): value for name, value in entry.items()}


def key_text(text):
    name, _, digits = text.partition(":")
    return f"{name}:{digits.lower()}"


def member(entry, ids):
    entry = plain(entry)
    code = None
    if "code" in entry:
        code = {"checked": {"code": entry.pop("code")}}
    elif "overridden_code" in entry:
        allowed = ids[entry.pop("code_allowed_by")]
        code = {"overridden": {"code": entry.pop("overridden_code"), "allowed_by": allowed}}
    del entry["id"]
    return entry | {
        "code": code,
        "exchange": ids[entry["exchange"]],
        "keys": [member_key(plain(key)) for key in entry["keys"]],
        "policy": {"default": entry.pop("sign_with"), "acts": entry.pop("sign_acts", [])},
    }


def member_key(entry):
    evidence = {"digest": entry.pop("evidence"), "valid_until": entry.pop("valid_until", None)}
    return entry | {"key": key_text(entry["key"]), "evidence": evidence}


def node(entry, ids):
    entry = plain(entry)
    for use in ("vote_key", "cosign_key", "network_key"):
        entry[use] = key_text(entry[use])
    return entry | {"exchange": ids[entry["exchange"]]}


def parameters(entry, tables):
    entry = plain(entry)
    for name in AMOUNTS:
        entry[name] = amount(entry[name])
    for name in RATES:
        entry[name] = rate(entry[name])
    return entry | {"tables": tables}


def compare(file, founding):
    """Refuse unless the sections of `file` say what `founding` says."""
    known = {"network", "member", "node", "parameters", "table", "founding", "signature"}
    require(set(file) <= known, f"sections that no genesis file has: {sorted(set(file) - known)}")
    require(set(file["founding"]) == {"network-id", "canonical"}, "[founding] has other keys than its two")
    ids = {entry["id"]: founding.member_id(place) for place, entry in enumerate(file["member"])}
    require(len(ids) == len(file["member"]), "two members have the same short name")
    try:
        network = dict(file["network"])
        anchor = {"start": moment_of(network.pop("start")), "demonstration": network.pop("demonstration")}
        anchor["predecessor"] = network.pop("predecessor", None)
        written = {
            "network": network,
            "anchor": anchor,
            "member": [member(entry, ids) for entry in file["member"]],
            "node": sorted((node(entry, ids) for entry in file["node"]), key=lambda node: node["name"].encode()),
            "parameters": parameters(file["parameters"], file.get("table", [])),
        }
    except (KeyError, TypeError, ValueError, AttributeError, ArithmeticError) as error:
        raise Refused(f"an entry is missing or wrong: {error!r}") from None
    signed = {
        "network": {"version": founding.version, "name": founding.name},
        "anchor": founding.anchor | {"start": founding.start},
        "member": founding.members,
        "node": founding.nodes,
        "parameters": founding.parameters,
    }
    for section in signed:
        place = difference(written[section], signed[section])
        require(place is None, f"[{section}] differs from what was signed: {place}")


def difference(written, signed, name=""):
    """The first place where two values differ, or None."""
    if isinstance(written, dict) and isinstance(signed, dict):
        for field in sorted(set(written) | set(signed)):
            if field not in written or field not in signed:
                return f"{name}{field} stands on one side only"
            if place := difference(written[field], signed[field], f"{name}{field}."):
                return place
        return None
    if isinstance(written, list) and isinstance(signed, list) and len(written) == len(signed):
        pairs = enumerate(zip(written, signed), 1)
        return next((place for n, pair in pairs if (place := difference(*pair, f"{name}{n}."))), None)
    return None if (written, type(written)) == (signed, type(signed)) else f"{name[:-1]} was signed as {signed!r}"
