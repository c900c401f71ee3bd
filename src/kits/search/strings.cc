// SPDX-License-Identifier: EUPL-1.2
#include "kits/search/strings.h"

#include <bit>

namespace verbund::search {

Result<void> check_offsets(std::span<const std::uint32_t> begin, std::size_t lists, std::size_t end, const char* what) {
  bool fine = begin.size() == lists + 1 && begin.front() == 0 && begin.back() == end;
  for (std::size_t i = 1; fine && i < begin.size(); ++i) fine = begin[i - 1] <= begin[i];
  if (!fine) return fail(ErrorCode::invalid, std::string("damaged search index: offsets of ") + what);
  return {};
}

Result<void> check_below(std::span<const std::uint32_t> numbers, std::size_t bound, const char* what) {
  std::uint32_t most = 0;
  for (const std::uint32_t number : numbers) most = std::max(most, number);
  if (!numbers.empty() && most >= bound) {
    return fail(ErrorCode::invalid, std::string("damaged search index: numbers of ") + what);
  }
  return {};
}

Result<void> StringTable::load(const flat::File& file, const std::string& name) {
  if (auto read = file.read(name + ".begin", begin_, name + ".text", text_); !read) return read;
  if (begin_.empty()) return fail(ErrorCode::invalid, "damaged search index: offsets of " + name);
  return check_offsets(begin_, begin_.size() - 1, text_.size(), name.c_str());
}

Result<void> HashSlots::load(const flat::File& file, const std::string& name, std::uint32_t count) {
  if (auto read = file.read(name, slots_); !read) return read;
  std::size_t used = 0;
  bool fine = std::has_single_bit(slots_.size());
  for (const Slot& slot : slots_) {
    used += slot.number != none ? 1 : 0;
    fine = fine && (slot.number == none || slot.number < count);
  }
  if (!fine || used >= slots_.size()) return fail(ErrorCode::invalid, "damaged search index: slots of " + name);
  return {};
}

}  // namespace verbund::search
