// SPDX-License-Identifier: EUPL-1.2
#include "kits/qr/qr.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace verbund::qr {
namespace {

constexpr int most_version = 15;
// Level M, by version from 1. Source: ISO/IEC 18004, table 9.
constexpr std::array<int, most_version> check_bytes_of_block = {10, 16, 26, 18, 24, 16, 18, 22,
                                                                22, 26, 30, 22, 22, 24, 24};
constexpr std::array<int, most_version> blocks = {1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10};

using Bytes = std::vector<std::uint8_t>;

int side(int version) { return version * 4 + 17; }

// Where alignment patterns have their centres, both ways. Source: annex E.
std::vector<int> alignments(int version) {
  if (version == 1) return {};
  const int count = version / 7 + 2;
  const int step = (version * 8 + count * 3 + 5) / (count * 4 - 4) * 2;
  std::vector<int> out(static_cast<std::size_t>(count), 6);
  for (int i = count - 1, at = side(version) - 7; i >= 1; --i, at -= step) out[static_cast<std::size_t>(i)] = at;
  return out;
}

// Modules left for data and check bytes, in whole bytes.
int raw_bytes(int version) {
  int modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const int count = version / 7 + 2;
    modules -= (25 * count - 10) * count - 55;
    if (version >= 7) modules -= 36;
  }
  return modules / 8;
}

int data_bytes(int version) {
  const auto at = static_cast<std::size_t>(version - 1);
  return raw_bytes(version) - check_bytes_of_block[at] * blocks[at];
}

// In the field with 256 elements of x^8 + x^4 + x^3 + x^2 + 1.
std::uint8_t times(std::uint8_t a, std::uint8_t b) {
  int product = 0;
  for (int bit = 7; bit >= 0; --bit) {
    product = (product << 1) ^ ((product >> 7) * 0x11D);
    product ^= ((b >> bit) & 1) * a;
  }
  return static_cast<std::uint8_t>(product);
}

// Reed-Solomon: the generator polynomial without its leading 1, and the remainder of the data divided by it.
Bytes generator(int degree) {
  Bytes out(static_cast<std::size_t>(degree), 0);
  out.back() = 1;
  std::uint8_t root = 1;
  for (int i = 0; i < degree; ++i) {
    for (std::size_t j = 0; j < out.size(); ++j) {
      out[j] = times(out[j], root);
      if (j + 1 < out.size()) out[j] ^= out[j + 1];
    }
    root = times(root, 2);
  }
  return out;
}

Bytes check_bytes(const Bytes& data, const Bytes& divisor) {
  Bytes out(divisor.size(), 0);
  for (const std::uint8_t byte : data) {
    const auto factor = static_cast<std::uint8_t>(byte ^ out.front());
    out.erase(out.begin());
    out.push_back(0);
    for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= times(divisor[i], factor);
  }
  return out;
}

// Mode, length, the bytes, an end, and padding up to what the version holds.
Bytes data_of(std::string_view text, int version) {
  std::vector<bool> bits;
  const auto put = [&](unsigned value, int count) {
    for (int i = count - 1; i >= 0; --i) bits.push_back(((value >> i) & 1) != 0);
  };
  put(4, 4);
  put(static_cast<unsigned>(text.size()), version < 10 ? 8 : 16);
  for (const char c : text) put(static_cast<unsigned char>(c), 8);
  const auto room = static_cast<std::size_t>(data_bytes(version)) * 8;
  put(0, static_cast<int>(std::min<std::size_t>(4, room - bits.size())));
  while (bits.size() % 8 != 0) bits.push_back(false);
  Bytes out;
  for (std::size_t i = 0; i < bits.size(); i += 8) {
    unsigned byte = 0;
    for (std::size_t j = 0; j < 8; ++j) byte = byte << 1 | (bits[i + j] ? 1U : 0U);
    out.push_back(static_cast<std::uint8_t>(byte));
  }
  for (std::uint8_t pad = 0xEC; out.size() < room / 8; pad ^= 0xEC ^ 0x11) out.push_back(pad);
  return out;
}

// The data in blocks with their check bytes, interleaved.
Bytes interleaved(const Bytes& data, int version) {
  const auto at = static_cast<std::size_t>(version - 1);
  const auto count = static_cast<std::size_t>(blocks[at]);
  const auto raw = static_cast<std::size_t>(raw_bytes(version));
  const auto checks = static_cast<std::size_t>(check_bytes_of_block[at]);
  const std::size_t short_blocks = count - raw % count, short_data = raw / count - checks;
  const Bytes divisor = generator(check_bytes_of_block[at]);
  std::vector<Bytes> data_blocks, check_blocks;
  for (std::size_t i = 0, begin = 0; i < count; ++i) {
    const std::size_t size = short_data + (i < short_blocks ? 0 : 1);
    data_blocks.emplace_back(data.begin() + static_cast<std::ptrdiff_t>(begin),
                             data.begin() + static_cast<std::ptrdiff_t>(begin + size));
    check_blocks.push_back(check_bytes(data_blocks.back(), divisor));
    begin += size;
  }
  Bytes out;
  for (std::size_t i = 0; i <= short_data; ++i) {
    for (const Bytes& block : data_blocks) {
      if (i < block.size()) out.push_back(block[i]);
    }
  }
  for (std::size_t i = 0; i < checks; ++i) {
    for (const Bytes& block : check_blocks) out.push_back(block[i]);
  }
  return out;
}

}  // namespace

// Draws what every code has, then the bytes, then picks the mask.
class Drawing {
 public:
  Drawing(int version, const Bytes& bytes) : version_(version), size_(side(version)) {
    code_.size_ = size_;
    code_.modules_.assign(static_cast<std::size_t>(size_ * size_), 0);
    fixed_ = code_.modules_;
    draw_fixed();
    draw_bytes(bytes);
  }

  Code best() {
    long least = -1;
    int chosen = 0;
    for (int mask = 0; mask < 8; ++mask) {
      apply(mask);
      draw_format(mask);
      const long penalty = count_penalty();
      if (least < 0 || penalty < least) {
        least = penalty;
        chosen = mask;
      }
      apply(mask);   // twice is never
    }
    apply(chosen);
    draw_format(chosen);
    return code_;
  }

 private:
  std::uint8_t& at(int x, int y) { return code_.modules_[static_cast<std::size_t>(y * size_ + x)]; }
  bool dark(int x, int y) const { return code_.dark(x, y); }
  void fix(int x, int y, bool is_dark) {
    at(x, y) = is_dark ? 1 : 0;
    fixed_[static_cast<std::size_t>(y * size_ + x)] = 1;
  }

  void draw_fixed() {
    for (int i = 0; i < size_; ++i) {
      fix(6, i, i % 2 == 0);
      fix(i, 6, i % 2 == 0);
    }
    for (const auto& [x, y] : {std::pair(3, 3), std::pair(size_ - 4, 3), std::pair(3, size_ - 4)}) draw_finder(x, y);
    const std::vector<int> centres = alignments(version_);
    for (std::size_t i = 0; i < centres.size(); ++i) {
      for (std::size_t j = 0; j < centres.size(); ++j) {
        const bool left = i == 0, right = i + 1 == centres.size(), top = j == 0, bottom = j + 1 == centres.size();
        const bool corner = (left && top) || (left && bottom) || (right && top);
        if (!corner) draw_alignment(centres[i], centres[j]);
      }
    }
    draw_format(0);   // keeps the room; the real one comes with the mask
    draw_version();
  }
  void draw_finder(int x, int y) {
    for (int dy = -4; dy <= 4; ++dy) {
      for (int dx = -4; dx <= 4; ++dx) {
        const int far = std::max(std::abs(dx), std::abs(dy)), xx = x + dx, yy = y + dy;
        if (xx >= 0 && xx < size_ && yy >= 0 && yy < size_) fix(xx, yy, far != 2 && far != 4);
      }
    }
  }
  void draw_alignment(int x, int y) {
    for (int dy = -2; dy <= 2; ++dy) {
      for (int dx = -2; dx <= 2; ++dx) fix(x + dx, y + dy, std::max(std::abs(dx), std::abs(dy)) != 1);
    }
  }
  // Level M is 00. Source: annex C.
  void draw_format(int mask) {
    int rest = mask;
    for (int i = 0; i < 10; ++i) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const int bits = (mask << 10 | rest) ^ 0x5412;
    const auto bit = [&](int i) { return ((bits >> i) & 1) != 0; };
    for (int i = 0; i <= 5; ++i) fix(8, i, bit(i));
    fix(8, 7, bit(6));
    fix(8, 8, bit(7));
    fix(7, 8, bit(8));
    for (int i = 9; i < 15; ++i) fix(14 - i, 8, bit(i));
    for (int i = 0; i < 8; ++i) fix(size_ - 1 - i, 8, bit(i));
    for (int i = 8; i < 15; ++i) fix(8, size_ - 15 + i, bit(i));
    fix(8, size_ - 8, true);
  }
  // Source: annex D.
  void draw_version() {
    if (version_ < 7) return;
    int rest = version_;
    for (int i = 0; i < 12; ++i) rest = (rest << 1) ^ ((rest >> 11) * 0x1F25);
    const long bits = static_cast<long>(version_) << 12 | rest;
    for (int i = 0; i < 18; ++i) {
      const bool is_dark = ((bits >> i) & 1) != 0;
      const int a = size_ - 11 + i % 3, b = i / 3;
      fix(a, b, is_dark);
      fix(b, a, is_dark);
    }
  }
  // In columns of two, from the right, up and down by turns.
  void draw_bytes(const Bytes& bytes) {
    std::size_t bit = 0;
    for (int right = size_ - 1; right >= 1; right -= 2) {
      if (right == 6) right = 5;
      for (int step = 0; step < size_; ++step) {
        for (int j = 0; j < 2; ++j) {
          const int x = right - j;
          const bool up = ((right + 1) & 2) == 0;
          const int y = up ? size_ - 1 - step : step;
          if (fixed_[static_cast<std::size_t>(y * size_ + x)] != 0 || bit >= bytes.size() * 8) continue;
          at(x, y) = (bytes[bit / 8] >> (7 - bit % 8)) & 1;
          ++bit;
        }
      }
    }
  }
  void apply(int mask) {
    for (int y = 0; y < size_; ++y) {
      for (int x = 0; x < size_; ++x) {
        if (fixed_[static_cast<std::size_t>(y * size_ + x)] != 0) continue;
        bool invert = false;
        switch (mask) {
          case 0: invert = (x + y) % 2 == 0; break;
          case 1: invert = y % 2 == 0; break;
          case 2: invert = x % 3 == 0; break;
          case 3: invert = (x + y) % 3 == 0; break;
          case 4: invert = (x / 3 + y / 2) % 2 == 0; break;
          case 5: invert = x * y % 2 + x * y % 3 == 0; break;
          case 6: invert = (x * y % 2 + x * y % 3) % 2 == 0; break;
          default: invert = ((x + y) % 2 + x * y % 3) % 2 == 0; break;
        }
        if (invert) at(x, y) ^= 1;
      }
    }
  }

  // Runs of one colour, blocks, what looks like a finder pattern, too much of one colour. Source: 7.8.3.
  long count_penalty() const {
    long out = 0, dark_modules = 0;
    for (int line = 0; line < size_; ++line) {
      out += line_penalty([&](int i) { return dark(i, line); }) + line_penalty([&](int i) { return dark(line, i); });
    }
    for (int y = 0; y < size_; ++y) {
      for (int x = 0; x < size_; ++x) {
        dark_modules += dark(x, y) ? 1 : 0;
        if (x + 1 == size_ || y + 1 == size_) continue;
        const bool here = dark(x, y);
        if (here == dark(x + 1, y) && here == dark(x, y + 1) && here == dark(x + 1, y + 1)) out += 3;
      }
    }
    const long all = static_cast<long>(size_) * size_;
    return out + (std::labs(dark_modules * 20 - all * 10) + all - 1) / all * 10 - 10;
  }
  template <typename Module>
  long line_penalty(const Module& module) const {
    long out = 0;
    for (int i = 0; i < size_;) {
      int end = i + 1;
      while (end < size_ && module(end) == module(i)) ++end;
      if (end - i >= 5) out += 3 + (end - i - 5);
      i = end;
    }
    static constexpr std::array<bool, 7> finder = {true, false, true, true, true, false, true};
    for (int i = 0; i + 7 <= size_; ++i) {
      bool same = true;
      for (int j = 0; j < 7 && same; ++j) same = module(i + j) == finder[static_cast<std::size_t>(j)];
      if (!same) continue;
      const auto light = [&](int from, int to) {
        for (int j = from; j < to; ++j) {
          if (j >= 0 && j < size_ && module(j)) return false;
        }
        return true;
      };
      out += (light(i - 4, i) ? 40 : 0) + (light(i + 7, i + 11) ? 40 : 0);
    }
    return out;
  }

  const int version_, size_;
  Code code_;
  std::vector<std::uint8_t> fixed_;
};

Result<Code> encode(std::string_view bytes) {
  for (int version = 1; version <= most_version; ++version) {
    const std::size_t head = version < 10 ? 12 : 20;
    if (head + bytes.size() * 8 > static_cast<std::size_t>(data_bytes(version)) * 8) continue;
    return Drawing(version, interleaved(data_of(bytes, version), version)).best();
  }
  return fail(ErrorCode::too_large, "a QR code here holds at most " + std::to_string(most_bytes) + " bytes");
}

std::string Code::svg(std::string_view title) const {
  const std::string side_text = std::to_string(size_ + 8);
  std::string out = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 " + side_text + " " + side_text +
                    "\" role=\"img\" shape-rendering=\"crispEdges\"><title>";
  for (const char c : title) {
    if (c == '<') out += "&lt;";
    else if (c == '&') out += "&amp;";
    else if (static_cast<unsigned char>(c) >= 0x20) out += c;
  }
  out += "</title><rect width=\"100%\" height=\"100%\" fill=\"#fff\"/><path d=\"";
  for (int y = 0; y < size_; ++y) {
    for (int x = 0; x < size_;) {
      int end = x;
      while (end < size_ && dark(end, y)) ++end;
      if (end > x) {
        out += "M" + std::to_string(x + 4) + " " + std::to_string(y + 4) + "h" + std::to_string(end - x) + "v1h-" +
               std::to_string(end - x) + "z";
      }
      x = std::max(end, x + 1);
    }
  }
  return out + "\"/></svg>";
}

}  // namespace verbund::qr
