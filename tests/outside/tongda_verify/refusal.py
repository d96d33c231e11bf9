"""Say why something does not count. One exception for every check, so that no check can be passed over."""


class Refused(Exception):
    """What was checked does not hold; the text says what is wrong and where."""


def require(holds, why):
    """Refuse with `why` unless `holds`. Never `assert`: that vanishes under `python -O`."""
    if not holds:
        raise Refused(why)
