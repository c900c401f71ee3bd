// SPDX-License-Identifier: EUPL-1.2
// SHA-256 (FIPS 180-4) of bytes that come piece by piece: of files that do not fit into memory.
#pragma once

#include <memory>
#include <string_view>

#include "kits/crypto/digest.h"

namespace verbund::crypto {

class Hasher {
 public:
  Hasher();
  ~Hasher();
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;

  void add(std::string_view bytes);
  // Of all that was added. Nothing is added afterwards.
  Digest finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace verbund::crypto
