"""Verify an exported journal of a newsroom: python3 verify_journal.py EXPORT ADMIN_KEY [--head HASH].

Needs nothing but Python 3.11 and the library `cryptography`; shares no code with the program that wrote the export.
ADMIN_KEY is the first administrator's public key, 64 hexadecimal digits, learnt by another way than the export.
Checks the chain, every signature, who held which role at each place, and for each signed edition that three different
people gave their words over the very manifest in the export. Exit 0: all holds; 1: it names what does not.
"""

import argparse
import hashlib
import json
import sys
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

FORMAT = "newsletter-journal-1"
GATES = (("submit", "editor"), ("approve", "reviewer"), ("sign", "issuer"))
ABOUT_STAFF = {"grant", "revoke", "retire", "rotate"}
VERBS = {verb for verb, _role in GATES} | ABOUT_STAFF | {"return", "retract", "waive", "adopt", "restore"}
#: Words about members' data, each with the roles that may say it; the journal names no member.
ALLOWED_ROLES = {
    "reveal": {"admin", "issuer"},
    "export": {"admin", "issuer"},
    "erase": {"admin"},
    "purge": {"admin"},
    "rekey": {"admin"},
}


class BrokenError(Exception):
    """Something does not hold."""


def check(condition, message):
    """Raise with ``message`` unless ``condition`` holds."""
    if not condition:
        raise BrokenError(message)


def sha256(text):
    """SHA-256 of the UTF-8 bytes, hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def verify_chain(export, admin_key):
    """Return the statements' bodies, each with its hash, having checked order, links, times and signatures."""
    previous, time, keys, admins, words = "0" * 64, None, {}, set(), []
    owners = {}
    for number, found in enumerate(export["statements"], start=1):
        word = json.loads(found["body"])
        word["hash"] = sha256(found["body"])
        check(word["newsroom"] == export["newsroom"], f"statement {number}: of another newsroom")
        check(word["number"] == number and word["previous"] == previous, f"statement {number}: out of its place")
        said_at = datetime.fromisoformat(word["time"])
        check(time is None or said_at >= time, f"statement {number}: earlier than the one before it")
        if number == 1:
            keys[word["person"]] = admin_key
            owners[admin_key] = word["person"]
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(keys[word["person"]]))
            key.verify(bytes.fromhex(found["signature"]), found["body"].encode())
        except (KeyError, ValueError, InvalidSignature):
            raise BrokenError(f"statement {number}: not signed by {word['person']}") from None
        details, verb = word["details"], word["verb"]
        check(verb in VERBS or verb in ALLOWED_ROLES, f"statement {number}: no such word as {verb}")
        check(word["role"] in ALLOWED_ROLES.get(verb, {word["role"]}), f"statement {number}: not a {word['role']}'s")
        if verb in ABOUT_STAFF:
            check(word["subject"] == f"staff:{details['person']}", f"statement {number}: about somebody else")
        if verb in ("grant", "revoke", "retire", "restore"):
            check(number == 1 or word["person"] in admins, f"statement {number}: {word['person']} is no admin")
        if verb == "grant":
            if details["role"] == "admin":
                admins.add(details["person"])
            if "public_key" in details:
                keys.setdefault(details["person"], own_key(owners, details, number))
        if verb == "rotate":
            own = details["person"] == word["person"]
            check(details["person"] in keys, f"statement {number}: nobody is called {details['person']}")
            leads = homes_of_admin(roles_before([*words, word], number, ["root"]), word, ["root"])
            check(own or leads, f"statement {number}: {word['person']} may not change that key")
            keys[details["person"]] = own_key(owners, details, number)
        previous, time = word["hash"], said_at
        words.append(word)
    return words


def own_key(owners, details, number):
    """The key a statement names, which must never have been anybody else's."""
    key, person = details["public_key"].lower(), details["person"]
    check(owners.setdefault(key, person) == person, f"statement {number}: {person} has {owners[key]}'s key")
    return key


def roles_before(words, place, units):
    """The roles given for ``units`` (a unit and those above it, nearest first) by the statements before ``place``."""
    given, retired = [], set()
    for said in words[: place - 1]:
        details, verb = said["details"], said["verb"]
        person, homes = details.get("person"), homes_of_admin(given, said, units)
        if verb in ("grant", "revoke"):
            unit = details["unit"]
            if unit not in homes and not (said["number"] == 1 and unit in units):
                continue
            role = (person, details["role"], unit)
            if verb == "revoke":
                given = [found for found in given if found[:3] != role]
            elif (person, unit) not in retired:
                given.append((*role, details))
        elif verb == "retire":
            given = [found for found in given if found[0] != person or found[2] not in homes]
            retired |= {(person, unit) for unit in homes}
    return given


def homes_of_admin(given, said, units):
    """The units for which the speaker could give roles then: an admin's own and what is under it."""
    for place in range(len(units), 0, -1):
        home = (said["person"], "admin", units[place - 1])
        if any(found[:3] == home and is_in_force(found, said) for found in given):
            return set(units[:place])
    return set()


def is_in_force(found, word):
    """Whether the day of ``word`` lies within a grant's dates, by the clocks of the zone that the grant names."""
    details = found[3]
    if not {"from", "until"} & details.keys():
        return True
    day = datetime.fromisoformat(word["time"]).astimezone(ZoneInfo(details["timezone"])).date().isoformat()
    return details.get("from", day) <= day <= details.get("until", day)


def holds(words, word, role, units):
    """Whether the speaker of ``word`` held ``role`` for one of ``units`` at its place."""
    given = roles_before(words, word["number"], units)
    return any(found[:2] == (word["person"], role) and is_in_force(found, word) for found in given)


def words_over(words, subject):
    """The words in force: the latest submit and what was said after it; a later return undoes all."""
    spoken = {}
    for word in words:
        if word["subject"] != subject:
            continue
        if word["verb"] in ("submit", "return"):
            spoken = {}
        if word["verb"] == "approve":
            spoken.pop("sign", None)
        if word["verb"] in ("submit", "approve", "sign"):
            spoken[word["verb"]] = word
    return spoken


def verify_edition(words, found):
    """Check the three words over one edition's manifest; return who gave them; None if it was composed anew since."""
    if found["manifest"] is None:
        return None
    manifest, digest = json.loads(found["manifest"]), sha256(found["manifest"])
    subject = f"edition:{found['edition']}"
    check(manifest["edition"] == found["edition"], f"{subject}: the manifest is another edition's")
    if found["sms"] is not None:
        check(manifest["pieces"]["sms"] == sha256(found["sms"]), f"{subject}: the message is not the one signed")
    spoken = words_over(words, subject)
    authors = {person for item in manifest["items"] for person in item["authors"]}
    for verb, role in GATES:
        check(verb in spoken, f"{subject}: nobody's word to {verb}")
        word = spoken[verb]
        check(word["digest"] == digest, f"{subject}: {word['person']}'s {verb} is over another manifest")
        check(holds(words, word, role, manifest["units"]), f"{subject}: {word['person']} was no {role}")
        check(verb == "submit" or word["person"] not in authors, f"{subject}: {word['person']} worked on its texts")
    people = [spoken[verb]["person"] for verb, _role in GATES]
    check(len(set(people)) == len(GATES), f"{subject}: not three people")
    return people


def verify(export, admin_key, head=None):
    """Return the words and, for each signed edition, who stands for it.

    Raises:
        BrokenError: what does not hold.
    """
    check(isinstance(export, dict) and export.get("format") == FORMAT, "this is not an exported journal")
    check(export["statements"], "the export holds no statement")
    check(export["admin_key"] == admin_key, "the export names another first administrator")
    words = verify_chain(export, admin_key)
    if head:
        check(any(word["hash"].startswith(head) for word in words), "the noted head is not in the journal")
    exported = {f"edition:{found['edition']}" for found in export["editions"]}
    for subject in dict.fromkeys(word["subject"] for word in words):
        check("sign" not in words_over(words, subject) or subject in exported, f"{subject}: signed, and not exported")
    return words, {found["edition"]: verify_edition(words, found) for found in export["editions"]}


def main():
    """Read the command line, and say what holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("export")
    parser.add_argument("admin_key")
    parser.add_argument("--head", help="a head noted earlier, or its first digits")
    given = parser.parse_args()
    try:
        export = json.loads(Path(given.export).read_text(encoding="utf-8"))
        words, editions = verify(export, given.admin_key.lower(), given.head)
    except (BrokenError, OSError, ValueError, KeyError, TypeError) as error:
        sys.exit(f"NOT verified: {error}")
    for number, people in editions.items():
        if people is None:
            print(f"edition {number}: signed once, but composed anew since; what was signed is not in the export")
        else:
            print("edition {}: submitted by {}, approved by {}, signed by {}".format(number, *people))
    print(f"verified: {len(words)} statements, head {words[-1]['hash'] if words else '-'}")


if __name__ == "__main__":
    main()
