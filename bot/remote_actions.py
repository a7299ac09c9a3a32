"""Repairs of how Rasa calls the action server, put in place when the channel opens.

Rasa swallows the failure of a custom action, and the customer would get silence for an answer: here
the channel learns of it, and the turn is not kept, so that a retry starts where it started. And
Rasa checks its own JSON schema anew at each call, which is more than half the time of a turn: here
the validator is built once.
"""

from __future__ import annotations

from contextvars import ContextVar
from functools import lru_cache
from typing import Any

from jsonschema import ValidationError
from jsonschema.validators import validator_for
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.core.processor import MessageProcessor

_failed: ContextVar[list[str] | None] = ContextVar("failed_actions", default=None)
_INSTALLED = "_chefu_installed"


class ActionsFailed(RuntimeError):
    """Custom actions of a turn failed; the text holds their names and nothing else."""


class FailedActions:
    """Collects, for one turn, the custom actions that failed; ``with`` around the turn.

    Leaving it raises `ActionsFailed` if there were any. A form that rejects its input is no
    failure.
    """

    def __enter__(self) -> FailedActions:
        self._token = _failed.set([])
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        names = _failed.get()
        _failed.reset(self._token)
        if names and kind is None:
            raise ActionsFailed(", ".join(names))


@lru_cache(maxsize=1)
def _validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    chosen = validator_for(schema)
    chosen.check_schema(schema)
    return chosen(schema)


def _validate(self: Any, result: Any) -> bool:
    for error in _validator().iter_errors(result):
        # Not the error itself: it quotes the answer, and with it the customer.
        raise ValidationError(f"The answer of the action server is malformed: {error.json_path}")
    return True


def install() -> None:
    """Puts the repairs in place; calling it again changes nothing."""
    if getattr(RemoteAction, _INSTALLED, False):
        return
    original = RemoteAction.run

    async def run(self: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return await original(self, *args, **kwargs)
        except ActionExecutionRejection:
            raise
        except Exception:
            names = _failed.get()
            if names is not None:
                names.append(self.name())
            raise

    save = MessageProcessor.save_tracker

    async def save_tracker(self: Any, tracker: Any) -> None:
        # A turn that failed leaves no trace: its retry starts where it started.
        if not _failed.get():
            await save(self, tracker)

    MessageProcessor.save_tracker = save_tracker
    RemoteAction.run = run
    RemoteAction._validate_action_result = _validate
    setattr(RemoteAction, _INSTALLED, True)
