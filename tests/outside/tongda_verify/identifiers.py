"""Read identifiers from their wire form into the text of their JSON form, as formats/identifiers.md says."""

import datetime

from .refusal import require

# Kinds of objects by tag: the letter of their ids, and the name in the tables of acts and state.
KINDS = [
    ("M", "member"), ("E", "party"), ("P", "patent"), ("D", "declaration"), ("L", "licence"), ("T", "transfer"),
    ("G", "pledge"), ("W", "pending act"), ("N", "notice"), ("A", "power"), ("R", "record"), ("V", "valuation"),
    ("I", "instrument"), ("C", "contract"), ("Q", "listing"), ("H", "demand"), ("U", "push"), ("Y", "event"),
    ("O", "pool"), ("S", "open_source"), ("K", "product"), ("Z", "case"), ("F", "credit_event"), ("B", "proposal"),
    ("X", "statistic"), ("J", "project"),
]  # fmt: skip
LETTER_OF = {name: letter for letter, name in KINDS}

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ."


def check_character(checked):
    """ISO/IEC 7064 MOD 37,2."""
    total = 0
    for character in checked:
        total = (total + ALPHABET.index(character)) * 2 % 37
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*"[(1 - total) % 37]


def object_id_text(value, letter):
    position, ordinal = value >> 8, value & 255
    require(letter != "R" or ordinal == 0, "the ordinal of a record is 0")
    number = f"{position}.{ordinal}" if ordinal else str(position)
    return f"{letter}-{number}-{check_character(letter + number)}"


def object_id(letter):
    return lambda reader: object_id_text(reader.u64(), letter)


def reference(reader):
    tag = reader.u8()
    require(1 <= tag <= len(KINDS), f"{tag} is no tag of a kind of object")
    return object_id_text(reader.u64(), KINDS[tag - 1][0])


def little_endian(reader):
    """Eight bytes of a number that is little-endian in a state key too, where others are not."""
    return int.from_bytes(reader.take(8), "little")


def weighted(digits, weights):
    return sum(int(digit) * weight for digit, weight in zip(digits, weights))


def patent_number(reader):
    value = little_endian(reader)
    require(value < 10**12, "a patent number has at most twelve digits before its check digit")
    old = value < 10**8
    digits = f"{value:08}" if old else f"{value:012}"
    if old:
        year = int(digits[:2]) + (2000 if int(digits[:2]) <= 3 else 1900)
        require(1985 <= year <= 2003, f"no patent number of eight digits was given in {year}")
    else:
        require(2003 <= int(digits[:4]), "patent numbers of twelve digits begin in 2003")
    require(digits[2 if old else 4] in "12389", "the digit for the kind is not in use")
    check = weighted(digits, [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]) % 11
    return f"{digits}.{'X' if check == 10 else check}"


def publication_number(reader):
    serial, byte = reader.u32(), reader.u8()
    place, digit = byte >> 4, byte & 15
    require(1 <= place <= 7 and digit <= 9, "no kind code")
    letter = "ABCUYSD"[place - 1]
    require(letter != "A" or digit in (0, 8, 9), "no kind code")
    if 1_000_000 <= serial <= 3_999_999:
        kind = serial // 1_000_000
    elif 85_000_000 <= serial <= 88_999_999:
        kind = serial // 100_000 % 10
    else:
        require(100_000_000 <= serial <= 399_999_999, f"{serial} is no serial number of a publication")
        kind = serial // 100_000_000
    require(kind == {"A": 1, "B": 1, "C": 1, "U": 2, "Y": 2}.get(letter, 3), "kind code and serial number differ")
    return f"CN{serial}{letter}{digit or ''}"


CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def code_shape(reader):
    code = reader.take(18).decode("latin-1")
    require(all(character in CODE_ALPHABET for character in code), "a character that no credit code has")
    require(code[2:8].isdigit(), "the region in a credit code is six digits")
    return code


def code_checks(code):
    """Whether both check characters of a credit code are right."""
    values = [int(character, 36) for character in code[8:16]]
    check = (11 - sum(value * weight for value, weight in zip(values, [3, 7, 9, 10, 5, 8, 4, 2]))) % 11
    if code[16] != ("X" if check == 10 else str(check)):
        return False
    total = sum(CODE_ALPHABET.index(character) * pow(3, place, 31) for place, character in enumerate(code[:17]))
    return code[17] == CODE_ALPHABET[-total % 31]


def credit_code(reader):
    code = code_shape(reader)
    require(code_checks(code), "a check character of the credit code is wrong")
    return code


def overridden_code(reader):
    """A code as it was issued, although a check character is wrong."""
    code = code_shape(reader)
    require(not code_checks(code), "the code's check characters are right: it needs no exception")
    return code


def ipc_symbol(reader):
    wire = reader.u64()
    digits, filled, group = wire & 7, wire >> 3 & 0xFFFFF, wire >> 23 & 0x3FFF
    letter, number, section = wire >> 37 & 0x1F, wire >> 42 & 0x7F, wire >> 49
    fits = 1 <= section <= 8 and 1 <= number <= 99 and 1 <= letter <= 26 and 1 <= group <= 9999
    require(fits and filled <= 999_999 and 2 <= digits <= 6, "no IPC symbol")
    require(filled % 10 ** (6 - digits) == 0, "the subgroup is not filled up with zeros")
    return f"{chr(64 + section)}{number:02}{chr(64 + letter)} {group}/{f'{filled:06}'[:digits]}"


def locarno(reader):
    wire = reader.u16()
    require(100 <= wire < 3_300, "no Locarno class")
    return f"{wire // 100:02}-{wire % 100:02}"


def classification(reader):
    tag = reader.u8()
    require(tag in (1, 2), f"{tag} is no tag of a classification")
    return ipc_symbol(reader) if tag == 1 else locarno(reader)


LAST_DIVISIONS = dict(
    A=5, B=12, C=43, D=46, E=50, F=52, G=60, H=62, I=65, J=69,
    K=70, L=72, M=75, N=79, O=82, P=83, Q=85, R=90, S=96, T=97,
)  # fmt: skip


def industry(reader):
    section, filled, digits = chr(reader.u8()), reader.u16(), reader.u8()
    require(section in LAST_DIVISIONS and digits in (0, 2, 3, 4) and filled <= 9_999, "no industry code")
    require(filled % 10 ** (4 - digits) == 0, "the digits are not filled up with zeros")
    if digits:
        division = filled // 100
        of = next((letter for letter, last in LAST_DIVISIONS.items() if 1 <= division <= last), None)
        require(of == section, f"division {division:02} is not one of section {section}")
    return section + f"{filled:04}"[:digits]


PROVINCES = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54}
PROVINCES |= {61, 62, 63, 64, 65, 71, 81, 82}


def region(reader):
    code = reader.u32()
    require(code // 10_000 in PROVINCES, f"no province has the code {code // 10_000}")
    require(code // 100 % 100 or code % 100 == 0, f"{code} names a county without its prefecture")
    return f"{code:06}"


def country(reader):
    letters = reader.take(2)
    require(all(65 <= letter <= 90 for letter in letters), "a country code is two capital letters")
    return letters.decode()


def recordal_number(reader):
    written = str(reader.u64())
    form, digits = written[0], written[1:]
    if form == "1":
        require(13 <= len(digits) <= 18 and digits[:2] in ("19", "20"), "no recordal number of the old form")
        return digits
    require(form in "23" and len(digits) == 13 and digits[:2] == "20", "no recordal number")
    return ("X" if form == "2" else "Y") + digits


def contract_number(reader):
    written = str(little_endian(reader))
    require(written[0] == "1" and len(written) in (15, 17), "no number of a technical contract")
    return written[1:]


def money(reader):
    return str(reader.u64())


def rate(reader):
    points = reader.u16()
    require(points <= 10_000, "a rate is at most 10,000 basis points")
    return f"{points // 100}.{points % 100:02}%"


FIRST_DAY = datetime.date(1970, 1, 1).toordinal()


def day(reader):
    days = reader.i32() + FIRST_DAY
    require(1 <= days <= datetime.date.max.toordinal(), "a date beyond the years 1 to 9999")
    return datetime.date.fromordinal(days)


def date(reader):
    return day(reader).isoformat()


def term(reader):
    first, last = day(reader), day(reader)
    require(first <= last, "a term that ends before it begins")
    return f"{first.isoformat()}/{last.isoformat()}"


# The last millisecond of 9999-12-31 in UTC+8.
LAST_MOMENT = (datetime.date.max.toordinal() + 1 - FIRST_DAY) * 86_400_000 - 8 * 3_600_000 - 1


def moment(reader):
    """Milliseconds since 1970."""
    milliseconds = reader.u64()
    require(milliseconds <= LAST_MOMENT, "a moment beyond the year 9999")
    return milliseconds


def moment_text(milliseconds):
    moment = datetime.datetime(1970, 1, 1) + datetime.timedelta(milliseconds=milliseconds)
    return f"{moment.isoformat(timespec='milliseconds')}Z"


def timestamp(reader):
    return moment_text(moment(reader))
