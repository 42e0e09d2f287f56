// Typed input. A value that is missing, of another type or of another length stops the program: there are no defaults.
#pragma once

#include <cstdint>
#include <cstdio>
#include <vector>

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

    void read_bytes(void* target, size_t bytes, const char* name);
    uint64_t open_record(const char* name, char type);
    static void expect(const char* name, uint64_t count, uint64_t expected);
    void read_numbers(const char* name, char type, void* target, size_t bytes_each, uint64_t expected);

public:
    explicit Inputs(const char* path);

    template <class T> void read(const char* name, T* target, uint64_t expected) {
        read_numbers(name, TypeCode<T>::value, target, sizeof(T), expected);
    }

    template <class T> void read_all(const char* name, std::vector<T>& target) {
        target.resize(open_record(name, TypeCode<T>::value));
        read_bytes(target.data(), target.size() * sizeof(T), name);
    }

    template <class T> void read(const char* name, std::vector<T>& target, uint64_t expected) {
        const uint64_t count = open_record(name, TypeCode<T>::value);
        expect(name, count, expected);
        target.resize(count);
        read_bytes(target.data(), target.size() * sizeof(T), name);
    }

    template <class T> T scalar(const char* name) {
        T value;
        read(name, &value, 1);
        return value;
    }

    // Time steps of so many seconds become seconds.
    void read_times(const char* name, double* times, uint64_t expected, double dt);

    void finish();
};

}  // namespace snnrun
