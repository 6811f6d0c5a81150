"""Intervals of time, by number and by name: what one group of immutable files covers."""

import datetime as dt

import numpy as np

DAY_S = 86_400
EPOCH = dt.date(1970, 1, 1)
MONDAY = 3  # 1970-01-01 was a Thursday


def number(tstamp: np.ndarray, kind: str) -> np.ndarray:
    """The interval of each moment, seconds since the epoch in UTC: shape (rows,) int32."""
    days = np.floor_divide(tstamp, DAY_S).astype(np.int64)
    match kind:
        case "day":
            found = days
        case "week":
            found = (days + MONDAY) // 7
        case "month":
            found = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
        case _:
            found = np.zeros_like(days)
    return found.astype(np.int32)


def name(interval: int, kind: str) -> str:
    """How a folder of it is called: `2023-04-24`, `2023-W17`, `2023-04` or `all`."""
    match kind:
        case "day":
            return (EPOCH + dt.timedelta(interval)).isoformat()
        case "week":
            year, week, _ = (EPOCH + dt.timedelta(interval * 7 - MONDAY)).isocalendar()
            return f"{year}-W{week:02d}"
        case "month":
            return f"{1970 + interval // 12}-{interval % 12 + 1:02d}"
        case _:
            return "all"


def last_of(group: np.ndarray, interval: np.ndarray) -> np.ndarray:
    """The last row of each row's group and interval, where rows are sorted by both: (rows,)."""
    is_end = np.ones(len(group), bool)
    is_end[:-1] = (group[1:] != group[:-1]) | (interval[1:] != interval[:-1])
    ends = np.flatnonzero(is_end)
    return ends[np.searchsorted(ends, np.arange(len(group)))]
