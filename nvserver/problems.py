"""What can be wrong with a field, each kind with its stable code: the one list of them.

Errors tell the code beside the English sentence, the OpenAPI document lists them, and the web client has words for each
in every language; its check fails on one without words.
"""

from enum import StrEnum


class Problem(StrEnum):
    """Those that begin with `TOO_` and speak of an amount come with a `limit`: the most or the least there may be."""

    REQUIRED = "REQUIRED"
    EMPTY = "EMPTY"
    MALFORMED = "MALFORMED"
    NOT_OFFERED = "NOT_OFFERED"
    NOT_TOGETHER = "NOT_TOGETHER"
    BAD_CHARACTERS = "BAD_CHARACTERS"
    TOO_SHORT = "TOO_SHORT"
    TOO_LONG = "TOO_LONG"
    TOO_MANY_BYTES = "TOO_MANY_BYTES"
    TOO_FEW = "TOO_FEW"
    TOO_MANY = "TOO_MANY"
    TOO_SMALL = "TOO_SMALL"
    TOO_LARGE = "TOO_LARGE"
    OUT_OF_RANGE = "OUT_OF_RANGE"
    NOT_HERE = "NOT_HERE"
    NOT_AN_EMAIL = "NOT_AN_EMAIL"
    NOT_A_URL = "NOT_A_URL"
    NOT_A_TIME = "NOT_A_TIME"
    NOT_A_DATE = "NOT_A_DATE"
    NOT_A_ZONE = "NOT_A_ZONE"
    NOT_A_RULE = "NOT_A_RULE"
    NOT_AN_EMOJI = "NOT_AN_EMOJI"
    TOO_OFTEN = "TOO_OFTEN"
    TOO_COMMON = "TOO_COMMON"
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105 - a code
    WRONG_CODE = "WRONG_CODE"
    EXPIRED = "EXPIRED"
    IN_THE_PAST = "IN_THE_PAST"
    END_BEFORE_START = "END_BEFORE_START"
    DOES_NOT_REPEAT = "DOES_NOT_REPEAT"
    WITHIN_ITSELF = "WITHIN_ITSELF"
    NOTHING_TO_FIND = "NOTHING_TO_FIND"
    NOTHING_TO_IMPORT = "NOTHING_TO_IMPORT"
    UNREADABLE = "UNREADABLE"
    OTHER_VERSION = "OTHER_VERSION"
