from __future__ import annotations

import keyword
import re
import subprocess
from pathlib import Path

import pytest
from brian2.core.functions import DEFAULT_CONSTANTS, DEFAULT_FUNCTIONS
from brian2.core.namespace import DEFAULT_UNITS

from snnrun.language.names import label_problem, parameter_problem, variable_problem

# The headers of those files of a program by Brian 2.9 that hold names of users (its templates but main.cpp, brianlib).
HEADERS = (
    *("stdlib.h", "stdint.h", "time.h", "omp.h", "cmath", "ctime", "climits", "cstdio", "chrono"),
    *("iostream", "fstream", "vector", "algorithm", "string", "limits", "random", "set", "map", "sys/stat.h"),
)
INCLUDES = "".join(f"#include <{header}>\n" for header in HEADERS)
USUAL_NAMES = (
    *("v", "w", "u", "h", "n", "I", "E", "R", "J", "g", "eta", "theta", "tau_m", "v_rest", "I_syn", "alpha_m"),
    *("beta", "gamma", "zeta", "y0", "y1", "j0", "j1", "index", "count", "time", "left", "log2", "V_max", "V_MAX"),
    *("EL", "VT", "PI", "E1", "rate", "x_trace", "w_pre_1", "xi1", "tau", "sigma", "phi", "real", "norm"),
)
ONE_LETTER_UNITS = ("m", "s", "V", "A", "S", "F", "C", "K", "M")


@pytest.mark.parametrize("name", USUAL_NAMES)
def test_the_names_of_the_field_are_free(name: str) -> None:
    assert parameter_problem(name) is None
    assert variable_problem(name) is None


@pytest.mark.parametrize("name", ONE_LETTER_UNITS)
def test_units_of_one_letter_are_free_in_model_code_only(name: str) -> None:
    assert variable_problem(name) is None
    assert parameter_problem(name) == f"{name!r} is a unit; choose another name"


@pytest.mark.parametrize("name", ["delay", "refractory", "N", "t", "e", "signed", "EOF"])
def test_what_means_something_to_the_program_is_free_for_parameters(name: str) -> None:
    assert parameter_problem(name) is None
    assert variable_problem(name) is not None


@pytest.mark.parametrize("name", ["exc", "e", "i", "E", "I", "L2_3E", "int", "mV", "exp", "NULL"])
def test_labels_are_nearly_free(name: str) -> None:
    # They are only parts of names: population_int, g_NULL.
    assert label_problem(name) is None


@pytest.mark.parametrize("name", ["", "2v", "_v", "a b", "a__b", "a_", "x_pre", "x_post", "network", "../x", "v" * 64])
def test_labels_that_would_be_mistaken_are_refused(name: str) -> None:
    assert label_problem(name) is not None


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "is not a name"),
        ("2v", "is not a name"),
        ("_v", "is not a name"),
        ("v-x", "is not a name"),
        ("v\n", "is not a name"),
        ("ｖ", "is not a name"),
        ("v" * 64, "is not a name"),
        ("a__b", "'__'"),
        ("lambda", "keyword"),
        ("signed", "keyword"),
        ("NULL", r"C\+\+"),
        ("EOF", r"C\+\+"),
        ("errno", r"C\+\+"),
        ("INFINITY", r"C\+\+"),
        ("M_PI", r"C\+\+"),
        ("stdout", r"C\+\+"),
        ("main", r"C\+\+"),
        ("assert", "keyword"),
        ("t", "the time"),
        ("dt", "the time step"),
        ("i", "index"),
        ("N", "number of neurons"),
        ("xi", "white noise"),
        ("xi_1", "white noise"),
        ("lastspike", "last spike"),
        ("not_refractory", "may spike"),
        ("t_in_timesteps", "steps"),
        ("pi", "constant"),
        ("v_pre", "synapse"),
        ("w_post", "synapse"),
        ("exp", "function"),
        ("uniform", "function"),
        ("mV", "unit"),
        ("volt", "unit"),
    ],
)
def test_says_why_a_name_is_taken(name: str, reason: str) -> None:
    problem = variable_problem(name)
    assert problem is not None
    assert re.search(reason, problem)


@pytest.mark.parametrize(
    ("name", "reason"),
    [("2v", "is not a name"), ("lambda", "keyword"), ("pi", "constant"), ("uniform", "function"), ("mV", "unit")],
)
def test_says_why_a_parameter_cannot_be_called_so(name: str, reason: str) -> None:
    problem = parameter_problem(name)
    assert problem is not None
    assert re.search(reason, problem)


def test_names_that_brian_gives_a_meaning_are_taken() -> None:
    # Brian refuses them in Equations: 'lux', 'amol', 'flux' (femtolux) ... are units there.
    names = [*DEFAULT_UNITS, *DEFAULT_FUNCTIONS, *DEFAULT_CONSTANTS]
    assert [name for name in names if variable_problem(name) is None] == []


def test_keywords_of_python_are_taken() -> None:
    assert [name for name in keyword.kwlist if parameter_problem(name) is None] == []


def test_macros_of_the_compiler_are_taken(tmp_path: Path) -> None:
    source = tmp_path / "headers.cpp"
    source.write_text(INCLUDES)
    defines = subprocess.run(["g++", "-dM", "-E", source], capture_output=True, text=True, check=True).stdout
    macros = [line.split()[1] for line in defines.splitlines()]
    free = [name for name in macros if "(" not in name and not name.startswith("_") and variable_problem(name) is None]
    assert len(macros) > 500
    assert free == []


def test_free_names_compile_as_local_variables(tmp_path: Path) -> None:
    # Brian copies variables and constants to local variables of this kind.
    source = tmp_path / "locals.cpp"
    declarations = "".join(f"    double {name} = 1.0;\n" for name in (*USUAL_NAMES, *ONE_LETTER_UNITS))
    source.write_text(f"{INCLUDES}using namespace std;\nvoid run()\n{{\n{declarations}}}\n")
    compiled = subprocess.run(["g++", "-fsyntax-only", source], capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stderr
