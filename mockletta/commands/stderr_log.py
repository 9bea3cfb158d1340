"""The log on standard error: a thread writes it, so that an unread pipe blocks nothing."""

import io
import logging
import os
import queue
import sys
import threading
import time
from logging.handlers import QueueHandler
from typing import TextIO

FORMAT = "%(levelname)s %(name)s: %(message)s"
MOST_RECORDS = 10_000
SECONDS_TO_FINISH = 0.5
Records = queue.Queue[logging.LogRecord]


class BoundedQueueHandler(QueueHandler):
    """Queues records. Records that do not fit are dropped."""

    def __init__(self, records: Records) -> None:
        super().__init__(records)
        self.records = records

    def enqueue(self, record: logging.LogRecord) -> None:
        """Queue a record unless the queue is full."""
        try:
            self.records.put_nowait(record)
        except queue.Full:
            return


def log_to_stderr(level: str) -> None:
    """Log to standard error from now on, unless logging is configured already."""
    root = logging.getLogger()
    if root.handlers:
        return
    records: Records = queue.Queue(MOST_RECORDS)
    root.addHandler(BoundedQueueHandler(records))
    root.setLevel(level.upper())
    writer = logging.StreamHandler(own_stderr())
    writer.setFormatter(logging.Formatter(FORMAT))
    arguments = (records, writer)
    threading.Thread(target=_write, args=arguments, name="mockletta log", daemon=True).start()


def finish_log(seconds: float = SECONDS_TO_FINISH) -> None:
    """Wait briefly until the log is written."""
    queued = [one for one in logging.getLogger().handlers if isinstance(one, BoundedQueueHandler)]
    deadline = time.monotonic() + seconds
    while any(one.records.unfinished_tasks for one in queued) and time.monotonic() < deadline:
        time.sleep(0.005)


def own_stderr() -> TextIO:
    """Return a stream to standard error with its own lock: a blocked writer blocks nobody else."""
    try:
        return os.fdopen(os.dup(sys.stderr.fileno()), "w", encoding="utf-8", errors="replace")
    except (io.UnsupportedOperation, OSError, ValueError):
        return sys.stderr


def _write(records: Records, writer: logging.Handler) -> None:
    while True:
        writer.handle(records.get())
        records.task_done()
