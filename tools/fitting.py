# SPDX-License-Identifier: MIT
"""Logistic regression for tools/calibrate: odds that rise with weight in straight lines, and what is added to them.

A model has knots of weight and names of additions, each with its sign: an addition never turns round. Rows are
(weight, additions, right, count); all is plain arithmetic in a fixed order, so that the same rows give the same odds.
"""
import math

ROUNDS, SMALL = 60, 1e-7


def chance(odds):
    return 1 / (1 + math.exp(-odds)) if odds > -30 else 1e-13


class Model:
    def __init__(self, knots, additions, even, flat):
        self.knots, self.additions, self.even, self.flat = knots, additions, even, flat
        self.size = len(knots) + len(additions)

    def columns(self, weight, has):
        """The base, how much of each step between two knots is climbed, and the additions."""
        spans = [min(1.0, max(0.0, (weight - a) / (b - a))) for a, b in zip(self.knots, self.knots[1:])]
        return [1.0] + spans + [sign if name in has else 0.0 for name, sign in self.additions]

    def penalty(self):
        """Neighbouring steps should be as steep as each other, steps and additions small: a square matrix."""
        square = [[0.0] * self.size for _ in range(self.size)]
        square[0][0] = SMALL
        wide = [(b - a) / 10 for a, b in zip(self.knots, self.knots[1:])]
        for i in range(len(wide) - 1):
            one, two = 1 / wide[i], -1 / wide[i + 1]
            for row, x in ((i + 1, one), (i + 2, two)):
                square[row][i + 1] += self.even * x * one
                square[row][i + 2] += self.even * x * two
        for i in range(1, self.size):
            square[i][i] += 0.5 if i >= len(self.knots) else self.flat
        return square

    def tables(self, found):
        """(odds at each knot, {addition: odds}), as hundredfold logarithms."""
        odds, at = [], 0.0
        for x in found[:len(self.knots)]:
            at += x
            odds.append(round(100 * at))
        more = {name: round(100 * sign * x)
                for (name, sign), x in zip(self.additions, found[len(self.knots):])}
        return odds, more


def solve(square, right):
    """Gauss with the largest pivot."""
    size = len(right)
    rows = [list(line) + [x] for line, x in zip(square, right)]
    for i in range(size):
        best = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[best] = rows[best], rows[i]
        for k in range(i + 1, size):
            part = rows[k][i] / rows[i][i]
            for j in range(i, size + 1):
                rows[k][j] -= part * rows[i][j]
    found = [0.0] * size
    for i in reversed(range(size)):
        found[i] = (rows[i][size] - sum(rows[i][j] * found[j] for j in range(i + 1, size))) / rows[i][i]
    return found


def loss(cases, square, at):
    total = 0.0
    for columns, right, wrong in cases:
        odds = sum(c * x for c, x in zip(columns, at))
        total += right * math.log1p(math.exp(-odds)) + wrong * math.log1p(math.exp(odds))
    return total + sum(at[i] * sum(s * x for s, x in zip(square[i], at)) for i in range(len(at))) / 2


def slope(cases, square, at):
    """First and second derivatives."""
    size = len(at)
    first = [sum(s * x for s, x in zip(square[i], at)) for i in range(size)]
    second = [list(line) for line in square]
    for columns, right, wrong in cases:
        p = chance(sum(c * x for c, x in zip(columns, at)))
        error, curve = (right + wrong) * p - right, (right + wrong) * p * (1 - p)
        filled = [(i, c) for i, c in enumerate(columns) if c]
        for i, c in filled:
            first[i] += error * c
            for j, d in filled:
                second[i][j] += curve * c * d
    return first, second


def gathered(model, rows):
    groups = {}
    for weight, has, right, count in rows:
        case = groups.setdefault((weight, tuple(sorted(has))), [0.0, 0.0])
        case[0 if right else 1] += count
    return [(model.columns(weight, has), *case) for (weight, has), case in sorted(groups.items())]


def fit(model, rows):
    """Newton's method; all but the base stay above nought, and what would fall below is held there."""
    cases, square = gathered(model, rows), model.penalty()
    at = [0.0] + [0.1] * (model.size - 1)
    last = loss(cases, square, at)
    for _ in range(ROUNDS):
        first, second = slope(cases, square, at)
        free = [i for i in range(model.size) if i == 0 or at[i] > SMALL or first[i] < 0]
        step = dict(zip(free, solve([[second[i][j] for j in free] for i in free], [first[i] for i in free])))
        part, reached = 1.0, None
        while part > 1e-4:
            tried = [x - part * step.get(i, 0.0) for i, x in enumerate(at)]
            tried = [tried[0]] + [max(0.0, x) for x in tried[1:]]
            reached = loss(cases, square, tried)
            if reached < last:
                break
            part /= 2
        if reached is None or last - reached < 1e-6:
            break
        at, last = tried, reached
    return at
