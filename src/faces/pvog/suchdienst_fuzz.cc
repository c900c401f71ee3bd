// SPDX-License-Identifier: EUPL-1.2
// Parameters and tokens of strangers: read or refused.
#include <cstdint>
#include <cstdlib>

#include "base/text.h"
#include "faces/pvog/parameters.h"
#include "faces/pvog/token.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace verbund;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  if (const auto id = pvog::read_token(bytes)) {
    if (pvog::make_token(*id) != bytes) std::abort();
  }
  if (!is_utf8(bytes)) return 0;
  http::Request request;
  request.headers["accept-language"] = bytes;
  for (const char* name : {"page", "size", "leikaIds", "q", "validDate"}) request.query.emplace_back(name, bytes);
  if (const auto paging = pvog::read_paging(request); paging && (paging->size < 1 || paging->size > 1000)) std::abort();
  if (const auto keys = pvog::read_keys(request); keys && keys->size() > 100) std::abort();
  if (const auto query = pvog::read_query(request); query && (query->empty() || !is_utf8(*query))) std::abort();
  (void)pvog::read_day(request);
  const std::string language = pvog::language_of(request);
  if (language != "de" && language != "en") std::abort();
  return 0;
}
