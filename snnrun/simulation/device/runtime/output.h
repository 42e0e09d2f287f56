// Checked output: files of raw little-endian numbers.
#pragma once

#include <cstdio>
#include <string>
#include <vector>

#include "input.h"

namespace snnrun {

// Writes one file for each array, then a table of contents; only with the last the output is complete.
class Outputs {
    std::string folder, contents;

public:
    explicit Outputs(const char* output_folder) : folder(output_folder) {}

    // An array that is written piece by piece. All pieces go to the file at once: who writes collects them.
    class File {
        std::string name;
        std::FILE* file = nullptr;

        [[noreturn]] void fail() const;

    public:
        void open(const Outputs& outputs, std::string array);
        void write(const void* numbers, size_t bytes);
        void close();
        void close(Outputs& outputs, char type, size_t count);
    };

    template <class T> void write(const std::string& name, const T* values, size_t count) {
        File file;
        file.open(*this, name);
        file.write(values, count * sizeof(T));
        file.close(*this, TypeCode<T>::value, count);
    }

    template <class T> void write(const std::string& name, const std::vector<T>& values) {
        write(name, values.data(), values.size());
    }

    // Rows are time steps, columns neurons.
    template <class Matrix> void write_matrix(const std::string& name, Matrix& matrix) {
        File file;
        file.open(*this, name);
        for (size_t row = 0; row < static_cast<size_t>(matrix.n); ++row)
            file.write(&matrix(row, 0), matrix.m * sizeof(double));
        file.close(*this, TypeCode<double>::value, static_cast<size_t>(matrix.n) * matrix.m);
    }

    void finish();
};

}  // namespace snnrun
