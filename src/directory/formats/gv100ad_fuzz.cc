// SPDX-License-Identifier: EUPL-1.2
// Any bytes as a list of areas: an error or areas that keep what AreaStore asks for.
#include <set>
#include <sstream>

#include "base/check.h"
#include "base/text.h"
#include "directory/formats/gv100ad.h"
#include "directory/formats/lines.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund;
  using namespace verbund::directory;
  const std::string bytes(data, data + size);
  std::istringstream in(bytes);
  GvAreas gathered;
  (void)read_lines(in, "fuzz", [&](std::string_view line, std::size_t) -> Result<void> {
    auto record = parse_gv_record(is_utf8(line) ? std::string(line) : latin1_to_utf8(line));
    if (record && *record) {
      VERBUND_CHECK(is_utf8((*record)->name) && !(*record)->name.empty());
      (void)gathered.add(**record);
    }
    return {};
  });
  auto areas = gathered.finish();
  if (!areas) return 0;
  std::set<AreaKey> keys;
  for (const auto& area : *areas) {
    VERBUND_CHECK(keys.insert(area.key).second);
    VERBUND_CHECK(area.top_level <= area.level);
    VERBUND_CHECK(area.population >= 0 && area.hectares >= 0);
  }
  return 0;
}
