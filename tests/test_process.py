"""What a process does with its memory."""

import subprocess
import sys

_HASH_IN_THREADS = """
import sys, threading
from argon2 import PasswordHasher
from nvserver.process import return_large_memory

def resident_kib():
    with open("/proc/self/status") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))

if sys.argv[1] == "returned":
    return_large_memory()
hasher = PasswordHasher(memory_cost=19_456, time_cost=1, parallelism=1)
before = resident_kib()
for _ in range(4):
    hashing = threading.Thread(target=hasher.hash, args=("secret",))
    hashing.start()
    hashing.join()
print(resident_kib() - before)
"""


def kept_kib(how: str) -> int:
    done = subprocess.run([sys.executable, "-c", _HASH_IN_THREADS, how], check=True, capture_output=True, text=True)
    return int(done.stdout)


def test_what_a_hash_took_is_given_back() -> None:
    assert kept_kib("returned") < 8_000
    assert kept_kib("kept") > 15_000, "the C library gives it back by itself: nothing is left to do"
