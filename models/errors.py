"""Every way Debrief can refuse or fail, by name.

The docstring of an error is its message: one sentence for a person. `expected` tells a refusal (shown, not logged)
from a fault of ours or of the machine (shown in general words, logged).
"""

from __future__ import annotations

import inspect


class DebriefError(Exception):
    """Something went wrong."""

    expected = True

    def __init__(self, detail: str = "") -> None:
        """`detail` is added to the message; it must hold no transcript, comment or link."""
        self.detail = detail
        super().__init__(self.message)

    @property
    def message(self) -> str:
        """The sentence for a person."""
        text = " ".join(inspect.cleandoc(type(self).__doc__ or "").split())
        return f"{text} ({self.detail})" if self.detail else text


# What a person may not see or do ---------------------------------------------------------------------------------


class AccessRefused(DebriefError):
    """This is not open to you."""


class NotFound(AccessRefused):
    """Not found: it does not exist, or it is not shared with you."""


class NotSignedIn(AccessRefused):
    """Please sign in first."""


class WrongCredentials(AccessRefused):
    """The e-mail address or the password is not right."""


class TooManyAttempts(AccessRefused):
    """Too many attempts; please wait a moment and try again."""


class ForgedRequest(AccessRefused):
    """This request did not come from a page of Debrief; reload the page and try again."""


# What a person wrote or sent -------------------------------------------------------------------------------------


class InvalidInput(DebriefError):
    """Something in what was sent is not valid."""


class BadIdentifier(InvalidInput):
    """The identifier is not valid."""


class InvalidRange(InvalidInput):
    """The time or range of time is not valid."""


class InvalidComment(InvalidInput):
    """A comment needs text."""


class TextTooLong(InvalidInput):
    """The text is too long; nothing was lost, please shorten it and save again."""


class RequestTooLarge(InvalidInput):
    """What was sent is too large; nothing was lost, please shorten it and save again."""


class UnknownCriterion(InvalidInput):
    """The rubric has no such criterion or level."""


class EmailTaken(InvalidInput):
    """There is an account with this e-mail address already."""


class Conflict(DebriefError):
    """Somebody else changed this in the meantime; your text was kept, please look at both and save again."""


class OutputRefused(InvalidInput):
    """The folder for what is made can't be used."""


class BadRubric(InvalidInput):
    """The rubric file can't be used."""


class BadSetting(InvalidInput):
    """A setting is not valid."""


# Recordings ------------------------------------------------------------------------------------------------------


class MediaError(DebriefError):
    """The recording can't be used."""


class EmptyFile(MediaError):
    """The file is empty: please copy it from the device again."""


class FileMissing(MediaError):
    """There is no such file, or it can't be read."""


class NotMedia(MediaError):
    """The file is not a video or sound recording that can be read."""


class TruncatedMedia(MediaError):
    """The recording is cut off and can't be read: please copy it from the device again."""


class DamagedMedia(MediaError):
    """The recording is damaged so badly that no picture and no sound could be read."""


class ProtectedMedia(MediaError):
    """The recording is encrypted (DRM) and can't be opened."""


class UnsupportedCodec(MediaError):
    """The recording uses a format that this machine can't decode."""


class MediaTooLarge(MediaError):
    """The recording is larger than this server accepts."""


class MediaTooLong(MediaError):
    """The recording is longer than this server accepts."""


class TooManyPixels(MediaError):
    """The picture of the recording is larger than this server accepts."""


class TooManyStreams(MediaError):
    """The recording has more tracks than this server accepts."""


# Speech ----------------------------------------------------------------------------------------------------------


class SpeechError(DebriefError):
    """The speech could not be recognised."""


class WeightsMissing(SpeechError):
    """The weights of the speech recogniser are not on this machine."""


class WeightsUnusable(SpeechError):
    """The weights of the speech recogniser are incomplete or of another kind."""


class UnknownLanguage(SpeechError):
    """The speech recogniser does not know this language."""


class UnreadableCaptions(SpeechError):
    """The captions or transcript file can't be read."""


class UnknownTranscriptFormat(UnreadableCaptions):
    """The file is none of the transcript formats that can be read: VTT, SRT, SBV or Debrief's JSON."""


# Machines --------------------------------------------------------------------------------------------------------


class RunFailed(DebriefError):
    """The recording could not be processed."""


class RunCancelled(DebriefError):
    """The processing was cancelled; the original recording is still there."""


class MachineError(DebriefError):
    """The machine could not do its part; nothing was lost, please try again."""

    expected = False


class ToolMissing(MachineError):
    """A program that is needed is not on this machine."""


class ToolFailed(MachineError):
    """A program that was called failed."""


class ToolStalled(MachineError):
    """A program that was called made no progress any more and was stopped."""


class DiskFull(MachineError):
    """The disk is full; nothing was lost, please make room and try again."""


class StoreUnavailable(MachineError):
    """The store of the recordings does not answer; nothing was lost, please try again."""


class BadMediaKey(MachineError):
    """The key of a stored file is not valid."""


class StoredFileMissing(MachineError):
    """A stored file is not where it should be."""


class ChecksumMismatch(MachineError):
    """A stored file is not what was stored: its checksum differs."""


class DatabaseUnavailable(MachineError):
    """The database does not answer; nothing was lost, please try again."""


class DatabaseOutdated(MachineError):
    """The database is of another version: run `debrief migrate`."""
