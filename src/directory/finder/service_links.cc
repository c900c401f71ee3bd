// SPDX-License-Identifier: EUPL-1.2
#include "directory/finder/service_links.h"

#include <algorithm>
#include <array>

#include "base/check.h"

namespace verbund::directory::finder {

// Mostly in order already: what a block holds, then what was added.
void ServiceLinks::sort(std::vector<Link>& links) {
  const auto before = [](const Link& a, const Link& b) {
    if (a.area != b.area) return a.area < b.area;
    if (a.kind != b.kind) return a.kind < b.kind;
    return a.role != b.role ? a.role < b.role : a.holder < b.holder;
  };
  const auto middle = std::is_sorted_until(links.begin(), links.end(), before);
  std::sort(middle, links.end(), before);
  std::inplace_merge(links.begin(), middle, links.end(), before);
}

std::vector<std::uint32_t> ServiceLinks::write(const std::vector<Link>& shown, const std::vector<Link>& asleep) {
  std::vector<std::uint32_t> out;
  if (shown.empty() && asleep.empty()) return out;

  std::array<std::uint32_t, 256> uses{};
  for (const Link& link : shown) uses[link.role] += link.kind == HolderKind::unit ? 1 : 0;
  const auto usual = static_cast<std::uint8_t>(std::max_element(uses.begin(), uses.end()) - uses.begin());

  std::vector<std::uint32_t> areas, slots, lists;
  for (std::size_t i = 0; i < shown.size();) {
    std::size_t end = i + 1;
    while (end < shown.size() && shown[end].area == shown[i].area) ++end;
    areas.push_back(shown[i].area);
    if (end == i + 1 && shown[i].kind == HolderKind::unit && shown[i].role == usual) {
      slots.push_back(shown[i].packed());
    } else {
      slots.push_back(listed | static_cast<std::uint32_t>(lists.size()));
      lists.push_back(static_cast<std::uint32_t>(end - i));
      for (std::size_t j = i; j < end; ++j) {
        lists.push_back(shown[j].packed());
        lists.push_back(shown[j].role);
      }
    }
    i = end;
  }

  const bool as_bitmap = areas.size() > list_at_most;
  const std::uint32_t bitmap_words = as_bitmap ? areas.back() / 64 + 1 : 0;
  out.reserve(head_words + (as_bitmap ? bitmap_words * 3 : areas.size()) + slots.size() + lists.size() +
              asleep.size() * 3 + 1);
  out = {static_cast<std::uint32_t>(areas.size()), as_bitmap ? 1U : 0U, usual, 0, 0, bitmap_words};
  if (as_bitmap) {
    out.resize(head_words + bitmap_words * 3, 0);
    for (const std::uint32_t area : areas) out[head_words + area / 32] |= 1U << (area % 32);
    std::uint32_t before = 0;
    for (std::uint32_t at = 0; at < bitmap_words; ++at) {
      out[head_words + bitmap_words * 2 + at] = before;
      for (const std::uint32_t half : {out[head_words + at * 2], out[head_words + at * 2 + 1]}) before += count(half);
    }
  } else {
    out.insert(out.end(), areas.begin(), areas.end());
  }
  out.insert(out.end(), slots.begin(), slots.end());
  out[3] = static_cast<std::uint32_t>(out.size());
  out.insert(out.end(), lists.begin(), lists.end());
  out[4] = static_cast<std::uint32_t>(out.size());
  out.push_back(static_cast<std::uint32_t>(asleep.size()));
  for (const Link& link : asleep) out.insert(out.end(), {link.area, link.packed(), link.role});
  return out;
}

bool ServiceLinks::any_between(std::uint32_t begin, std::uint32_t end) const {
  if (words_ == nullptr || begin >= end) return false;
  if (!bitmap()) {
    const std::uint32_t *first = words_ + head_words, *last = first + words_[0];
    const std::uint32_t* at = std::lower_bound(first, last, begin);
    return at != last && *at < end;
  }
  end = std::min(end, words_[5] * 64);
  for (std::uint32_t at = begin / 64; at * 64 < end; ++at) {
    std::uint64_t word = bits(at);
    if (at == begin / 64) word &= ~std::uint64_t{0} << (begin % 64);
    if (end < (at + 1) * 64) word &= (std::uint64_t{1} << (end % 64)) - 1;
    if (word != 0) return true;
  }
  return false;
}

std::vector<std::uint32_t> ServiceLinks::area_list() const {
  if (words_ == nullptr) return {};
  if (!bitmap()) return {words_ + head_words, words_ + head_words + words_[0]};
  std::vector<std::uint32_t> out;
  out.reserve(words_[0]);
  for (std::uint32_t at = 0; at < words_[5]; ++at) {
    for (std::uint64_t word = bits(at); word != 0; word &= word - 1) {
      out.push_back(at * 64 + static_cast<std::uint32_t>(std::countr_zero(word)));
    }
  }
  return out;
}

std::vector<Link> ServiceLinks::all() const {
  std::vector<Link> out;
  out.reserve(width());
  each([&](const Link& link) { out.push_back(link); });
  return out;
}

}  // namespace verbund::directory::finder
