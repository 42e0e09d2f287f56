"""What the compiler may do to numbers, and for which processors."""

from __future__ import annotations

import platform
import signal
import subprocess
from dataclasses import replace

import pytest

from snnrun.network.compose import compose
from snnrun.simulation.compiler import compile_program
from snnrun.simulation.device.source_files import PROGRAM_SOURCE
from snnrun.simulation.flags import flags_for

ON_X86 = pytest.mark.skipif(platform.machine() != "x86_64", reason="flags of x86-64")

# 2^53 is the first whole number after which doubles leave out every other one: the 1 is lost in the sum, unless the
# compiler subtracts first.
ABSORBED = 'std::printf("%g", (x + 9007199254740992.0) - 9007199254740992.0);'
# 0.1 is no double; the product of 10 and its double is rounded to 1. Unrounded, as in one operation with the sum, it is
# larger by 2^-54.
FUSED = 'std::printf("%g", x * 10 - 1);'
FINITE = 'std::printf("%d", std::isfinite(x));'


@pytest.fixture
def flags(tiny):
    """The flags for a choice of engine, mathematics and processors."""
    blueprint = compose(tiny()).blueprint
    return lambda **choice: flags_for(replace(blueprint, **choice))


@pytest.fixture
def said(tmp_path):
    """What a program of one line says about a number, compiled with some flags."""

    def run(line, number, chosen):
        (tmp_path / PROGRAM_SOURCE).write_text(
            "#include <cmath>\n#include <cstdio>\n#include <cstdlib>\n"
            f"int main(int, char** a) {{ double x = std::atof(a[1]); {line} }}\n"
        )
        compile_program(tmp_path, tmp_path / "program", chosen)
        return subprocess.run([tmp_path / "program", number], capture_output=True, text=True, check=True).stdout

    return run


@pytest.mark.parametrize("engine", ["fast", "reference"])
def test_strict_mathematics_rounds_every_operation(flags, said, engine):
    strict = flags(engine=engine, math="strict")
    assert said(ABSORBED, "1", strict) == "0"
    assert said(FUSED, "0.1", strict) == "0"


@pytest.mark.parametrize("engine", ["fast", "reference"])
@pytest.mark.parametrize(("number", "finite"), [("1", "1"), ("nan", "0"), ("inf", "0")])
def test_not_a_number_survives_fast_mathematics(flags, said, engine, number, finite):
    # -ffast-math alone lets the compiler assume that there is none, and the check for it is left out.
    fast = flags(engine=engine, math="fast")
    assert "-ffast-math" in fast
    assert said(FINITE, number, fast) == finite


def test_out_of_memory_the_fast_engine_aborts(flags, tmp_path):
    # Half of what vectors may hold at most: more than any machine has.
    (tmp_path / PROGRAM_SOURCE).write_text(
        "#include <vector>\nint main(int n, char**) { std::vector<char> all(n * (1L << 62)); return all[n]; }\n"
    )
    compile_program(tmp_path, tmp_path / "program", flags(engine="fast"))
    assert subprocess.run([tmp_path / "program"], check=False).returncode == -signal.SIGABRT


@ON_X86
def test_the_fast_engine_computes_exponentials_of_several_neurons_at_once(flags, tmp_path):
    (tmp_path / PROGRAM_SOURCE).write_text(
        "#include <cmath>\nint main() {}\n"
        "void rates(double* v) { for (int i = 0; i < 1024; ++i) v[i] = std::exp(v[i]); }\n"
    )
    compile_program(tmp_path, tmp_path / "assembly", ["-S", *flags(engine="fast", math="fast")])
    # The vector functions of the GNU C library: _ZGV, the instruction set, and the number of neurons at once.
    assert "_ZGV" in (tmp_path / "assembly").read_text()


def test_the_reference_engine_has_the_flags_of_brian(flags):
    # brian2/codegen/cpp_prefs.py, codegen.cpp.extra_compile_args_gcc; Brian asks for C++11 and needs no threads.
    brians = {"-w", "-O3", "-ffast-math", "-fno-finite-math-only", "-march=native", "-std=c++11"}
    chosen = set(flags(engine="reference", math="fast", arch="native"))
    assert chosen ^ brians <= {"-std=c++11", "-std=c++17", "-pthread", "-march=native", "-mcpu=native"}


@ON_X86
@pytest.mark.parametrize(("arch", "wide"), [("native", True), ("x86-64-v3", False), ("x86-64-v4", True)])
def test_programs_are_compiled_for_the_processors_that_are_named(flags, arch, wide):
    chosen = flags(arch=arch)
    assert f"-march={arch}" in chosen
    assert ("-mprefer-vector-width=512" in chosen) == wide


def test_on_arm_the_compiler_is_told_the_processor(flags, monkeypatch):
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    chosen = flags(arch="native")
    assert "-mcpu=native" in chosen
    assert not [flag for flag in chosen if flag.startswith(("-march", "-mprefer"))]
