"""Why a cluster could not be asked. Never the learner's fault."""


class LiveError(Exception):
    """One sentence for a person: what is wrong with the environment, and what to do next."""


class GoneError(LiveError):
    """The cluster does not answer (any more)."""


class NotAllowedError(LiveError):
    """The cluster knows who asks and does not let them."""


class NotAppliedError(LiveError):
    """The API server would not take an object; `reason` is what it said."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(f"the API server did not take {what}: {reason}")
        self.what = what
        self.reason = reason


class CannotAskError(Exception):
    """A question that cannot be put to this cluster; the message says what would be needed."""
