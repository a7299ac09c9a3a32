"""`python -m scripts.stock.backend`: the backend without its limits for each customer.

For `make bench` alone: one machine plays all customers there, and one of them never stops.
"""

from backend.__main__ import main
from backend.channels.limits import Bucket


def _take(_bucket: Bucket, _key: str) -> None:
    """As often as anybody likes."""


if __name__ == "__main__":
    Bucket.take = _take  # type: ignore[method-assign, assignment]
    main()
