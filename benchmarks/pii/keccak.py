"""Keccak-256 as Monero and Ethereum use it: of 2011, before SHA-3 changed the padding.

Source:
    Bertoni, Daemen, Peeters, Van Assche 2011, "The Keccak reference", version 3.0.
"""

RATE = 136
LANE = 64


def _turned(lane: int, by: int) -> int:
    by %= LANE
    return (lane << by | lane >> (LANE - by)) % 2**LANE


def _constants() -> list[int]:
    """Round constants: bits 2^j - 1 of each come out of a linear-feedback shift register."""
    register, found = 1, []
    for _ in range(24):
        constant = 0
        for j in range(7):
            register = (register << 1 ^ (register >> 7) * 0x71) % 256
            constant |= (register >> 1 & 1) << 2**j - 1
        found.append(constant)
    return found


def _round(a: list[list[int]], constant: int) -> list[list[int]]:
    """One round: theta, rho and pi, chi, iota; lanes by x, then y."""
    c = [a[x][0] ^ a[x][1] ^ a[x][2] ^ a[x][3] ^ a[x][4] for x in range(5)]
    d = [c[x - 1] ^ _turned(c[(x + 1) % 5], 1) for x in range(5)]
    a = [[lane ^ d[x] for lane in a[x]] for x in range(5)]
    x, y, lane = 1, 0, a[1][0]
    for t in range(24):
        x, y = y, (2 * x + 3 * y) % 5
        lane, a[x][y] = a[x][y], _turned(lane, (t + 1) * (t + 2) // 2)
    a = [[a[x][y] ^ ~a[(x + 1) % 5][y] & a[(x + 2) % 5][y] for y in range(5)] for x in range(5)]
    a[0][0] ^= constant
    return a


def keccak_256(data: bytes) -> bytes:
    """The 32-byte digest."""
    padded = bytearray(data + b"\1" + bytes(-len(data) % RATE or RATE)[1:])
    padded[-1] |= 0x80
    state = [[0] * 5 for _ in range(5)]
    for block in range(0, len(padded), RATE):
        for at in range(RATE // 8):
            lane = padded[block + 8 * at : block + 8 * at + 8]
            state[at % 5][at // 5] ^= int.from_bytes(lane, "little")
        for constant in _constants():
            state = _round(state, constant)
    return b"".join(state[at][0].to_bytes(8, "little") for at in range(4))
