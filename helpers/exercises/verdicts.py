"""What a check can find about an answer."""

from dataclasses import dataclass

NOT_STARTED, PASSED, WRONG, ERROR = "not started", "passed", "wrong", "error"


@dataclass(frozen=True)
class Result:
    """What a check found: a status (not started, passed, wrong or error) and a message.

    printed: what the student's code printed meanwhile.
    """

    status: str
    message: str
    printed: str = ""

    def __str__(self):
        sign = {PASSED: "✓", NOT_STARTED: "○"}.get(self.status, "✗")
        return f"{sign} {self.status}: {self.message}"


class NotStarted(Exception):
    """The answer is still the stub."""


class Wrong(Exception):
    """The answer is not what was asked for; the message says why."""


class StudentError(Exception):
    """The student's code raised an exception; the message gives it and its line."""

    def __init__(self, message, error):
        super().__init__(message)
        self.error = error


class TookTooLong(BaseException):
    """The time limit is over. No Exception, lest `except Exception` in an answer swallow it."""


class ExerciseNotPassed(AssertionError):
    """Raised by a check that does not pass in strict mode."""
