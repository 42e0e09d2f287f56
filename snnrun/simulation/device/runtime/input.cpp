#include "input.h"

#include <string>

#include "failure.h"

namespace snnrun {

Inputs::Inputs(const char* path) : file(std::fopen(path, "rb")) {
    if (!file) stop(BAD_INPUT, "bad_input %s", path);
}

void Inputs::read_bytes(void* target, size_t bytes, const char* name) {
    if (bytes && std::fread(target, 1, bytes, file) != bytes) stop(BAD_INPUT, "bad_input %s", name);
}

uint64_t Inputs::open_record(const char* name, char type) {
    uint32_t length = 0;
    read_bytes(&length, sizeof length, name);
    if (length > 4096) stop(BAD_INPUT, "bad_input %s", name);
    std::string found(length, '\0');
    read_bytes(&found[0], length, name);
    char found_type = 0;
    read_bytes(&found_type, 1, name);
    uint64_t count = 0;
    read_bytes(&count, sizeof count, name);
    if (found != name || found_type != type) stop(BAD_INPUT, "bad_input %s found %s", name, found.c_str());
    return count;
}

void Inputs::expect(const char* name, uint64_t count, uint64_t expected) {
    if (count != expected) stop(BAD_INPUT, "bad_input %s length", name);
}

void Inputs::read_numbers(const char* name, char type, void* target, size_t bytes_each, uint64_t expected) {
    expect(name, open_record(name, type), expected);
    read_bytes(target, expected * bytes_each, name);
}

void Inputs::read_times(const char* name, double* times, uint64_t expected, double dt) {
    std::vector<int32_t> steps;
    read(name, steps, expected);
    for (uint64_t k = 0; k < expected; ++k) times[k] = steps[k] * dt;
}

void Inputs::finish() {
    if (std::fgetc(file) != EOF) stop(BAD_INPUT, "bad_input trailing");
    std::fclose(file);
}

}  // namespace snnrun
