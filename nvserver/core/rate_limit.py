"""A token bucket: `rate_per_second` on average, `burst` at once. Pure: the time comes in as an argument."""


class TokenBucket:
    """Starts full. Times are seconds of any one monotonic clock. `most_debt`: how many tokens may be owed."""

    __slots__ = ("_at", "_burst", "_most_debt", "_rate", "_tokens")

    def __init__(self, rate_per_second: float, burst: float, *, most_debt: float = 0) -> None:
        if rate_per_second <= 0 or burst < 1:
            raise ValueError("a bucket needs a rate above 0 and a burst of at least 1")
        self._rate = rate_per_second
        self._burst = burst
        self._most_debt = most_debt
        self._tokens = float(burst)
        self._at: float | None = None

    def take(self, now: float, tokens: float = 1) -> float:
        """Take `tokens` and return 0, or take nothing and return the seconds after which they will be there."""
        self._refill(now)
        if self._tokens >= tokens:
            self._tokens -= tokens
            return 0.0
        return (tokens - self._tokens) / self._rate

    def spend(self, now: float, tokens: float) -> None:
        """Take tokens that are gone whether or not they were here; negative ones come back."""
        self._refill(now)
        self._tokens = max(-self._most_debt, min(self._burst, self._tokens - tokens))

    def _refill(self, now: float) -> None:
        if self._at is not None and now > self._at:
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        if self._at is None or now > self._at:
            self._at = now
