"""Programs for processors that have more than this one are refused before they are built."""

from __future__ import annotations

import platform

import pytest

from snnrun.errors import BuildError
from snnrun.network.compose import compose
from snnrun.simulation import processor
from snnrun.simulation.build_cache import program_for
from snnrun.simulation.processor import best_arch, refuse_foreign

# /proc/cpuinfo of an Intel Core i7-4770K (Haswell, 2013), shortened: all of x86-64-v3, nothing of AVX-512.
HASWELL = """\
processor\t: 0
vendor_id\t: GenuineIntel
model name\t: Intel(R) Core(TM) i7-4770K CPU @ 3.50GHz
flags\t\t: fpu sse sse2 pni ssse3 fma cx16 sse4_1 sse4_2 movbe popcnt xsave avx f16c lahf_lm abm bmi1 avx2 bmi2 erms

processor\t: 1
vendor_id\t: GenuineIntel
"""


@pytest.fixture
def machine(monkeypatch, tmp_path):
    """This machine with other facts about its processor."""

    def have(facts, family="x86_64"):
        path = tmp_path / "cpuinfo"
        path.unlink(missing_ok=True)
        if facts is not None:
            path.write_text(facts)
        monkeypatch.setattr(processor, "_FACTS", path)
        monkeypatch.setattr(platform, "machine", lambda: family)
        processor.processor.cache_clear()

    yield have
    processor.processor.cache_clear()


def test_what_it_can_run_is_not_refused(machine):
    machine(HASWELL)
    for arch in ("native", "x86-64-v2", "x86-64-v3"):
        refuse_foreign(arch)


def test_what_it_lacks_is_told_with_the_best_that_it_has(machine):
    machine(HASWELL)
    with pytest.raises(BuildError) as refusal:
        refuse_foreign("x86-64-v4")
    assert str(refusal.value) == (
        "simulation.arch: programs for 'x86-64-v4' cannot run here: the processor, Intel(R) Core(TM) i7-4770K CPU @ "
        "3.50GHz, lacks avx512bw, avx512cd, avx512dq, avx512f, avx512vl.\nWrite 'arch: x86-64-v3' or 'arch: native'."
    )


def test_the_best_that_it_can_run(machine):
    machine(HASWELL)
    assert best_arch() == "x86-64-v3"
    for facts, family in ((HASWELL, "aarch64"), (None, "x86_64")):
        machine(facts, family)
        assert best_arch() == "native"


def test_a_level_needs_those_below_it(machine):
    machine(HASWELL.replace(" ssse3", ""))
    with pytest.raises(BuildError, match=r"lacks ssse3\.\nWrite 'arch: native'\.$"):
        refuse_foreign("x86-64-v3")


def test_on_arm_there_is_only_native(machine):
    machine("processor\t: 0\nFeatures\t: fp asimd\nCPU part\t: 0xd40\n", "aarch64")
    refuse_foreign("native")
    with pytest.raises(BuildError, match=r"'x86-64-v2' cannot run here; .* aarch64\.\nWrite 'arch: native'\.$"):
        refuse_foreign("x86-64-v2")


def test_where_nothing_is_told_nothing_is_refused(machine):
    machine(None)
    refuse_foreign("x86-64-v4")
    assert processor.processor()


def test_processors_of_other_abilities_have_other_names(machine):
    names = set()
    for facts in (HASWELL, HASWELL.replace(" erms", ""), HASWELL.replace("4770K", "4790K")):
        machine(facts)
        names.add(processor.processor())
    assert len(names) == 3


def test_nothing_is_built_that_cannot_run(machine, tiny):
    machine(HASWELL)
    with pytest.raises(BuildError, match="cannot run here"):
        program_for(compose(tiny({"simulation.arch": "x86-64-v4"})).blueprint)
