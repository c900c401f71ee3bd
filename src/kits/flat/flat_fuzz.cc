// SPDX-License-Identifier: EUPL-1.2
// Any bytes as a file: refused, or every section lies inside. The checksum is set right so that the fuzzer gets past it.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "kits/flat/flat.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::flat;
  std::string bytes(reinterpret_cast<const char*>(data), size);
  if (size < 48) {
    (void)File::of_bytes(bytes, "k");
    return 0;
  }
  bytes.replace(0, 12, std::string_view("VFLAT\r\n\0\x01\0\0\0", 12));
  bytes[13] = bytes[14] = bytes[15] = 0;
  std::memcpy(bytes.data() + 16, &size, 8);
  const auto sections = static_cast<std::size_t>(static_cast<unsigned char>(bytes[12]));
  // The checksum over the pieces that the file itself names, where they lie inside.
  std::uint64_t key = 0, names = 0;
  std::memcpy(&key, bytes.data() + 32, 8);
  std::memcpy(&names, bytes.data() + 40, 8);
  const std::uint64_t head = 48 + sections * 24 + key % 4096 + names % 4096;
  if (key < 4096 && names < 4096 && head <= size) {
    std::uint64_t sum = checksum(std::string_view(bytes).substr(32, head - 32));
    for (std::size_t i = 0; i < sections; ++i) {
      std::uint64_t offset = 0, length = 0;
      std::memcpy(&offset, bytes.data() + 48 + i * 24, 8);
      std::memcpy(&length, bytes.data() + 56 + i * 24, 8);
      if (offset <= size && length <= size - offset) sum = checksum(std::string_view(bytes).substr(offset, length), sum);
    }
    std::memcpy(bytes.data() + 24, &sum, 8);
  }
  const auto file = File::of_bytes(bytes, key < 4096 && head <= size ? bytes.substr(48 + sections * 24, key) : "k");
  if (!file) return 0;
  std::size_t read = 0;
  for (const char* name : {"a", "b", "numbers", "name"}) {
    if (const auto numbers = file->array<std::uint32_t>(name)) {
      for (const std::uint32_t number : *numbers) read += number;
    }
    if (const auto text = file->text(name)) read += text->size();
  }
  if (read == 0xFFFFFFFFFFFFULL) std::abort();
  return 0;
}
