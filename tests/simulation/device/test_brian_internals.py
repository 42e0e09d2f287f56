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
from brian2.core.network import Network
from brian2.devices.cpp_standalone import device as standalone
from brian2.devices.cpp_standalone.device import CPPStandaloneDevice
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
        "CPPStandaloneDevice.get_array_name": "09d5dc42dea6",
        "CPPStandaloneDevice.insert_code": "b48533d23022",
        "CPPStandaloneDevice.generate_objects_source": "17e78ce00ef0",
        "Network.sorted_objects": "a2e31fc6dae4",
        "Synapses.before_run": "89bfd800f681",
        "SynapticPathway.before_run": "46a3f5967363",
        "SynapticPathway.initialise_queue": "43743c3e8378",
        "templates/main.cpp": "b17adde3844a",
        "templates/objects.cpp": "a503b25b404a",
        "templates/network.cpp": "9e88cb9a4fd7",
        "templates/run.cpp": "f7fb8fe3dc0a",
        "templates/synapses_classes.cpp": "52eae749724a",
        "templates/synapses.cpp": "a51e647fce2d",
    },
    "2.10.1": {
        "CPPStandaloneDevice.network_run": "c78f9d86a255",
        "CPPStandaloneDevice.write_static_arrays": "134924a7dda9",
        "CPPStandaloneDevice.copy_source_files": "a1fe067ed03c",
        "CPPStandaloneDevice.code_object_class": "3652fd304d18",
        "CPPStandaloneDevice.generate_main_source": "41a4e9740d8f",
        "CPPStandaloneDevice.build": "751375da2f2c",
        "CPPStandaloneDevice.get_array_name": "09d5dc42dea6",
        "CPPStandaloneDevice.insert_code": "b48533d23022",
        "CPPStandaloneDevice.generate_objects_source": "17e78ce00ef0",
        "Network.sorted_objects": "a2e31fc6dae4",
        "Synapses.before_run": "89bfd800f681",
        "SynapticPathway.before_run": "46a3f5967363",
        "SynapticPathway.initialise_queue": "ac2beeeb42c5",
        "templates/main.cpp": "b17adde3844a",
        "templates/objects.cpp": "13e705af133a",
        "templates/network.cpp": "83b26eb5deeb",
        "templates/run.cpp": "0445f5af2788",
        "templates/synapses_classes.cpp": "09380144007d",
        "templates/synapses.cpp": "a51e647fce2d",
    },
    "2.11.0": {
        "CPPStandaloneDevice.network_run": "c78f9d86a255",
        "CPPStandaloneDevice.write_static_arrays": "134924a7dda9",
        "CPPStandaloneDevice.copy_source_files": "a1fe067ed03c",
        "CPPStandaloneDevice.code_object_class": "3652fd304d18",
        "CPPStandaloneDevice.generate_main_source": "41a4e9740d8f",
        "CPPStandaloneDevice.build": "c8b4f0c3f18d",
        "CPPStandaloneDevice.get_array_name": "09d5dc42dea6",
        "CPPStandaloneDevice.insert_code": "b48533d23022",
        "CPPStandaloneDevice.generate_objects_source": "17e78ce00ef0",
        "Network.sorted_objects": "a2e31fc6dae4",
        "Synapses.before_run": "89bfd800f681",
        "SynapticPathway.before_run": "46a3f5967363",
        "SynapticPathway.initialise_queue": "ac2beeeb42c5",
        "templates/main.cpp": "b17adde3844a",
        "templates/objects.cpp": "13e705af133a",
        "templates/network.cpp": "17750e904da3",
        "templates/run.cpp": "0445f5af2788",
        "templates/synapses_classes.cpp": "09380144007d",
        "templates/synapses.cpp": "a51e647fce2d",
    },
}

METHODS = (
    # Overridden, or the caller of what is overridden.
    CPPStandaloneDevice.network_run,
    CPPStandaloneDevice.write_static_arrays,
    CPPStandaloneDevice.copy_source_files,
    CPPStandaloneDevice.code_object_class,
    CPPStandaloneDevice.generate_main_source,
    CPPStandaloneDevice.build,
    # Their results go into our lines of the main program.
    CPPStandaloneDevice.get_array_name,
    CPPStandaloneDevice.insert_code,
    CPPStandaloneDevice.generate_objects_source,
    Network.sorted_objects.fget,
    # Synapses come from the input file; of connect() only the mark is set.
    Synapses.before_run,
    SynapticPathway.before_run,
    SynapticPathway.initialise_queue,
)
# Replaced by ours, or joined to one translation unit with it.
TEMPLATES = ("main.cpp", "objects.cpp", "network.cpp", "run.cpp", "synapses_classes.cpp", "synapses.cpp")


def parts() -> Iterator[tuple[str, str]]:
    """Name and text of everything that is relied on."""
    for method in METHODS:
        yield method.__qualname__, inspect.getsource(method)
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
