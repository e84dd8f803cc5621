# SPDX-License-Identifier: Apache-2.0
"""Ratios round by round, their quartiles, and what is held."""
import dataclasses
import statistics

ENOUGH = 7  # rounds for a verdict


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


def differences(rounds, rod):
    """Between the values of rounds and those of the rod in the same round."""
    return [a - b if a is not None and b is not None else None for a, b in zip(rounds, rod)]


def per(result, counter="messages"):
    """Microseconds of the server's CPU for each of what the load client counted."""
    return result["cpu"] / result[counter] * 1e6 if result and result[counter] else None


def rate(result, counter="messages"):
    return result[counter] / result["seconds"] if result else None


def of(rounds, key):
    return [r[key] if r else None for r in rounds]


def told(q, digits=2):
    """The median with its quartiles, for a table."""
    return "-" if q is None else f"{q[1]:.{digits}f} ({q[0]:.{digits}f}-{q[2]:.{digits}f})"


@dataclasses.dataclass(frozen=True)
class Hold:
    """What was measured beside what it must be at most, or at least."""
    what: str
    values: list  # one of each round
    limit: float
    unit: str = "x"
    digits: int = 2
    least: bool = False
    exact: bool = False  # one value says all: it does not vary

    def verdict(self):
        known = [v for v in self.values if v is not None]
        if not known:
            return "not measured"
        low, _, high = quartiles(known)
        if len(known) < ENOUGH and not self.exact:
            return "undecided"
        if (low >= self.limit) if self.least else (high <= self.limit):
            return "met"
        return "not met" if (high < self.limit if self.least else low > self.limit) else "undecided"

    def row(self):
        q = quartiles(self.values)
        measured = f"{self.values[0]:.{self.digits}f}" if self.exact and q else told(q, self.digits)
        rounds = "-" if self.exact else sum(v is not None for v in self.values)
        limit = f"{'>=' if self.least else '<='} {self.limit:g}"
        return [self.what, f"{measured} {self.unit}".strip(), f"{limit} {self.unit}".strip(), rounds, self.verdict()]
