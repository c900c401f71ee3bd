// SPDX-License-Identifier: EUPL-1.2
// Who does one service where, in one block of 32-bit words: the areas as a sorted list (few) or as a bitmap with ranks
// (many), a slot per area in the order of the areas, and lists for areas with more than one usual unit.
//
// Words: [areas, form, usual role, lists, asleep, words of the bitmap], then per form
//   list:   the areas, ascending
//   bitmap: pairs of words of 64 bits, low half first; then per 64 bits how many areas are before them
// then a slot per area: the unit with the usual role, or `listed` + where in lists; then the lists (count, then holder
// and role each); then the entries asleep (area, holder, role each).
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <span>
#include <vector>

namespace verbund::directory::finder {

// text: the service itself says that it is valid there.
enum class HolderKind : std::uint8_t { unit, online_service, specialisation, text };

struct Link {
  std::uint32_t area;                       // number, or nowhere
  std::uint32_t holder = 0;                 // < 2^30; 0 for text
  HolderKind kind = HolderKind::text;
  std::uint8_t role = 0;                    // units only
  auto operator<=>(const Link&) const = default;

  static constexpr std::uint32_t nowhere = UINT32_MAX;
  std::uint32_t packed() const { return holder | static_cast<std::uint32_t>(kind) << 30; }
  static HolderKind kind_of(std::uint32_t packed) { return static_cast<HolderKind>(packed >> 30); }
  static std::uint32_t holder_of(std::uint32_t packed) { return packed & ((1U << 30) - 1); }
};

// A view of a block.
class ServiceLinks {
 public:
  static constexpr std::size_t head_words = 6;
  static constexpr std::size_t list_at_most = 96;   // areas; from there on a bitmap is quicker and hardly larger

  ServiceLinks() = default;
  explicit ServiceLinks(const std::uint32_t* words) : words_(words) {}
  bool known() const { return words_ != nullptr; }

  std::uint32_t areas() const { return words_ == nullptr ? 0 : words_[0]; }
  // How many links are awake, over all areas; in constant time, at most one for each area with several too few.
  std::uint32_t width() const {
    return words_ == nullptr ? 0 : std::max(words_[0], (words_[4] - words_[3]) / 2);
  }

  // Calls each(packed holder, role) for what is awake at exactly this area.
  template <typename Each>
  void at(std::uint32_t area, const Each& each) const {
    const std::uint32_t slot = slot_of(area);
    if (slot == none) return;
    const std::uint32_t value = slots()[slot];
    if ((value & listed) == 0) return each(value, static_cast<std::uint8_t>(words_[2]));
    const std::uint32_t* list = words_ + words_[3] + (value & ~listed);
    for (std::uint32_t i = 0; i < list[0]; ++i) each(list[1 + 2 * i], static_cast<std::uint8_t>(list[2 + 2 * i]));
  }
  // Calls each(Link) for everything, awake or not: nothing is copied, and a service may have 100,000.
  template <typename Each>
  void each(const Each& each) const {
    if (words_ == nullptr) return;
    const std::uint32_t* slot = slots();
    const auto of_area = [&](std::uint32_t area) {
      const std::uint32_t value = *slot++;
      const auto say = [&](std::uint32_t packed, std::uint32_t role) {
        each(Link{area, Link::holder_of(packed), Link::kind_of(packed), static_cast<std::uint8_t>(role)});
      };
      if ((value & listed) == 0) return say(value, words_[2]);
      const std::uint32_t* list = words_ + words_[3] + (value & ~listed);
      for (std::uint32_t i = 0; i < list[0]; ++i) say(list[1 + 2 * i], list[2 + 2 * i]);
    };
    if (bitmap()) {
      for (std::uint32_t at = 0; at < words_[5]; ++at) {
        for (std::uint64_t word = bits(at); word != 0; word &= word - 1) {
          of_area(at * 64 + static_cast<std::uint32_t>(std::countr_zero(word)));
        }
      }
    } else {
      for (std::uint32_t i = 0; i < words_[0]; ++i) of_area(words_[head_words + i]);
    }
    const std::uint32_t* asleep = words_ + words_[4];
    for (std::uint32_t i = 0; i < asleep[0]; ++i) {
      const std::uint32_t* link = asleep + 1 + i * 3;
      each(Link{link[0], Link::holder_of(link[1]), Link::kind_of(link[1]), static_cast<std::uint8_t>(link[2])});
    }
  }
  bool has(std::uint32_t area) const { return slot_of(area) != none; }
  bool any_between(std::uint32_t begin, std::uint32_t end) const;
  // Everything, awake or not.
  std::vector<Link> all() const;
  // Areas with something awake, ascending.
  std::vector<std::uint32_t> area_list() const;

  // `links`: everything, the same one twice if two objects say it. `awake(link)`: its holder is there. The first of equal
  // awake links counts, further ones sleep. Empty if there are none.
  template <typename Awake>
  static std::vector<std::uint32_t> make(std::vector<Link> links, const Awake& awake) {
    sort(links);
    std::vector<Link> shown, asleep;
    shown.reserve(links.size());
    for (std::size_t i = 0; i < links.size(); ++i) {
      const bool again = !shown.empty() && shown.back() == links[i];
      if (links[i].area == Link::nowhere || again || !awake(links[i])) {
        asleep.push_back(links[i]);
      } else {
        shown.push_back(links[i]);
      }
    }
    return write(shown, asleep);
  }

 private:
  static constexpr std::uint32_t none = UINT32_MAX;
  static constexpr std::uint32_t listed = 1U << 31;   // a unit alone has kind 0 and its number below 2^30

  static void sort(std::vector<Link>& links);
  static std::vector<std::uint32_t> write(const std::vector<Link>& shown, const std::vector<Link>& asleep);

  bool bitmap() const { return words_[1] != 0; }
  const std::uint32_t* slots() const {
    return words_ + head_words + (bitmap() ? words_[5] * 3 : words_[0]);
  }
  std::uint64_t bits(std::uint32_t at) const {
    const std::uint32_t* pair = words_ + head_words + at * 2;
    return pair[0] | std::uint64_t{pair[1]} << 32;
  }
  static std::uint32_t count(std::uint64_t bits) {   // the library call without the instruction costs more
    bits -= (bits >> 1) & 0x5555555555555555ULL;
    bits = (bits & 0x3333333333333333ULL) + ((bits >> 2) & 0x3333333333333333ULL);
    return static_cast<std::uint32_t>((((bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fULL) * 0x0101010101010101ULL) >> 56);
  }
  std::uint32_t slot_of(std::uint32_t area) const {
    if (words_ == nullptr) return none;
    if (bitmap()) {
      const std::uint32_t at = area / 64;
      if (at >= words_[5]) return none;
      const std::uint64_t word = bits(at), bit = std::uint64_t{1} << (area % 64);
      if ((word & bit) == 0) return none;
      return words_[head_words + words_[5] * 2 + at] + count(word & (bit - 1));
    }
    const std::uint32_t* first = words_ + head_words;
    std::uint32_t low = 0;
    for (std::uint32_t left = words_[0]; left > 0;) {
      const std::uint32_t half = left / 2;
      const bool after = first[low + half] < area;
      low = after ? low + half + 1 : low;
      left = after ? left - half - 1 : half;
    }
    return low < words_[0] && first[low] == area ? low : none;
  }

  const std::uint32_t* words_ = nullptr;
};

}  // namespace verbund::directory::finder
