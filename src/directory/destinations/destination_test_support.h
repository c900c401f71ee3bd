// SPDX-License-Identifier: EUPL-1.2
// For tests: signatures of the right form that nobody signed.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "kits/crypto/base64.h"

namespace verbund::directory::testing {

inline std::string base64url(std::string_view bytes) {
  std::string out = crypto::to_base64(bytes);
  std::replace(out.begin(), out.end(), '+', '-');
  std::replace(out.begin(), out.end(), '/', '_');
  while (out.ends_with('=')) out.pop_back();
  return out;
}
inline std::string jws(std::string_view payload) {
  return base64url(R"({"alg":"PS512","kid":"test","typ":"jwt"})") + "." + base64url(payload) + "." +
         base64url("not signed");
}
inline std::string signature(std::string_view destination) {
  return jws(R"({"destinationId":")" + std::string(destination) + R"(","iss":"https://portal.example"})");
}

}  // namespace verbund::directory::testing
