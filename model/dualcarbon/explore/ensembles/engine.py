"""Where the parts of an ensemble are run: in this process, in several, or on a Dask cluster.

All have one interface, that of `concurrent.futures`. What comes back merges exactly, so its order is of no
account. Only a few parts are under way at a time, so that memory does not grow with their number.
"""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context
from typing import Any

from dualcarbon.errors import OutputError, fault
from dualcarbon.explore.ensembles.blocks import Part, Pilot, Task, run_part
from dualcarbon.explore.ensembles.settings import Settings

SCHEDULER_SECONDS = 4.0
"""How long to wait for a scheduler, and for its first worker."""

Submit = Callable[..., "Future[Any]"]
"""Starts a function of the task and of what follows."""


@contextmanager
def engine(settings: Settings, task: Task) -> Iterator[tuple[Submit | None, int]]:
    """What starts parts elsewhere and how many run at once; nothing to start them when they run here.

    Raises
    ------
    InputError
        If the scheduler is out of reach or has no workers.
    OutputError
        If a worker was lost.
    """
    if settings.scheduler is not None:
        with _cluster(settings.scheduler, task) as found:
            yield found
    elif settings.workers > 1:
        with _processes(min(settings.workers, len(settings.parts())), task) as found:
            yield found
    else:
        yield None, 1


def run_parts(
    task: Task, pilot: Pilot, parts: Sequence[tuple[int, int]], submit: Submit | None, at_once: int
) -> Iterator[Part]:
    """What comes of the parts (first draw, number of draws), in the order in which they are done."""
    if submit is None:
        for first, count in parts:
            yield run_part(task, pilot, first, count)
        return
    waiting = list(reversed(parts))
    running: set[Future[Part]] = set()
    while waiting or running:
        while waiting and len(running) < at_once + 1:
            running.add(submit(run_part, pilot, *waiting.pop()))
        done, running = wait(running, return_when=FIRST_COMPLETED)
        while done:
            yield done.pop().result()


_received: list[Task] = []
"""The task of a worker process, sent once when it starts."""


def _receive(task: Task) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; the first one decides
    _received[:] = [task]


def _call(function: Callable[..., Any], *arguments: Any) -> Any:
    return function(_received[0], *arguments)


@contextmanager
def _processes(workers: int, task: Task) -> Iterator[tuple[Submit, int]]:
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _receive, (task,))
    try:
        for _ in range(workers):
            pool.submit(int)  # starts a process, which imports while another runs the pilot
        yield lambda function, *arguments: pool.submit(_call, function, *arguments), workers
    except BrokenProcessPool:
        raise OutputError(
            "a worker process ended before its time (stopped from outside, out of memory, or started by a "
            "script without `if __name__ == '__main__':`); nothing was written"
        ) from None
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _cluster(address: str, task: Task) -> Iterator[tuple[Submit, int]]:
    try:
        from distributed import Client, KilledWorker
    except ModuleNotFoundError:
        raise OutputError("a scheduler needs Dask: pip install 'dualcarbon[cluster]'") from None
    client = _client(Client, address)
    try:
        threads = sum(client.nthreads().values())
        if not threads:
            raise fault("the scheduler has no workers; nothing was run", where=address)
        sent = client.scatter(task, broadcast=True, hash=False)
        pool = client.get_executor(pure=False)
        yield lambda function, *arguments: pool.submit(function, sent, *arguments), threads
    except (KilledWorker, CancelledError, OSError, TimeoutError) as error:
        if isinstance(error, OSError) and error.filename is not None:
            raise  # a file of ours, no connection
        why = str(error) or "its connection closed"
        raise OutputError(f"{address}: the cluster was lost ({why}); nothing was written") from None
    finally:
        client.close(timeout=SCHEDULER_SECONDS)


def _client(client: Callable[..., Any], address: str) -> Any:
    """A client of a scheduler that has answered: a client that fails is noisy, and may wait for ever."""
    try:
        _ask_scheduler(address)
        return client(address, timeout=SCHEDULER_SECONDS, set_as_default=False)
    except Exception as error:  # what a stranger sends may be read as anything, also as a size of memory
        why = "another kind of server, perhaps" if isinstance(error, MemoryError) else str(error)
        raise fault(
            f"no Dask scheduler answers within {SCHEDULER_SECONDS:.0f} s ({why or type(error).__name__}); "
            "write an address such as tcp://host:8786, or leave it out to use this machine",
            where=address,
        ) from None


def _ask_scheduler(address: str) -> None:
    """Ask whoever listens there who it is, in a thread that is left behind if the answer does not come.

    Raises
    ------
    Exception
        Whatever went wrong; `TimeoutError` if no answer came.
    """
    from distributed.core import rpc
    from distributed.security import Security

    untyped: Any = rpc, Security
    connect, security = untyped

    async def ask() -> None:
        async with connect(address, connection_args=security().get_connection_args("client")) as scheduler:
            await asyncio.wait_for(scheduler.identity(), SCHEDULER_SECONDS)

    answer: Future[None] = Future()

    def run() -> None:
        try:
            answer.set_result(asyncio.run(ask()))
        except BaseException as error:
            answer.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    answer.result(SCHEDULER_SECONDS + 1.0)
