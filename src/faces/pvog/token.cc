// SPDX-License-Identifier: EUPL-1.2
#include "faces/pvog/token.h"

#include <algorithm>

#include "base/text.h"
#include "kits/crypto/base64.h"

namespace verbund::pvog {

std::string make_token(std::string_view last_id) {
  std::string out = crypto::to_base64(last_id);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  while (out.ends_with('=')) out.pop_back();
  return out;
}

std::optional<std::string> read_token(std::string_view token) {
  if (token.empty() || token.size() > 512 || token.find_first_of("+/=") != token.npos) return std::nullopt;
  std::string standard(token);
  std::replace(standard.begin(), standard.end(), '-', '+');
  std::replace(standard.begin(), standard.end(), '_', '/');
  standard.append((4 - standard.size() % 4) % 4, '=');
  auto out = crypto::from_base64(standard);
  if (!out || !is_utf8(*out)) return std::nullopt;
  return out;
}

}  // namespace verbund::pvog
