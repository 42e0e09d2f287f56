// Typed input. A value that is missing, of another type or of another length stops the program: there are no defaults.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "failure.h"

namespace snnrun {

template <class T> struct TypeCode;
template <> struct TypeCode<double> { static constexpr char value = 'd'; };
template <> struct TypeCode<float> { static constexpr char value = 'f'; };
template <> struct TypeCode<int32_t> { static constexpr char value = 'i'; };
template <> struct TypeCode<int64_t> { static constexpr char value = 'q'; };

// Reads records in the order in which they were written. A record: length of the name (uint32), name, type code,
// count (uint64), numbers.
class Inputs {
    std::FILE* file;
    std::string path;

    void read_bytes(void* target, size_t bytes, const char* name) {
        if (bytes && std::fread(target, 1, bytes, file) != bytes) stop(BAD_INPUT, std::string("bad_input ") + name);
    }

    uint64_t open_record(const char* name, char type) {
        uint32_t length = 0;
        read_bytes(&length, sizeof length, name);
        if (length > 4096) stop(BAD_INPUT, std::string("bad_input ") + name);
        std::string found(length, '\0');
        read_bytes(&found[0], length, name);
        char found_type = 0;
        read_bytes(&found_type, 1, name);
        uint64_t count = 0;
        read_bytes(&count, sizeof count, name);
        if (found != name || found_type != type) stop(BAD_INPUT, "bad_input " + std::string(name) + " found " + found);
        return count;
    }

public:
    explicit Inputs(const std::string& input_path) : file(std::fopen(input_path.c_str(), "rb")), path(input_path) {
        if (!file) stop(BAD_INPUT, "bad_input " + path);
    }

    template <class T> void read(const char* name, T* target, uint64_t expected) {
        const uint64_t count = open_record(name, TypeCode<T>::value);
        if (count != expected) stop(BAD_INPUT, std::string("bad_input ") + name + " length");
        read_bytes(target, count * sizeof(T), name);
    }

    template <class T> void read_all(const char* name, std::vector<T>& target) {
        target.resize(open_record(name, TypeCode<T>::value));
        read_bytes(target.data(), target.size() * sizeof(T), name);
    }

    template <class T> void read(const char* name, std::vector<T>& target, uint64_t expected) {
        read_all(name, target);
        if (target.size() != expected) stop(BAD_INPUT, std::string("bad_input ") + name + " length");
    }

    template <class T> T scalar(const char* name) {
        T value;
        read(name, &value, 1);
        return value;
    }

    // Time steps of so many seconds become seconds.
    void read_times(const char* name, double* times, uint64_t expected, double dt) {
        std::vector<int32_t> steps;
        read(name, steps, expected);
        for (uint64_t k = 0; k < expected; ++k) times[k] = steps[k] * dt;
    }

    void finish() {
        if (std::fgetc(file) != EOF) stop(BAD_INPUT, "bad_input trailing");
        std::fclose(file);
    }
};

}  // namespace snnrun
