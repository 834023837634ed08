"""Lets clients of one address come to one and the same of several processes that share a port, as HTTP long-polling
needs: its session lives in one process, its requests come by many connections."""

import ctypes
import socket
import struct
import sys
from collections.abc import Sequence
from typing import Final

_SO_ATTACH_REUSEPORT_CBPF: Final = 51
_NETWORK_HEADER: Final = 0xFFF00000
"""`SKF_NET_OFF`: loads at offsets from here read the IP header."""
_LOAD, _MODULO, _MULTIPLY, _SHIFT_RIGHT, _RETURN_A = 0x20, 0x94, 0x24, 0x74, 0x16
_SOURCE_V4: Final = 12
_SOURCE_V6_NETWORK: Final = 8 + 4
"""The second four bytes of the source: with the first ones what a provider gives to one customer."""
_GOLDEN: Final = 0x9E3779B1


def keep_together(listener: socket.socket, processes: int) -> None:
    """Choose the listener of a new connection by its source address. Where the kernel cannot, connections are spread
    as they come. To be called on every listener of the group, after `listen`."""
    if sys.platform != "linux" or processes < 2:
        return
    offset = _SOURCE_V4 if listener.family == socket.AF_INET else _SOURCE_V6_NETWORK
    program = _program(
        [
            (_LOAD, _NETWORK_HEADER + offset),
            (_MULTIPLY, _GOLDEN),
            (_SHIFT_RIGHT, 16),
            (_MODULO, processes),
            (_RETURN_A, 0),
        ]
    )
    buffer = ctypes.create_string_buffer(program)
    count = len(program) // 8
    listener.setsockopt(
        socket.SOL_SOCKET, _SO_ATTACH_REUSEPORT_CBPF, struct.pack("HL", count, ctypes.addressof(buffer))
    )


def _program(steps: Sequence[tuple[int, int]]) -> bytes:
    """Classic BPF: 16 bits of operation, two jumps, a 32-bit constant."""
    return b"".join(struct.pack("HBBI", operation, 0, 0, constant) for operation, constant in steps)
