"""What the device overrides or relies on inside Brian is the text that it was written against.

When a new version of Brian fails here: read what has changed (the failure names the parts), see whether the device
still does the same, run all tests with that version, and add its digests.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Iterator
from pathlib import Path

import brian2
import pytest
from brian2.codegen.generators import cpp_generator
from brian2.codegen.generators.cpp_generator import CPPCodeGenerator
from brian2.codegen.templates import Templater
from brian2.core.network import Network
from brian2.devices.cpp_standalone import device as standalone
from brian2.devices.cpp_standalone.codeobject import CPPStandaloneCodeObject
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
from brian2.groups.neurongroup import Resetter, StateUpdater, Thresholder
from brian2.synapses.synapses import Synapses, SynapticPathway

# First digits of the sha256 of each part, by version of Brian.
DIGESTS = {
    "2.9.0": {
        "CPPStandaloneDevice.network_run": "4c87ccb81f44",
        "CPPStandaloneDevice.write_static_arrays": "134924a7dda9",
        "CPPStandaloneDevice.copy_source_files": "a903c3f0f723",
        "CPPStandaloneDevice.code_object_class": "3652fd304d18",
        "CPPStandaloneDevice.generate_main_source": "c5c463ac3783",
        "CPPStandaloneDevice.build": "6a54ef749526",
        "CPPStandaloneDevice.init_with_zeros": "ecc1ced36acb",
        "CPPStandaloneDevice.init_with_arange": "16ee565f9d7a",
        "CPPStandaloneDevice.fill_with_array": "f5cc9309ce32",
        "CPPStandaloneCodeObject.run_block": "aaa3845a3081",
        "CPPCodeGenerator.translate_to_read_arrays": "29c8a28cf729",
        "CPPCodeGenerator.determine_keywords": "c7b26512d218",
        "CPPStandaloneDevice.code_object": "13f34402da65",
        "CPPStandaloneDevice.get_array_name": "09d5dc42dea6",
        "CPPStandaloneDevice.insert_code": "b48533d23022",
        "CPPStandaloneDevice.generate_objects_source": "17e78ce00ef0",
        "CPPStandaloneDevice.generate_codeobj_source": "3356538ca3de",
        "CPPCodeGenerator.translate_statement_sequence": "fa4eee539190",
        "Network.sorted_objects": "a2e31fc6dae4",
        "Network.before_run": "f47581dc062b",
        "Templater.derive": "a77d440f19b4",
        "StateUpdater.__init__": "c23326c59959",
        "Thresholder.__init__": "632b72165ac9",
        "Resetter.__init__": "fbc15f6be8e0",
        "SynapticPathway.__init__": "e910be0bf561",
        "SynapticPathway.update_abstract_code": "d1e76f1be14a",
        "Synapses.before_run": "89bfd800f681",
        "SynapticPathway.before_run": "46a3f5967363",
        "SynapticPathway.initialise_queue": "43743c3e8378",
        "universal_support_code": "4021fc6c11f7",
        "exprel_code": "9148701edd97",
        "timestep_code": "61df0c2b3237",
        "clip_code": "7e3757aad531",
        "templates/common_group.cpp": "6665fb87bb2a",
        "templates/group_variable_set.cpp": "aec2dacae5a1",
        "templates/main.cpp": "b17adde3844a",
        "templates/network.cpp": "9e88cb9a4fd7",
        "templates/objects.cpp": "a503b25b404a",
        "templates/reset.cpp": "88364b4573b3",
        "templates/run.cpp": "f7fb8fe3dc0a",
        "templates/statemonitor.cpp": "6805c4076ed6",
        "templates/stateupdate.cpp": "9a98559b90d6",
        "templates/synapses.cpp": "a51e647fce2d",
        "templates/synapses_classes.cpp": "52eae749724a",
        "templates/synapses_push_spikes.cpp": "677e3c862bf3",
        "templates/threshold.cpp": "e7d41365657a",
    },
    "2.10.1": {
        "CPPStandaloneDevice.network_run": "c78f9d86a255",
        "CPPStandaloneDevice.write_static_arrays": "134924a7dda9",
        "CPPStandaloneDevice.copy_source_files": "a1fe067ed03c",
        "CPPStandaloneDevice.code_object_class": "3652fd304d18",
        "CPPStandaloneDevice.generate_main_source": "41a4e9740d8f",
        "CPPStandaloneDevice.build": "751375da2f2c",
        "CPPStandaloneDevice.init_with_zeros": "ecc1ced36acb",
        "CPPStandaloneDevice.init_with_arange": "16ee565f9d7a",
        "CPPStandaloneDevice.fill_with_array": "f5cc9309ce32",
        "CPPStandaloneCodeObject.run_block": "aaa3845a3081",
        "CPPCodeGenerator.translate_to_read_arrays": "29c8a28cf729",
        "CPPCodeGenerator.determine_keywords": "c7b26512d218",
        "CPPStandaloneDevice.code_object": "13f34402da65",
        "CPPStandaloneDevice.get_array_name": "09d5dc42dea6",
        "CPPStandaloneDevice.insert_code": "b48533d23022",
        "CPPStandaloneDevice.generate_objects_source": "17e78ce00ef0",
        "CPPStandaloneDevice.generate_codeobj_source": "3356538ca3de",
        "CPPCodeGenerator.translate_statement_sequence": "fa4eee539190",
        "Network.sorted_objects": "a2e31fc6dae4",
        "Network.before_run": "487bda556ede",
        "Templater.derive": "a77d440f19b4",
        "StateUpdater.__init__": "c23326c59959",
        "Thresholder.__init__": "632b72165ac9",
        "Resetter.__init__": "fbc15f6be8e0",
        "SynapticPathway.__init__": "0028591e6397",
        "SynapticPathway.update_abstract_code": "cafd6d157839",
        "Synapses.before_run": "89bfd800f681",
        "SynapticPathway.before_run": "46a3f5967363",
        "SynapticPathway.initialise_queue": "ac2beeeb42c5",
        "universal_support_code": "4021fc6c11f7",
        "exprel_code": "9148701edd97",
        "timestep_code": "61df0c2b3237",
        "clip_code": "7e3757aad531",
        "templates/common_group.cpp": "f8e9bbc4025d",
        "templates/group_variable_set.cpp": "aec2dacae5a1",
        "templates/main.cpp": "b17adde3844a",
        "templates/network.cpp": "83b26eb5deeb",
        "templates/objects.cpp": "13e705af133a",
        "templates/reset.cpp": "f009b83e80be",
        "templates/run.cpp": "0445f5af2788",
        "templates/statemonitor.cpp": "6805c4076ed6",
        "templates/stateupdate.cpp": "3c638f30dee5",
        "templates/synapses.cpp": "a51e647fce2d",
        "templates/synapses_classes.cpp": "09380144007d",
        "templates/synapses_push_spikes.cpp": "677e3c862bf3",
        "templates/threshold.cpp": "821d71ac951d",
    },
    "2.11.0": {
        "CPPStandaloneDevice.network_run": "c78f9d86a255",
        "CPPStandaloneDevice.write_static_arrays": "134924a7dda9",
        "CPPStandaloneDevice.copy_source_files": "a1fe067ed03c",
        "CPPStandaloneDevice.code_object_class": "3652fd304d18",
        "CPPStandaloneDevice.generate_main_source": "41a4e9740d8f",
        "CPPStandaloneDevice.build": "c8b4f0c3f18d",
        "CPPStandaloneDevice.init_with_zeros": "ecc1ced36acb",
        "CPPStandaloneDevice.init_with_arange": "16ee565f9d7a",
        "CPPStandaloneDevice.fill_with_array": "f5cc9309ce32",
        "CPPStandaloneCodeObject.run_block": "aaa3845a3081",
        "CPPCodeGenerator.translate_to_read_arrays": "29c8a28cf729",
        "CPPCodeGenerator.determine_keywords": "c7b26512d218",
        "CPPStandaloneDevice.code_object": "13f34402da65",
        "CPPStandaloneDevice.get_array_name": "09d5dc42dea6",
        "CPPStandaloneDevice.insert_code": "b48533d23022",
        "CPPStandaloneDevice.generate_objects_source": "17e78ce00ef0",
        "CPPStandaloneDevice.generate_codeobj_source": "3356538ca3de",
        "CPPCodeGenerator.translate_statement_sequence": "fa4eee539190",
        "Network.sorted_objects": "a2e31fc6dae4",
        "Network.before_run": "487bda556ede",
        "Templater.derive": "a77d440f19b4",
        "StateUpdater.__init__": "c23326c59959",
        "Thresholder.__init__": "632b72165ac9",
        "Resetter.__init__": "fbc15f6be8e0",
        "SynapticPathway.__init__": "27dbefed8d75",
        "SynapticPathway.update_abstract_code": "cafd6d157839",
        "Synapses.before_run": "89bfd800f681",
        "SynapticPathway.before_run": "46a3f5967363",
        "SynapticPathway.initialise_queue": "ac2beeeb42c5",
        "universal_support_code": "4021fc6c11f7",
        "exprel_code": "9148701edd97",
        "timestep_code": "61df0c2b3237",
        "clip_code": "7e3757aad531",
        "templates/common_group.cpp": "f8e9bbc4025d",
        "templates/group_variable_set.cpp": "aec2dacae5a1",
        "templates/main.cpp": "b17adde3844a",
        "templates/network.cpp": "17750e904da3",
        "templates/objects.cpp": "13e705af133a",
        "templates/reset.cpp": "f009b83e80be",
        "templates/run.cpp": "0445f5af2788",
        "templates/statemonitor.cpp": "6805c4076ed6",
        "templates/stateupdate.cpp": "3c638f30dee5",
        "templates/synapses.cpp": "a51e647fce2d",
        "templates/synapses_classes.cpp": "09380144007d",
        "templates/synapses_push_spikes.cpp": "677e3c862bf3",
        "templates/threshold.cpp": "821d71ac951d",
    },
}

METHODS = (
    # Overridden by one of the engines, or the caller of what is overridden.
    CPPStandaloneDevice.network_run,
    CPPStandaloneDevice.write_static_arrays,
    CPPStandaloneDevice.copy_source_files,
    CPPStandaloneDevice.code_object_class,
    CPPStandaloneDevice.generate_main_source,
    CPPStandaloneDevice.build,
    CPPStandaloneDevice.init_with_zeros,
    CPPStandaloneDevice.init_with_arange,
    CPPStandaloneDevice.fill_with_array,
    CPPStandaloneCodeObject.run_block,
    CPPCodeGenerator.translate_to_read_arrays,
    CPPCodeGenerator.determine_keywords,
    # Their results go into our programs.
    CPPStandaloneDevice.code_object,
    CPPStandaloneDevice.get_array_name,
    CPPStandaloneDevice.insert_code,
    CPPStandaloneDevice.generate_objects_source,
    CPPStandaloneDevice.generate_codeobj_source,
    CPPCodeGenerator.translate_statement_sequence,
    Network.sorted_objects.fget,
    Network.before_run,
    Templater.derive,
    StateUpdater.__init__,
    Thresholder.__init__,
    Resetter.__init__,
    SynapticPathway.__init__,
    SynapticPathway.update_abstract_code,
    # Synapses come from the input file; of connect() only the mark is set.
    Synapses.before_run,
    SynapticPathway.before_run,
    SynapticPathway.initialise_queue,
)
# Replaced by ours, or joined to one translation unit with it.
TEMPLATES = (
    "common_group.cpp",
    "group_variable_set.cpp",
    "main.cpp",
    "network.cpp",
    "objects.cpp",
    "reset.cpp",
    "run.cpp",
    "statemonitor.cpp",
    "stateupdate.cpp",
    "synapses.cpp",
    "synapses_classes.cpp",
    "synapses_push_spikes.cpp",
    "threshold.cpp",
)
# Functions in C++ of which the fast engine has its own.
FUNCTIONS = ("exprel_code", "timestep_code", "clip_code")


def parts() -> Iterator[tuple[str, str]]:
    """Name and text of everything that is relied on."""
    for method in METHODS:
        yield method.__qualname__, inspect.getsource(method)
    yield "universal_support_code", CPPCodeGenerator.universal_support_code
    for name in FUNCTIONS:
        yield name, getattr(cpp_generator, name)
    folder = Path(inspect.getfile(standalone)).parent / "templates"
    for name in TEMPLATES:
        yield f"templates/{name}", (folder / name).read_text(encoding="utf-8")


def digests() -> dict[str, str]:
    return {name: hashlib.sha256(text.encode()).hexdigest()[:12] for name, text in parts()}


def test_the_internals_are_those_that_the_device_was_written_against():
    if brian2.__version__ not in DIGESTS:
        pytest.fail(f"Brian {brian2.__version__} has not been compared yet: see the docstring of this file")
    known, found = DIGESTS[brian2.__version__], digests()
    assert [name for name in found if found[name] != known.get(name)] == []
    assert found.keys() == known.keys()


if __name__ == "__main__":
    print(f'    "{brian2.__version__}": {digests()},')
