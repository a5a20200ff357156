#!/usr/bin/env python3
"""The trainer's own method in a library's arrays: Newton's for all neurons together, with one shared preconditioner.

    newton.py numpy|torch NEURONS PATTERNS GAMMA [TOLERANCE]

Trains on fair random patterns and prints JSON: the residual, the Newton steps, and the seconds and processor seconds of training alone. This is
what `make bench` sets `hopgate train` beside: the same steps by the same formulas, with the library's products and their sums in any order.
"""

import json
import resource
import sys
import time

LAMBDA = 0.01


def shared_inverse(name, xp, matrix):
    """The inverse of a symmetric positive definite matrix, by Cholesky's factor."""
    if name == "torch":
        return xp.cholesky_inverse(xp.linalg.cholesky(matrix))
    from scipy.linalg import lapack

    upper = lapack.dpotri(lapack.dpotrf(matrix.T, overwrite_a=True)[0], overwrite_c=True)[0]
    return xp.ascontiguousarray(xp.triu(upper) + xp.triu(upper, 1).T)


def train(name, xp, signs, gamma, tolerance):
    """The dual weights (P, N) of patterns of -1 and 1, their residual, and the Newton steps."""
    (p, n), y = signs.shape, (signs + 1) / 2
    kernel = xp.exp(-2 * gamma * (n - signs @ signs.T))
    # the best multiple of the stored bits, as if all were ones
    image = kernel @ signs
    toward = signs * image
    square, scale = LAMBDA * toward.sum(0), 0.0
    for _ in range(6):
        s = 1 / (1 + xp.exp(-scale * toward))
        scale = scale - (scale * square + (toward * (s - 1)).sum(0)) / (square + (toward * toward * s * (1 - s)).sum(0))
    s = 1 / (1 + xp.exp(-scale * toward))
    slope = 2.0 ** round(float(xp.log2((s * (1 - s)).mean(0).mean())))
    shared = shared_inverse(name, xp, slope * kernel + LAMBDA * xp.eye(p, dtype=kernel.dtype))

    def look(a, h, t, y):
        small = xp.exp(-abs(h))
        sigma = xp.where(h >= 0, 1.0, small) / (1 + small)
        objective = (xp.log1p(small) + xp.where(t * h < 0, abs(h), 0.0)).sum(0) + LAMBDA / 2 * (a * h).sum(0)
        gradient = sigma - y + LAMBDA * a
        return gradient, objective, xp.amax(abs(gradient), 0)

    alpha, steps = scale * signs, 0
    left, at = xp.arange(n), (alpha, scale * image, signs, y)
    gradient, objective, residual = look(*at)
    while len(left) and steps < 40:
        a, h, t, y = at
        near = 0.1 * xp.clip(xp.sqrt(xp.clip(residual, None, 1.0)) * residual, tolerance / 2, None)
        delta, k_delta = direction(xp, shared, slope, a, gradient, y, near)
        fall, length = -(gradient * k_delta).sum(0), xp.ones(len(left), dtype=a.dtype)
        for _ in range(30):
            to, field = a + length * delta, h + length * k_delta
            found = look(to, field, t, y)
            bad = found[1] > objective - 1e-4 * length * fall + 1e-11 * (1 + abs(objective))
            if not bad.any():
                break
            length = xp.where(bad, length / 2, length)
        alpha[:, left], (gradient, objective, residual), steps = to, found, steps + 1
        on = residual > tolerance / 2
        left, at = left[on], tuple(m[:, on] for m in (to, field, t, y))
        gradient, objective, residual = gradient[:, on], objective[on], residual[on]
    residual = xp.amax(look(alpha, kernel @ alpha, signs, (signs + 1) / 2)[2], 0)
    return alpha, float(residual), steps


def direction(xp, shared, slope, a, gradient, y, near):
    """Newton's step and its product with the kernel, by conjugate gradients: one product with the shared inverse for each iteration."""
    s = gradient + y - LAMBDA * a
    s = xp.clip(s * (1 - s), 0.0, None)
    rho, before, done = -gradient, None, near < 0
    delta, k_delta, p, k_p = (xp.zeros_like(gradient) for _ in range(4))
    for _ in range(max(len(y) // 16, 24)):
        z = shared @ rho
        k_z = (rho - LAMBDA * z) / slope
        now = (rho * k_z).sum(0)
        last = ~done & (xp.amax(abs((slope - s) * k_z), 0) <= near)
        delta += last * z
        k_delta += last * k_z
        done = done | last
        if done.all():
            break
        keep = 0.0 if before is None else now / before
        p, k_p, before = z + keep * p, k_z + keep * k_p, now
        step = s * k_p + LAMBDA * p
        along = xp.where(done, 0.0, now / (k_p * step).sum(0))
        delta += along * p
        k_delta += along * k_p
        rho -= along * step
    return delta, k_delta


def main(name, n, p, gamma, tolerance=1e-6):
    import numpy as np

    signs, xp = np.random.default_rng(1).integers(0, 2, (int(p), int(n))) * 2.0 - 1, np
    if name == "torch":
        import torch as xp

        signs = xp.from_numpy(signs)
    use = lambda: sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    begin, used = time.perf_counter(), use()
    _, residual, steps = train(name, xp, signs, gamma, tolerance)
    print(json.dumps({"residual": residual, "steps": steps, "seconds": time.perf_counter() - begin, "processor_seconds": use() - used}))


if __name__ == "__main__":
    if len(sys.argv) not in (5, 6) or sys.argv[1] not in ("numpy", "torch"):
        sys.exit(__doc__)
    main(sys.argv[1], *map(float, sys.argv[2:]))
