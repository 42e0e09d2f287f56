"""A real SLURM on loopback: Debian's, unpacked privately, with two nodes of two processors that can be killed.

Nothing is installed and nothing outlives the tests: no service, no control group, no file outside a temporary folder
and the cache of the 3.5 MB of packages.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest

from snnrun.sweep.files.folder import SweepFolder

PACKAGES = (
    "libhwloc15",
    "liblua5.1-0",
    "libmunge2",
    "munge",
    "slurm-client",
    "slurm-wlm-basic-plugins",
    "slurmctld",
    "slurmd",
)
NODES = ("n1", "n2")
PROCESSORS = 2
ARRAY_SIZE = 10  # few, so that a sweep needs several arrays
CONFIGURATION = """\
ClusterName=snnrun
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
SlurmctldPort={port}
PluginDir={plugins}
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd-%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SchedulerParameters=batch_sched_delay=0,sched_interval=1,sched_min_interval=0
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
ReturnToService=2
SlurmdTimeout=10
KillWait=5
MaxArraySize={array_size}
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
"""
NODE = "NodeName={name} NodeHostname={host} NodeAddr=127.0.0.1 Port={port} CPUs={processors} RealMemory=1000\n"

# A current into cells that fire regularly.
CELLS = """\
snnrun: 1
parameters: {drive: 300 pA}
populations: {cells: {size: 5, neuron: {model: lif}}}
inputs: {push: {to: cells, model: constant_current, amplitude: drive}}
simulation: {duration: 100 ms, max_spikes: 1000000}
analysis: [mean_rate]
"""
SNNRUN = Path(sys.executable).with_name("snnrun")


@dataclass(frozen=True)
class Cluster:
    """SLURM at work.

    Parameters
    ----------
    root
        Where the packages are unpacked.
    folder
        Its configuration, state and logs.
    """

    root: Path
    folder: Path

    @property
    def environment(self) -> Mapping[str, str]:
        """What a login node of the cluster has in its environment."""
        path = f"{self.root}/usr/bin:{self.root}/usr/sbin:{os.environ['PATH']}"
        libraries = f"{self.plugins.parent}:{self.plugins}"
        return {"PATH": path, "LD_LIBRARY_PATH": libraries, "SLURM_CONF": str(self.folder / "slurm.conf")}

    @property
    def plugins(self) -> Path:
        return next(self.root.glob("usr/lib/*/slurm-wlm"))

    def call(self, *command: str | Path) -> str:
        """Run a command on the login node; its output."""
        environment = {**os.environ, **self.environment}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout.strip()

    def start(self) -> None:
        """Bring it up without any job."""
        host, port = socket.gethostname().partition(".")[0], _free_port()
        text = CONFIGURATION.format(
            host=host, folder=self.folder, port=port, plugins=self.plugins, array_size=ARRAY_SIZE
        )
        for name in NODES:
            (self.folder / "spool" / name).mkdir(parents=True, exist_ok=True)
            text += NODE.format(name=name, host=host, port=_free_port(), processors=PROCESSORS)
        (self.folder / "state").mkdir(exist_ok=True)
        (self.folder / "slurm.conf").write_text(text)
        self._start_munge()
        self.call("slurmctld-wlm", "-c")
        for name in NODES:
            self.start_node(name)
        self.wait_until(lambda: self.call("sinfo", "-h", "-N", "-t", "idle", "-o", "%N").split() == list(NODES))

    def _start_munge(self) -> None:
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o400)
        files = {"key": "key", "socket": "socket", "pid": "pid", "log": "log", "seed": "seed"}
        options = [f"--{name}-file={self.folder}/munge.{end}" for name, end in files.items() if name != "socket"]
        self.call("munged", "--force", f"--socket={self.folder}/munge.socket", *options)

    def start_node(self, name: str, cpuinfo: Path | None = None) -> None:
        """Start a node, with another text in its ``/proc/cpuinfo`` if one is given."""
        command = ["slurmd-wlm", "-N", name, "-d", str(self.root / "usr/sbin/slurmstepd-wlm")]
        if cpuinfo is None:
            self.call(*command)
        else:  # in a mount namespace of its own, which its jobs inherit
            mounted = 'mount --bind "$0" /proc/cpuinfo && exec "$@"'
            self.call("unshare", "--mount", "sh", "-c", mounted, str(cpuinfo), *command)

    def kill_node(self, name: str) -> None:
        """The node loses its power: its daemon and everything that runs there is gone at once."""
        self._kill(self._daemon(f"slurmd-{name}"))
        for process in self._processes_on(name):
            for killed in (process.parent(), process):  # the parent of a job's script watches over it
                if killed is not None and (killed is process or "slurmstepd" in killed.name()):
                    self._kill(killed)

    def stop(self) -> None:
        """End all of it, and every job."""
        for name in NODES:
            self.kill_node(name)
        self._kill(self._daemon("slurmctld"))
        self._kill(self._daemon("munge"))

    def _daemon(self, name: str) -> psutil.Process | None:
        with suppress(OSError, ValueError, psutil.NoSuchProcess):
            return psutil.Process(int((self.folder / f"{name}.pid").read_text()))
        return None

    def _processes_on(self, name: str) -> list[psutil.Process]:
        """What the jobs of a node have started, by the environment that they hand on."""
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                environment = process.environ()
                if environment.get("SLURM_CONF") == self.environment["SLURM_CONF"]:
                    found += [process] if environment.get("SLURMD_NODENAME") == name else []
        return found

    @staticmethod
    def _kill(process: psutil.Process | None) -> None:
        with suppress(psutil.NoSuchProcess):
            if process is not None:
                process.send_signal(signal.SIGKILL)

    def jobs(self) -> list[str]:
        """Each task that is not over, as ``id state reason``."""
        return self.call("squeue", "--noheader", "--array", "--format=%i %T %r").splitlines()

    def release(self) -> None:
        """Do not wait the two minutes for which SLURM holds what was requeued."""
        held = [line.split()[0] for line in self.jobs() if "BeginTime" in line]
        if held:
            time.sleep(1)  # a node may tell the end of the last attempt late, and SLURM take it for that of the next
        for job in held:
            self.call("scontrol", "update", f"JobId={job}", "StartTime=now")

    def wait_until(self, condition: Callable[[], bool], seconds: float = 120) -> None:
        """Wait for something that is bound to happen."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.call("squeue", "--array")
            time.sleep(0.1)

    def wait(self, seconds: float = 120) -> None:
        """Wait until all jobs are over."""

        def is_over() -> bool:
            self.release()
            return not self.jobs()

        self.wait_until(is_over, seconds)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _unpacked() -> Path:
    """The packages, from the cache or from Debian."""
    caches = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    root = caches / "snnrun-tests" / "slurm"
    if root.is_dir():
        return root
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent) as folder:
        command = ["apt-get", "download", "-qq", *PACKAGES]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=300)
        if done.returncode:
            pytest.skip(f"Debian's SLURM cannot be had: {done.stderr.strip()[-200:]}")
        for package in Path(folder).glob("*.deb"):
            subprocess.run(["dpkg", "-x", package, f"{folder}/root"], check=True)
        with suppress(OSError):  # another process of the tests was first
            Path(folder, "root").rename(root)
    return root


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    """The cluster, without any job."""
    if os.geteuid() != 0 or not shutil.which("apt-get") or not shutil.which("dpkg"):
        pytest.skip("a SLURM of our own needs root and Debian's packages")
    root = _unpacked()
    # Sockets have short names: pytest's own temporary folders are too deep.
    with tempfile.TemporaryDirectory(prefix="snnrun-slurm-") as folder:
        Path(folder).chmod(0o755)
        found = Cluster(root, Path(folder))
        try:
            found.start()
            yield found
        finally:
            found.stop()


@dataclass(frozen=True)
class Desk:
    """A login node, and a folder there with an experiment."""

    cluster: Cluster
    path: Path

    @property
    def folder(self) -> SweepFolder:
        return SweepFolder.of(self.path / "results", "cells")

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [SNNRUN, "sweep", *arguments],
            cwd=self.path,
            env={**os.environ, **self.cluster.environment, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def fails(self, *arguments: str, **environment: str) -> tuple[int, str]:
        """How a command ended, and what it said."""
        process = self.start(*arguments, **environment)
        output, errors = process.communicate(timeout=120)
        return process.returncode, output + errors

    def run(self, *arguments: str, **environment: str) -> str:
        """What a command that does not fail says."""
        status, said = self.fails(*arguments, **environment)
        assert status == 0, said
        return said

    def submit(self, *arguments: str, **environment: str) -> str:
        return self.run("submit", "cells.yaml", "--point-time", "1 s", *arguments, **environment)

    def results(self) -> dict[str, int]:
        """The files that are done, and when each was written."""
        return {path.name: path.stat().st_mtime_ns for path in self.folder.points.glob("*.h5")}

    def n_done(self) -> int:
        return len(self.results())

    def logs(self) -> str:
        return "\n".join(path.read_text() for path in sorted((self.folder.slurm / "logs").iterdir()))

    def leftovers(self) -> list[str]:
        """What is neither a result nor the record of a failure."""
        return [path.name for path in self.folder.points.iterdir() if path.suffix not in {".h5", ".failed"}]


@pytest.fixture
def desk(cluster: Cluster, tmp_path: Path) -> Iterator[Desk]:
    (tmp_path / "cells.yaml").write_text(CELLS)
    yield Desk(cluster, tmp_path)
    cluster.call("scancel", "--user=root")
    cluster.wait()
