// SPDX-License-Identifier: EUPL-1.2
// Reading a list element by element gives what reading the whole document gives.
#include <unistd.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>

#include "base/check.h"
#include "kits/json/json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using verbund::Json;
  static const std::string path =
      std::filesystem::temp_directory_path() / ("verbund-stream-fuzz-" + std::to_string(getpid()));
  std::FILE* file = std::fopen(path.c_str(), "wb");
  VERBUND_CHECK(file != nullptr);
  std::fwrite(data, 1, size, file);
  std::fclose(file);

  Json streamed = Json::array({});
  const auto done = verbund::read_json_array(path, "a", [&](Json element, std::size_t) -> verbund::Result<void> {
    streamed.push(std::move(element));
    return {};
  });
  std::filesystem::remove(path);

  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto whole = verbund::parse_json(text, "fuzz");
  if (!whole) return 0;  // what is skipped in a stream may hold the same key twice, for instance
  const Json& list = whole->if_array() ? *whole : (*whole)["a"];
  VERBUND_CHECK(done.has_value() == (list.if_array() != nullptr));
  VERBUND_CHECK(!done || streamed == list);
  return 0;
}
