# SPDX-License-Identifier: Apache-2.0
"""Ratios round by round, and their quartiles."""
import statistics


def quartiles(values):
    """(lower, median, upper), or None without values."""
    values = [v for v in values if v is not None]
    if not values:
        return None
    if len(values) == 1:
        return (values[0],) * 3
    return tuple(statistics.quantiles(values, n=4, method="inclusive"))


def ratios(rounds, rod):
    """Of the values of rounds to those of the rod in the same round."""
    return [a / b if a is not None and b else None for a, b in zip(rounds, rod)]


def per(result, counter):
    """Microseconds of the server's CPU for each of what the load client counted."""
    return result["cpu"] / result[counter] * 1e6 if result and result[counter] else None


def rate(result, counter="messages"):
    return result[counter] / result["seconds"] if result else None


def told(q, digits=2):
    """The median with its quartiles, for a table."""
    return "-" if q is None else f"{q[1]:.{digits}f} ({q[0]:.{digits}f}-{q[2]:.{digits}f})"


def verdict(q, hold):
    """Whether a median at most so large is met."""
    if q is None:
        return "not measured"
    if q[0] <= hold < q[2] or q[0] < hold <= q[2] and q[0] != q[2]:
        return "undecided"
    return "met" if q[1] <= hold else "not met"
