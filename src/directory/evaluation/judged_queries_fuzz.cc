// SPDX-License-Identifier: EUPL-1.2
// Arbitrary bytes as a file of queries: no crash; what is read holds what the header promises.
#include <cstdint>

#include "base/check.h"
#include "base/text.h"
#include "directory/evaluation/judged_queries.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund;
  const auto queries = directory::read_judged_queries({reinterpret_cast<const char*>(data), size});
  if (!queries) {
    VERBUND_CHECK(!queries.error().where.empty());
    return 0;
  }
  std::size_t line = 0;
  for (const directory::JudgedQuery& query : *queries) {
    VERBUND_CHECK(!query.query.empty() && is_utf8(query.query));
    VERBUND_CHECK(query.line > line);
    line = query.line;
    for (const std::string& id : query.relevant) VERBUND_CHECK(!id.empty());
  }
  return 0;
}
