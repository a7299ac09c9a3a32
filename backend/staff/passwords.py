"""Passwords as argon2id, checked off the event loop and at the same cost for unknown users."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache, lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

LONGEST = 1000
"""Characters; more is refused without work."""

# 64 MiB a hash: no more than two at once, whatever number of people sign in together.
AT_ONCE = 2


@lru_cache(maxsize=1)
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@lru_cache(maxsize=1)
def _workers() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")


@cache
def _nobody() -> str:
    """The hash of no one's password, of the same cost as everyone's."""
    return _hasher().hash("no one signs in with this")


async def hash_password(password: str) -> str:
    """The argon2id hash to store. The caller has checked the length."""
    return await asyncio.get_running_loop().run_in_executor(_workers(), _hasher().hash, password)


async def verify(stored: str | None, password: str) -> bool:
    """Whether `password` belongs to the hash `stored`; None stands for an unknown user.

    Takes as long for an unknown user as for a known one, so that the answer's time does
    not tell who works here.
    """
    if len(password) > LONGEST:
        return False
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_workers(), _matches, stored, password)


def _matches(stored: str | None, password: str) -> bool:
    try:
        _hasher().verify(stored or _nobody(), password)
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher().check_needs_rehash(stored)
