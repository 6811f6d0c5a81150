"""People of the sample: their addresses and personal data, all invented and all reserved.

Addresses of clients lie in 198.18.0.0/15, 203.0.113.0/24 and 2001:db8::/32, those quoted in texts
in 192.0.2.0/24, 198.51.100.0/24 and 2001:db8::/32 (RFC 2544, 3849, 5737); mail goes to example.org
and example.com (RFC 2606), telephones ring at 555-01xx, and the card is the well-known test number.
"""

from random import Random

from pipeline.sample.phrasebook import Phrasebook

HOSTS = 254  # in 203.0.113.0/24
BENCHMARK_ADDRESSES = 2**17  # in 198.18.0.0/15
MAILBOXES = ("mara", "post", "jorun.ash", "k-lind", "tobin_v", "office", "anna.b", "hello+log")
CARDS = ("4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111")


def address(user: int) -> str:
    """The one client address of a user, IPv4 or IPv6; no two users share one."""
    tenth, digit = divmod(user, 10)
    if digit == 0 and tenth < HOSTS:
        return f"203.0.113.{tenth + 1}"
    if digit in {3, 7} or user >= BENCHMARK_ADDRESSES:
        return f"2001:db8:{user >> 16:x}:{user & 0xFFFF:x}::{digit + 1:x}"
    host = user * 7919 % BENCHMARK_ADDRESSES  # odd factor: a permutation
    return f"198.{18 + (host >> 16)}.{host >> 8 & 255}.{host & 255}"


def personal_data(rng: Random, book: Phrasebook) -> dict[str, str]:
    """Slots of personal data for `Phrasebook.personal` and `Phrasebook.replies`."""
    name = book.name.format(given=rng.choice(book.given), family=rng.choice(book.family))
    box, domain = rng.choice(MAILBOXES), rng.choice(("org", "com"))
    return {
        "name": name,
        "email": f"{box}{rng.randrange(1, 100)}@example.{domain}",
        "phone": f"+1{rng.choice(' -')}555{rng.choice(' -')}01{rng.randrange(100):02}",
        "card": rng.choice(CARDS),
        "ip": rng.choice(_quoted_hosts(rng.randrange(1, 255))),
    }


def _quoted_hosts(host: int) -> tuple[str, ...]:
    return f"192.0.2.{host}", f"198.51.100.{host}", f"2001:db8::{host:x}"
