#include "output.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include "failure.h"

namespace snnrun {

void Outputs::File::fail() const { stop(NOT_WRITTEN, "not_written %s %s", name.c_str(), std::strerror(errno)); }

void Outputs::File::open(const Outputs& outputs, std::string array) {
    name = std::move(array);
    file = std::fopen((outputs.folder + "/" + name).c_str(), "wb");
    if (!file) fail();
    std::setvbuf(file, nullptr, _IONBF, 0);  // those who write have buffers of their own
}

void Outputs::File::write(const void* numbers, size_t bytes) {
    if (bytes && std::fwrite(numbers, 1, bytes, file) != bytes) fail();
}

void Outputs::File::close() {
    if (std::fclose(file) != 0) fail();
}

void Outputs::File::close(Outputs& outputs, char type, size_t count) {
    close();
    outputs.contents += name + " " + type + " " + std::to_string(count) + "\n";
}

void Outputs::finish() {
    File file;
    file.open(*this, "contents");
    file.write(contents.data(), contents.size());
    file.close();
}

}  // namespace snnrun
