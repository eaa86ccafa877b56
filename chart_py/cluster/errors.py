"""The ways in which a cluster says no.

ClusterError (chart_py.errors)
├── RefusedError       the API server answered, and the answer is no
│   └── GoneError      a list or watch is too old: list again
├── UnreachableError   no answer within the patience that was given
└── LoginError         no usable configuration, or the login is not (or no longer) accepted
"""

from __future__ import annotations

from collections.abc import Sequence

from chart_py.errors import ClusterError


class RefusedError(ClusterError):
    """The API server refused a request.

    `status` is the HTTP status, `reason` Kubernetes' word for it (`NotFound`, `Forbidden`, `Invalid`…), `what` the
    request in a person's words, `causes` the field and message of each single thing that is wrong.
    """

    def __init__(
        self,
        status: int,
        reason: str,
        said: str,
        what: str = "",
        causes: Sequence[tuple[str, str]] = (),
        advice: str = "",
    ) -> None:
        self.status = status
        self.reason = reason
        self.said = said
        self.what = what
        self.causes = tuple(causes)
        super().__init__(f"{what}: {said}" if what else said, advice)

    @property
    def is_missing(self) -> bool:
        """Whether the object (or its namespace) is not there."""
        return self.status == 404

    @property
    def is_conflict(self) -> bool:
        """Whether somebody else was first: the object exists already, or has changed since it was read."""
        return self.status == 409

    @property
    def is_forbidden(self) -> bool:
        """Whether the user lacks the right."""
        return self.status == 403

    @property
    def is_invalid(self) -> bool:
        """Whether the object, or a change of an immutable field, is not accepted."""
        return self.status == 422


class GoneError(RefusedError):
    """The history that a watch asked for is no longer kept."""


class UnreachableError(ClusterError):
    """No answer came, or none but passing errors, for as long as was waited."""


class LoginError(ClusterError):
    """There is no configuration to use, or the cluster does not accept the login."""
