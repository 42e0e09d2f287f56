"""Files of numbers that an experiment reads: CSV, NPY, HDF5, below the folder of the experiment."""

from snnrun.datafiles.array_file import ArrayFile
from snnrun.datafiles.location import DataFileError, resolve
from snnrun.datafiles.table_file import TableFile
from snnrun.datafiles.tables import Column, FloatArray, Table, open_table, read_table

__all__ = [
    "ArrayFile",
    "Column",
    "DataFileError",
    "FloatArray",
    "Table",
    "TableFile",
    "open_table",
    "read_table",
    "resolve",
]
