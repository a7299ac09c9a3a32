"""Logging of the app-side processes: what failed and where, never whose data it was."""

import logging
import re

# PostgreSQL quotes the whole row of a refused write in the detail of its error.
_DETAIL = re.compile(r"^(\s*)(DETAIL|CONTEXT):.*$", re.M)


class DiscreetFormatter(logging.Formatter):
    """Leaves out what a database driver adds to its errors: the values of the row."""

    def format(self, record: logging.LogRecord) -> str:
        return _DETAIL.sub(r"\1\2: (left out)", super().format(record))


def configure() -> None:
    """To standard error, one line a record, from INFO up."""
    handler = logging.StreamHandler()
    handler.setFormatter(DiscreetFormatter("%(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
