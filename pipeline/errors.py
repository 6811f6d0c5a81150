"""Everything that can go wrong, in one place.

CurationError                 exit code
├── RecipeError        2      the config is wrong; nothing has run yet
├── InputError         3      an input is missing, unreadable or damaged
│   └── SampleError    3      a sample is too small to fit a model to, or its users are unknown
├── OutputError        4      the output folder cannot be used
│   ├── ForeignOutputError 4  it belongs to another recipe, key or set of inputs
│   ├── LockedError    5      another run is at work in it
│   └── DiskFullError  6      no space is left
├── IdentityError      7      the identity key is missing, short or another one
├── BooksError         8      a row went missing: the run is not to be trusted
├── StageError         9      a stage broke one of its promises
├── EngineError        14     an engine elsewhere is not there, or gave up; the run can go on
└── PublishingError    10     nothing was published, or not to its end
    ├── UnfitError     10     the release is not verified or approved, or does not fit there
    ├── DeniedError    11     the token has no right to write there
    ├── ConflictError  12     the tag is another release's, or someone else published meanwhile
    └── HubError       13     the Hub cannot be reached in time, or refuses
        └── MissingError 13   there is no such repository

Bad data is never here: it is a dropped row or a quarantined line with a reason.
"""

from typing import ClassVar


class CurationError(Exception):
    """Base of all errors this project raises on purpose; the text is for the user."""

    exit_code: ClassVar[int] = 1


class RecipeError(CurationError):
    """The recipe names an unknown stage, option or value; lists every fault."""

    exit_code: ClassVar[int] = 2


class InputError(CurationError):
    """An input file is missing, unreadable or damaged."""

    exit_code: ClassVar[int] = 3


class SampleError(InputError):
    """A sample is too small to fit a model to, or its users are unknown."""


class OutputError(CurationError):
    """The output folder cannot be used."""

    exit_code: ClassVar[int] = 4


class ForeignOutputError(OutputError):
    """The output folder belongs to another recipe, key or set of inputs."""


class LockedError(OutputError):
    """Another run is at work in this output folder."""

    exit_code: ClassVar[int] = 5


class DiskFullError(OutputError):
    """No space is left where the run writes."""

    exit_code: ClassVar[int] = 6


class IdentityError(CurationError):
    """The identity key is missing, too short, or not the one this run began with."""

    exit_code: ClassVar[int] = 7


class BooksError(CurationError):
    """The accounts of a run do not balance: a row went missing."""

    exit_code: ClassVar[int] = 8


class StageError(CurationError):
    """A stage lost a row, or changed what it had not declared."""

    exit_code: ClassVar[int] = 9


class EngineError(CurationError):
    """An engine elsewhere cannot be reached, or gave up; the same command resumes."""

    exit_code: ClassVar[int] = 14


class PublishingError(CurationError):
    """A release was not published, or not to its end; readers see no part of it."""

    exit_code: ClassVar[int] = 10


class UnfitError(PublishingError):
    """The release is not verified or not approved, or the place is not fit for it."""


class DeniedError(PublishingError):
    """The token is missing, wrong, or has no right to write there."""

    exit_code: ClassVar[int] = 11


class ConflictError(PublishingError):
    """The tag names another release, or someone else published meanwhile."""

    exit_code: ClassVar[int] = 12


class HubError(PublishingError):
    """The Hub cannot be reached in time, fails, or refuses."""

    exit_code: ClassVar[int] = 13


class MissingError(HubError):
    """There is no such repository, or the token may not see it: the Hub does not say which."""
