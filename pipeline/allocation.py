"""What becomes of memory that is freed: it stays with the process, up to a bound.

Batch after batch asks for arrays of some megabytes. By default glibc and Arrow's allocator give
each of them back to the system, which must clear its pages when they are asked for again:
measured, a fifth of the CPU of near-duplicates, and 12 times the page faults.
"""

import ctypes

import pyarrow as pa

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3
"""Of glibc's malloc.h."""
OWN_BYTES = 64 << 20
"""Arrays from this size on are given back as soon as they are freed."""
KEPT_BYTES = 128 << 20
"""Free memory at the end of the heap from which on it is given back."""


def keep_freed() -> None:
    """Let this process, and those forked from it, use its freed memory again."""
    library = ctypes.CDLL(None)
    if hasattr(library, "mallopt"):
        library.mallopt(M_MMAP_THRESHOLD, OWN_BYTES)
        library.mallopt(M_TRIM_THRESHOLD, KEPT_BYTES)
        pa.set_memory_pool(pa.system_memory_pool())
