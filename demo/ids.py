"""Identifiers and instants that look like AWS's: everything is derived from a label by hashing, so
the same label gives the same id on every machine and in every order."""

import base64
import hashlib
import uuid
from datetime import timedelta

ORG = "o-exampleorg1"
REGION = "eu-west-1"
TOKEN = "EXAMPLETOKEN"
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SEED = "rolecall demo 1"


def seed(*label):
    return hashlib.sha256("\x1f".join([SEED, *map(str, label)]).encode()).digest()


def pick(low, high, *label):
    """A whole number from low to high, both included."""
    return low + int.from_bytes(seed("pick", *label)[:4], "big") % (high - low + 1)


def uid(*label, version=4):
    """A UUID; the copies that services and role owners receive are named (version 3) on AWS."""
    return str(uuid.UUID(bytes=seed("uuid", *label)[:16], version=version))


def unique_id(prefix, account, *label):
    """An id that decodes to its account: generation bit 1, forty bits of account, the rest free.
    Access keys have 20 characters, users and roles 21."""
    noise = seed(prefix, account, *label)
    head = 1 << 47 | int(account) << 7 | noise[0] & 0x7F
    text = prefix + base64.b32encode(head.to_bytes(6, "big") + noise[1:5]).decode()
    return text if prefix in ("AKIA", "ASIA") else text + ALPHABET[noise[5] & 31]


def account_of(key):
    """The account in an id, or None: the reverse of `unique_id`, for --check."""
    try:
        head = int.from_bytes(base64.b32decode(key[4:20])[:6], "big")
    except ValueError:
        return None
    account = (head & 0x7FFF_FFFF_FF80) >> 7
    return f"{account:012}" if head >> 47 and account <= 999_999_999_999 else None


def iso(time):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def expiry(time, comma=True):
    """CloudTrail's text for an expiration: twelve hours, unpadded; older writers omit the comma."""
    clock = f"{(time.hour - 1) % 12 + 1}:{time:%M:%S} {'PM' if time.hour >= 12 else 'AM'}"
    return f"{time:%b} {time.day}, {time.year}{',' if comma else ''} {clock}"


def after(time, *label, least=1, most=50):
    """A moment later, never the same number of seconds."""
    return time + timedelta(seconds=pick(least, most, iso(time), *label))


def letters(*label):
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    return "".join(alphabet[byte % len(alphabet)] for byte in seed(*label)[:16])
