// SPDX-License-Identifier: EUPL-1.2
// The id of a message that says a state. Internal to formats.
#pragma once

#include <string>
#include <string_view>

namespace verbund::directory {

// RFC 9562 version 8: of our own making, here the digest of what the message holds. Requires: 32 digits or more.
inline std::string message_uuid(std::string_view digest) {
  std::string id(digest.substr(0, 32));
  id[12] = '8';
  id[16] = 'a';
  for (const std::size_t at : {8u, 13u, 18u, 23u}) id.insert(at, "-");
  return id;
}

}  // namespace verbund::directory
