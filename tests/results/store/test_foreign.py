"""Files from somebody else: each trick that was tried against HDF5 readers is refused, with nothing read."""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from snnrun.errors import ResultsError
from snnrun.results.analysis import Analysis
from snnrun.results.recording import Recording
from snnrun.results.store import read_analysis, read_array, read_recording, verify, write_analysis
from snnrun.results.store.recording_to_tree import recording_to_tree
from snnrun.results.store.tree import Dataset, Group, digest, walk
from snnrun.results.store.writing import write_tree


def external_storage(file: h5py.File, secret: Path) -> None:
    file.create_dataset("trap", (4,), np.uint8, external=[(str(secret), 0, 4)])


def external_link(file: h5py.File, secret: Path) -> None:
    file["trap"] = h5py.ExternalLink(str(secret), "/data")


def soft_link(file: h5py.File, _: Path) -> None:
    file["trap"] = h5py.SoftLink("/number")


def virtual_dataset(file: h5py.File, secret: Path) -> None:
    layout = h5py.VirtualLayout((4,), np.uint8)
    layout[:] = h5py.VirtualSource(str(secret), "data", (4,), np.uint8)
    file.create_virtual_dataset("trap", layout)


def eight_tebibytes_in_chunks(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", (2**40,), np.float64, chunks=(1024,), compression="gzip")


def eight_tebibytes_in_one_piece(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", (2**40,), np.float64)


def one_chunk_of_eight_tebibytes(file: h5py.File, _: Path) -> None:
    trap = file.create_dataset("trap", (2**40,), np.float64, chunks=(1024,), compression="gzip")
    trap[0] = 1.0


def a_huge_chunk(file: h5py.File, _: Path) -> None:
    trap = file.create_dataset("trap", (1,), np.uint8, maxshape=(None,), chunks=(2**31,), compression="gzip")
    trap.id.write_direct_chunk((0,), b"too short")


def gzip_in_gzip(file: h5py.File, _: Path) -> None:
    creation = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    creation.set_chunk((1024,))
    creation.set_deflate(9)
    creation.set_deflate(9)
    space = h5py.h5s.create_simple((1024,))
    h5py.h5d.create(file.id, b"trap", h5py.h5t.NATIVE_DOUBLE, space, creation)


def a_filter_that_is_a_plugin(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", data=np.zeros(1024), chunks=(1024,), compression="lzf")


def texts_of_any_length(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", data=["a", "b"], dtype=h5py.string_dtype())


def references(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", data=[file["number"].ref], dtype=h5py.ref_dtype)


def arrays_of_any_length(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", (1,), h5py.vlen_dtype(np.int64))


def references_in_a_table(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", (1,), np.dtype([("number", "f8"), ("text", h5py.string_dtype())]))


def opaque_bytes(file: h5py.File, _: Path) -> None:
    file.create_dataset("trap", data=np.void(b"1234"))


def nothing_at_all(file: h5py.File, _: Path) -> None:
    file["trap"] = h5py.Empty("f8")


def a_type_in_place_of_data(file: h5py.File, _: Path) -> None:
    file["trap"] = np.dtype("f8")


DATASET_TRAPS: dict[Callable[[h5py.File, Path], None], str] = {
    external_storage: "keeps its data in other files",
    external_link: "is a link that leads elsewhere",
    soft_link: "is a link that leads elsewhere",
    virtual_dataset: "keeps its data in other files",
    eight_tebibytes_in_chunks: "announces 8796093022208 bytes",
    eight_tebibytes_in_one_piece: "announces",
    one_chunk_of_eight_tebibytes: "announces 8796093022208 bytes",
    a_huge_chunk: "announces 2147483648 bytes",
    gzip_in_gzip: "needs filters other than",
    a_filter_that_is_a_plugin: "needs filters other than",
    texts_of_any_length: "neither number nor text",
    references: "neither number nor text",
    arrays_of_any_length: "neither number nor text",
    references_in_a_table: "neither number nor text",
    opaque_bytes: "neither number nor text",
    nothing_at_all: "neither number nor text",
    a_type_in_place_of_data: "neither a group nor a dataset",
}


def a_group_in_itself(file: h5py.File, _: Path) -> None:
    file["spikes/trap"] = file["spikes"]


def one_dataset_many_times(file: h5py.File, _: Path) -> None:
    file["zeros"] = np.zeros(10_000)
    for number in range(100):
        file[f"trap{number}"] = file["zeros"]


def a_name_that_is_a_path(file: h5py.File, _: Path) -> None:
    file["spikes"].create_group("..\\..\\trap")


def a_hidden_name(file: h5py.File, _: Path) -> None:
    file.create_group(".bashrc")


def one_dataset_more(file: h5py.File, _: Path) -> None:
    file["trap"] = 1.0


def one_dataset_less(file: h5py.File, _: Path) -> None:
    del file["spikes/exc/tick"]


def no_table_of_contents(file: h5py.File, _: Path) -> None:
    del file["_contents"]


def another_seed(file: h5py.File, _: Path) -> None:
    file.attrs.modify("seed", 1)


def an_attribute_that_is_an_array(file: h5py.File, _: Path) -> None:
    file["spikes"].attrs["trap"] = [1, 2]


def an_attribute_of_any_length(file: h5py.File, _: Path) -> None:
    file["spikes"].attrs["trap"] = "text"


RECORDING_TRAPS = DATASET_TRAPS | {
    a_group_in_itself: "nested more than 8 deep",
    one_dataset_many_times: "announces more data than the file has",
    a_name_that_is_a_path: "object with the name",
    a_hidden_name: "object with the name",
    one_dataset_more: "table of contents does not fit",
    one_dataset_less: "table of contents does not fit",
    no_table_of_contents: "table of contents is missing",
    another_seed: "/ is not as it was written",
    an_attribute_that_is_an_array: "'trap' is not a single number or text",
    an_attribute_of_any_length: "'trap' is neither number nor text",
}


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    """A file of this machine that no file from elsewhere should show."""
    path = tmp_path / "secret.h5"
    with h5py.File(path, "w") as file:
        file["data"] = np.arange(4, dtype=np.uint8)
    return path


def refused(path: Path, message: str, read: Callable[[Path], Any] = read_recording) -> None:
    with pytest.raises(ResultsError) as refusal:
        read(path)
    assert str(path) in str(refusal.value)
    assert message in str(refusal.value)


@pytest.mark.parametrize(("trap", "message"), RECORDING_TRAPS.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_a_recording_with_a_trap_is_refused(
    written: Path, secret: Path, trap: Callable[[h5py.File, Path], None], message: str
) -> None:
    with h5py.File(written, "a") as file:
        if trap in {soft_link, references}:
            file["number"] = 1.0
        trap(file, secret)
    refused(written, message)
    refused(written, message, verify)


@pytest.mark.parametrize(("trap", "message"), DATASET_TRAPS.items(), ids=lambda case: getattr(case, "__name__", ""))
def test_an_array_that_is_a_trap_is_refused(
    path: Path, secret: Path, trap: Callable[[h5py.File, Path], None], message: str
) -> None:
    with h5py.File(path, "w") as file:
        file["number"] = 1.0
        trap(file, secret)
    with pytest.raises(ResultsError, match=message):
        read_array(path, "trap")


def test_a_group_behind_a_link_is_refused(path: Path, secret: Path) -> None:
    with h5py.File(path, "w") as file:
        file["group"] = h5py.ExternalLink(str(secret), "/")
    with pytest.raises(ResultsError, match="leads elsewhere"):
        read_array(path, "group/data")


def test_another_file_is_not_even_opened(path: Path, tmp_path: Path) -> None:
    # Opening a pipe for reading waits until somebody writes: whoever follows the link hangs.
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with h5py.File(path, "w") as file:
        file["link"] = h5py.ExternalLink(str(pipe), "/data")
        file.create_dataset("storage", (4,), np.uint8, external=[(str(pipe), 0, 4)])
    for name in ("link", "storage", "link/below"):
        with pytest.raises(ResultsError):
            read_array(path, name)
    with pytest.raises(ResultsError, match="is not a file"):
        read_recording(pipe)


def test_arrays_of_other_programs_are_read(path: Path) -> None:
    values = np.arange(100_000, dtype=">f4").reshape(-1, 10)
    with h5py.File(path, "w") as file:
        file["one"] = 2.5
        file.create_dataset("connectome/weights", data=values, compression="gzip", shuffle=True, fletcher32=True)
    assert np.array_equal(read_array(path, "connectome/weights"), values)
    assert np.array_equal(read_array(path, "/connectome/weights"), values)
    assert read_array(path, "one") == 2.5


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("weihgts", "it has no 'weihgts' in /; there is: group, texts, weights"),
        ("group", "'group' is a group; name a dataset in it: inner"),
        ("weights/inner", "it has no dataset 'weights/inner'"),
        ("texts", "has no numbers"),
        ("", "is not the path of a dataset"),
        ("group//inner", "is not the path of a dataset"),
    ],
)
def test_a_wrong_dataset_is_told_with_what_there_is(path: Path, name: str, message: str) -> None:
    with h5py.File(path, "w") as file:
        file["weights"] = [1.0, 2.0]
        file["group/inner"] = 1.0
        file["texts"] = np.array([b"a"])
    refused(path, message, lambda path: read_array(path, name))


def test_what_is_not_hdf5_is_refused(path: Path) -> None:
    path.write_text("tick,node_id\n1,2\n")
    refused(path, "does not begin as an HDF5 file does")
    path.write_bytes(b"")
    refused(path, "does not begin as an HDF5 file does")


def test_folders_and_missing_files_are_told(written: Path, tmp_path: Path) -> None:
    refused(tmp_path, "is not a file")
    refused(tmp_path / "recordin.h5", f"Did you mean {written}?")


def test_a_file_of_another_program_is_told_apart(path: Path) -> None:
    with h5py.File(path, "w") as file:
        file["spikes"] = [1, 2, 3]
    refused(path, "is not a snnrun recording, but an HDF5 file of another program")


def test_analyses_and_recordings_are_told_apart(analysis: Analysis, written: Path, path: Path) -> None:
    refused(written, "is not a snnrun analysis, but a snnrun recording", read_analysis)
    write_analysis(analysis, path)
    refused(path, "is not a snnrun recording, but a snnrun analysis")


def test_a_newer_format_asks_for_an_upgrade(recording: Recording, path: Path) -> None:
    tree = recording_to_tree(recording)
    write_tree(Group(tree.members, {**tree.attributes, "version": 2}), path)
    refused(path, "was written by a newer snnrun (version 2 of the format, known is 1). Upgrade")


# Digests keep out damage, not malice: whoever writes a file can write its digests. So all of it is checked again.


def with_attribute(place: str, name: str, value: str | float) -> Callable[[Group], Group]:
    def change(tree: Group) -> Group:
        head, _, rest = place.partition("/")
        if not head:
            return type(tree)(tree.members if isinstance(tree, Group) else tree.data, {**tree.attributes, name: value})
        return Group({**tree.members, head: with_attribute(rest, name, value)(tree.members[head])}, tree.attributes)

    return change


def with_member(place: str, new: Group | Dataset | None) -> Callable[[Group], Group]:
    def change(tree: Group) -> Group:
        head, _, rest = place.partition("/")
        if rest:
            return Group({**tree.members, head: with_member(rest, new)(tree.group(head))}, tree.attributes)
        others = {name: member for name, member in tree.members.items() if name != head}
        return Group(others if new is None else {**others, head: new}, tree.attributes)

    return change


def ticks(*values: int) -> Dataset:
    return Dataset(np.array(values, np.int64), {"units": "dt"})


def lengths(*shape: int, value: float = 1e-4) -> Dataset:
    return Dataset(np.full(shape, value), {"units": "m", "periodic": 1})


def node_ids(*values: int) -> Dataset:
    return Dataset(np.array(values, np.int32))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (with_attribute("", "status", "running"), "its status is 'running'"),
        (with_attribute("", "run_id", "../../x"), "its run_id cannot be the name of a folder"),
        (with_attribute("", "dt", 0.0), "'dt' should be a positive number"),
        (with_attribute("", "dt", float("nan")), "'dt' should be a positive number"),
        (with_attribute("", "seed", "0"), "'seed' should be a whole number"),
        (with_attribute("", "n_ticks", -1), "'n_ticks' should be a whole number"),
        (with_attribute("", "title", 1.0), "'title' should be a text"),
        (with_attribute("populations/exc", "v_thresh", "high"), "'v_thresh' should be a number"),
        (with_member("populations", None), "the group 'populations' is missing"),
        (with_member("populations/exc", None), "a population that it does not describe"),
        (with_member("populations/exc/positions", lengths(3, 2)), "should have a point of the space for each neuron"),
        (with_member("populations/exc/positions", lengths(200, 1)), "should have a point of the space for each neuron"),
        (
            with_member("populations/exc/positions", lengths(200, 2, value=math.nan)),
            "should have a point of the space for each neuron",
        ),
        (with_member("populations/exc/extent", None), "the dataset 'extent' is missing"),
        (with_member("populations/exc/extent", lengths(3)), "'extent' should be one or two lengths"),
        (with_member("populations/exc/extent", lengths(2, value=math.inf)), "'extent' should be one or two lengths"),
        (with_member("populations/inh/labels", Dataset('["a", "b"]')), "another name for each neuron"),
        (with_member("populations/inh/labels", Dataset(f"[{', '.join(50 * ['1'])}]")), "a JSON list of texts"),
        (with_member("populations", ticks(1)), "the group 'populations' is missing"),
        (with_member("spikes/exc/tick", None), "the dataset 'tick' is missing"),
        (with_member("spikes/exc/tick", node_ids(1)), "'tick' should have 1 dimension(s) of type int64"),
        (with_member("spikes/exc/tick", Dataset("1")), "'tick' should have 1 dimension(s) of type int64"),
        (with_member("spikes/inh/tick", ticks(1)), "'tick' and 'node_ids' differ in length"),
        (with_attribute("spikes/exc", "stop", 500), "spikes outside of the recorded interval"),
        (with_attribute("spikes/exc", "n_recorded", 50), "spikes of neurons that were not recorded"),
        (with_attribute("spikes/exc", "n_recorded", 2**31 - 1), "spikes of more neurons, longer or shorter"),
        (with_attribute("spikes/exc", "stop", 2**62), "spikes of more neurons, longer or shorter"),
        (with_attribute("spikes/inh", "dt", 1e-300), "spikes of more neurons, longer or shorter"),
        (
            lambda tree: with_member("spikes/inh/tick", ticks(2, 1))(
                with_member("spikes/inh/node_ids", node_ids(1, 1))(tree)
            ),
            "not sorted by time",
        ),
        (with_member("spikes/inh/trial", node_ids(0)), "'trial' has another length"),
        (with_member("spikes/exc/trial", node_ids(*range(5000))), "its trials are not numbered in order"),
        (with_member("traces/exc/v/trial", node_ids(0, 0, -1)), "its trials are not numbered in order"),
        (with_attribute("", "trials", 0), "'trials' should be a whole number, 1 or more"),
        (with_attribute("", "trials", 10**12), "there can be 100000"),
        (with_member("traces/exc/v/node_ids", node_ids(0, 1, 200)), "of neurons that are not in the population"),
        (with_member("traces/exc/v/node_ids", node_ids(-1, 0, 1)), "of neurons that are not in the population"),
        (
            with_member("weights/exc_to_all/exc/inh/target_node_id", node_ids(0, 1, 2, 50)),
            "of neurons that are not in the population",
        ),
        (with_attribute("populations/inh", "size", 5), "another name for each neuron"),
        (with_attribute("populations/exc", "size", 5), "should have a point of the space for each neuron"),
        (
            lambda tree: with_member(
                "synapses/exc_to_all/nobody", tree.group("synapses").group("exc_to_all").group("exc")
            )(tree),
            "synapses of a population that it does not describe",
        ),
        (with_member("phases", Dataset('{"late": -1}')), "'phases' should give the first step of each"),
        (with_member("traces/exc/v/time", Dataset(np.zeros(5), {"units": "s"})), "another shape than its times"),
        (
            with_member(
                "synapses/exc_to_all/exc/inh/source_node_id", Dataset(np.zeros(30), {"node_population": "exc"})
            ),
            "'source_node_id'",
        ),
        (
            with_member("synapses/exc_to_all/exc/inh/delay", Dataset(np.zeros(7), {"units": "s"})),
            "columns of a table of synapses differ in length",
        ),
        (
            with_member("weights/exc_to_all/exc/inh/time", Dataset(np.zeros(5), {"units": "s"})),
            "weights over time have another shape than their times and synapses",
        ),
        (
            with_member("weights/exc_to_all/exc/inh/target_node_id", node_ids(1, 2)),
            "weights over time have another shape than their times and synapses",
        ),
        (with_attribute("traces/exc/v/data", "units", "$\\frac{"), "is not a unit"),
        (with_attribute("weights/exc_to_all/exc/inh/weight", "units", ""), "is not a unit"),
        (
            with_attribute("synapses/exc_to_all/exc/inh/source_node_id", "node_population", "inh"),
            "not between the populations that its place names",
        ),
        (with_member("spec/resolved", Dataset('{"populations": [1]}')), "should be a mapping of mappings"),
        (with_member("spec/resolved", Dataset('{"inputs": {"a": null}}')), "should be a mapping of mappings"),
        (with_member("provenance", Dataset("{")), "a text that should be JSON is not"),
        (with_member("provenance", Dataset("[" * 100_000)), "a text that should be JSON is not"),
        (with_member("provenance", Dataset("[]")), "'provenance' should be a JSON object"),
        (with_member("provenance", node_ids(1)), "the dataset 'provenance' should be a text"),
        (with_member("warnings", Dataset("[1]")), "'warnings' should be a JSON list of texts"),
    ],
)
def test_a_recording_that_contradicts_itself_is_refused(
    recording: Recording, path: Path, change: Callable[[Group], Group], message: str
) -> None:
    write_tree(change(recording_to_tree(recording)), path)
    refused(path, message)
    refused(path, message, verify)


def replace_table_of_contents(path: Path, contents: str) -> None:
    with h5py.File(path, "a") as file:
        del file["_contents"]
        file.create_dataset("_contents", data=np.bytes_(contents), dtype=h5py.string_dtype("utf-8", len(contents)))
        value = np.bytes_(digest(Dataset(contents)))
        file["_contents"].attrs.create("digest", value, dtype=h5py.string_dtype("utf-8", len(value)))


def test_a_table_of_contents_that_is_no_table_is_refused(written: Path) -> None:
    for contents, message in ((json.dumps([1]), "is no table"), ("{}", "does not fit"), ("{", "JSON")):
        replace_table_of_contents(written, contents)
        refused(written, message)


def test_a_table_of_contents_in_any_order_loses_nothing(recording: Recording, written: Path) -> None:
    paths = {path: digest(node) for path, node in walk(recording_to_tree(recording))}
    replace_table_of_contents(written, json.dumps(dict(reversed(paths.items()))))
    found = read_recording(written)
    assert list(found.populations) == ["inh", "exc"]
    assert len(found.spikes["exc"]) == len(recording.spikes["exc"])
    assert found.synapses.keys() == recording.synapses.keys()


def test_the_size_of_the_stored_data_is_not_taken_from_the_file_alone(path: Path) -> None:
    # A contiguous dataset whose length is patched in its header, to 2^40 numbers: HDF5 itself has no objection to
    # the dataspace; the storage is too short.
    with h5py.File(path, "w") as file:
        file["trap"] = np.zeros(12345)
    image = path.read_bytes()
    assert image.count(struct.pack("<Q", 12345)) >= 1
    path.write_bytes(image.replace(struct.pack("<Q", 12345), struct.pack("<Q", 2**40)))
    with pytest.raises(ResultsError):
        read_array(path, "trap")
