"""A token bucket: `rate_per_second` on average, `burst` at once. Pure: the time comes in as an argument."""


class TokenBucket:
    """Starts full. Times are seconds of any one monotonic clock."""

    __slots__ = ("_at", "_burst", "_rate", "_tokens")

    def __init__(self, rate_per_second: float, burst: float) -> None:
        if rate_per_second <= 0 or burst < 1:
            raise ValueError("a bucket needs a rate above 0 and a burst of at least 1")
        self._rate = rate_per_second
        self._burst = burst
        self._tokens = float(burst)
        self._at: float | None = None

    def take(self, now: float, tokens: float = 1) -> float:
        """Take `tokens` and return 0, or take nothing and return the seconds after which they will be there."""
        if self._at is not None and now > self._at:
            self._tokens = min(self._burst, self._tokens + (now - self._at) * self._rate)
        if self._at is None or now > self._at:
            self._at = now
        if self._tokens >= tokens:
            self._tokens -= tokens
            return 0.0
        return (tokens - self._tokens) / self._rate
