// SPDX-License-Identifier: EUPL-1.2
// Whatever bytes a catalogue delivers as a signature: read or refused.
#include <cstdint>
#include <cstdlib>

#include "directory/destinations/destination_test_support.h"
#include "directory/destinations/destinations.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund::directory;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const std::string& text : {std::string(bytes), testing::jws(bytes)}) {
    if (const auto found = read_destination(text)) {
      if (found->id.size() != 36 || read_destination(found->signature) != found) std::abort();
    }
  }
  return 0;
}
