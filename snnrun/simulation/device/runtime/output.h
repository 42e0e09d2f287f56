// Checked output: files of raw little-endian numbers.
#pragma once

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#include "input.h"

namespace snnrun {

// Writes one file for each array, then a table of contents; only with the last the output is complete.
class Outputs {
    std::string folder, contents;

    void write_file(const std::string& name, const std::vector<std::pair<const void*, size_t>>& pieces) {
        std::FILE* file = std::fopen(path(name).c_str(), "wb");
        bool good = file != nullptr;
        for (const auto& piece : pieces)
            good = good && (piece.second == 0 || std::fwrite(piece.first, 1, piece.second, file) == piece.second);
        int error = errno;
        if (file && std::fclose(file) != 0 && good) good = false, error = errno;
        if (!good) stop(NOT_WRITTEN, "not_written " + name + " " + std::strerror(error));
    }

public:
    explicit Outputs(const std::string& output_folder) : folder(output_folder) {}

    std::string path(const std::string& name) const { return folder + "/" + name; }

    // An array is complete.
    template <class T> void enter(const std::string& name, size_t count) {
        contents += name + " " + TypeCode<T>::value + " " + std::to_string(count) + "\n";
    }

    template <class T> void write(const std::string& name, const T* values, size_t count) {
        write_file(name, {{values, count * sizeof(T)}});
        enter<T>(name, count);
    }

    template <class T> void write(const std::string& name, const std::vector<T>& values) {
        write(name, values.data(), values.size());
    }

    // Rows are time steps, columns neurons.
    template <class Matrix> void write_matrix(const std::string& name, Matrix& matrix) {
        std::vector<std::pair<const void*, size_t>> rows;
        for (size_t row = 0; row < static_cast<size_t>(matrix.n); ++row)
            rows.push_back({&matrix(row, 0), matrix.m * sizeof(double)});
        write_file(name, rows);
        enter<double>(name, static_cast<size_t>(matrix.n) * matrix.m);
    }

    void finish() { write_file("contents", {{contents.data(), contents.size()}}); }
};

}  // namespace snnrun
