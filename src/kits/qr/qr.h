// SPDX-License-Identifier: EUPL-1.2
// QR codes: a text as a square of dark and light modules. Source: ISO/IEC 18004 (byte mode, error correction level M,
// versions 1 to 15, all eight masks tried).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace verbund::qr {

inline constexpr std::size_t most_bytes = 412;

class Code {
 public:
  int size() const { return size_; }                  // modules of a side, without the quiet zone
  // Requires: 0 <= x, y < size().
  bool dark(int x, int y) const { return modules_[static_cast<std::size_t>(y * size_ + x)] != 0; }
  // An SVG image of its own with a quiet zone of four modules, dark on white. `title`: plain text for its title.
  std::string svg(std::string_view title) const;

 private:
  friend class Drawing;
  int size_ = 0;
  std::vector<std::uint8_t> modules_;
};

// Errors: too_large (over most_bytes).
Result<Code> encode(std::string_view bytes);

}  // namespace verbund::qr
