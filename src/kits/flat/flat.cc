// SPDX-License-Identifier: EUPL-1.2
// Format, all numbers little-endian:
//   0  magic "VFLAT\r\n\0"    8  u32 version     12  u32 number of sections
//   16 u64 size of the file   24 u64 checksum of everything from byte 32 on
//   32 u64 length of the key  40 u64 length of all names
//   48 per section: u64 offset, u64 size in bytes, u32 size of an element, u32 length of the name; sorted by name
//      then the key, then the names one after the other; then each section's bytes, aligned to 64.
#include "kits/flat/flat.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <cstring>

#include "base/check.h"

namespace verbund::flat {
namespace {

static_assert(std::endian::native == std::endian::little, "files are mapped as they are");

constexpr std::string_view magic{"VFLAT\r\n\0", 8};
constexpr std::uint32_t version = 1;
constexpr std::size_t head_bytes = 48, entry_bytes = 24, alignment = 64, checked_from = 32;
constexpr std::size_t most_sections = 4096;
constexpr std::uint64_t most_bytes = std::uint64_t{1} << 48;

std::uint64_t aligned(std::uint64_t at) { return (at + alignment - 1) / alignment * alignment; }

template <typename T>
void put(std::string& out, T value) {
  char bytes[sizeof(T)];
  std::memcpy(bytes, &value, sizeof(T));
  out.append(bytes, sizeof(T));
}

template <typename T>
T get(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

constexpr std::uint64_t odd = 0x9e3779b97f4a7c15ULL;

std::uint64_t mix(std::uint64_t lane, std::uint64_t word) { return std::rotl((lane ^ word) * odd, 29); }

}  // namespace

std::uint64_t checksum(std::string_view bytes, std::uint64_t seed) {
  std::uint64_t lanes[8];
  for (std::uint64_t i = 0; i < 8; ++i) lanes[i] = seed + i * odd;
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 64; left -= 64, at += 64) {
    for (std::size_t i = 0; i < 8; ++i) lanes[i] = mix(lanes[i], get<std::uint64_t>(at + i * 8));
  }
  char last[64] = {};
  if (left > 0) std::memcpy(last, at, left);
  for (std::size_t i = 0; i < 8; ++i) lanes[i] = mix(lanes[i], get<std::uint64_t>(last + i * 8));
  std::uint64_t sum = bytes.size();
  for (const std::uint64_t lane : lanes) sum = mix(sum, lane);
  sum ^= sum >> 32;
  sum *= 0xd6e8feb86659fd93ULL;
  return sum ^ (sum >> 32);
}

Writer::Writer(std::string key) : key_(std::move(key)) {}

void Writer::add(std::string_view name, std::string_view data, std::size_t element) {
  VERBUND_CHECK(!name.empty() && name.size() <= 255 && sections_.size() < most_sections && element > 0);
  const auto at = std::lower_bound(sections_.begin(), sections_.end(), name,
                                   [](const Section& section, std::string_view n) { return section.name < n; });
  VERBUND_CHECK(at == sections_.end() || at->name != name);
  sections_.insert(at, {std::string(name), data, element});
}

// Everything before the first section, with the checksum over the whole file.
std::string Writer::head() const {
  std::uint64_t names = 0;
  for (const Section& section : sections_) names += section.name.size();
  std::uint64_t at = head_bytes + sections_.size() * entry_bytes + key_.size() + names;
  std::string out(checked_from, '\0');
  put<std::uint64_t>(out, key_.size());
  put<std::uint64_t>(out, names);
  for (const Section& section : sections_) {
    at = aligned(at);
    put<std::uint64_t>(out, at);
    put<std::uint64_t>(out, section.data.size());
    put<std::uint32_t>(out, static_cast<std::uint32_t>(section.element));
    put<std::uint32_t>(out, static_cast<std::uint32_t>(section.name.size()));
    at += section.data.size();
  }
  VERBUND_CHECK(at < most_bytes);
  out += key_;
  for (const Section& section : sections_) out += section.name;

  // The checksum goes over pieces: head, then each section with its padding in front left out.
  std::uint64_t sum = checksum(std::string_view(out).substr(checked_from));
  for (const Section& section : sections_) sum = checksum(section.data, sum);
  std::string begin(magic);
  put<std::uint32_t>(begin, version);
  put<std::uint32_t>(begin, static_cast<std::uint32_t>(sections_.size()));
  put<std::uint64_t>(begin, at);
  put<std::uint64_t>(begin, sum);
  out.replace(0, checked_from, begin);
  return out;
}

std::string Writer::bytes() const {
  std::string out = head();
  for (const Section& section : sections_) {
    out.resize(aligned(out.size()), '\0');
    out += section.data;
  }
  return out;
}

Result<File> File::check(std::shared_ptr<const char> memory, std::size_t size, std::string_view expected_key,
                         const std::string& where) {
  const auto damaged = [&](const char* what) { return fail(ErrorCode::invalid, std::string("damaged: ") + what, where); };
  const char* const begin = memory.get();
  if (size < head_bytes || std::string_view(begin, magic.size()) != magic) return damaged("not such a file");
  if (get<std::uint32_t>(begin + 8) != version) return fail(ErrorCode::not_found, "written by another version", where);
  const std::size_t sections = get<std::uint32_t>(begin + 12);
  if (sections > most_sections) return damaged("too many sections");
  if (get<std::uint64_t>(begin + 16) != size) return damaged("its size is wrong");
  const auto key_size = get<std::uint64_t>(begin + 32), names_size = get<std::uint64_t>(begin + 40);
  const std::uint64_t fixed = head_bytes + sections * entry_bytes;
  if (fixed > size || key_size > size - fixed || names_size > size - fixed - key_size) {
    return damaged("its head is longer than itself");
  }
  const std::uint64_t head_size = fixed + key_size + names_size;

  File file;
  std::uint64_t name_at = fixed + key_size, last_end = head_size;
  std::uint64_t sum = checksum({begin + checked_from, head_size - checked_from});
  for (std::size_t i = 0; i < sections; ++i) {
    const char* const entry = begin + head_bytes + i * entry_bytes;
    Section section;
    section.offset = get<std::uint64_t>(entry);
    section.size = get<std::uint64_t>(entry + 8);
    section.element = get<std::uint32_t>(entry + 16);
    const std::uint64_t name_size = get<std::uint32_t>(entry + 20);
    if (name_size == 0 || name_size > head_size - name_at) return damaged("a section's name is outside");
    section.name.assign(begin + name_at, name_size);
    name_at += name_size;
    if (!file.sections_.empty() && file.sections_.back().name >= section.name) return damaged("sections out of order");
    if (section.offset != aligned(last_end) || section.offset > size || section.size > size - section.offset) {
      return damaged("a section is outside");
    }
    if (section.element == 0 || section.size % section.element != 0) return damaged("a section ends in an element");
    last_end = section.offset + section.size;
    sum = checksum({begin + section.offset, section.size}, sum);
    file.sections_.push_back(std::move(section));
  }
  if (last_end != size) return damaged("bytes follow the last section");
  if (sum != get<std::uint64_t>(begin + 24)) return damaged("its checksum is wrong");
  if (std::string_view(begin + fixed, key_size) != expected_key) {
    return fail(ErrorCode::not_found, "made from something else", where);
  }
  file.memory_ = std::move(memory);
  file.size_ = size;
  file.where_ = where;
  return file;
}

Result<File> File::of_bytes(std::string_view bytes, std::string_view expected_key) {
  // Sections are aligned to 64 in the file, so the copy has to be as well.
  const std::size_t room = aligned(std::max<std::size_t>(bytes.size(), 1));
  std::shared_ptr<char> memory(static_cast<char*>(std::aligned_alloc(alignment, room)), std::free);
  VERBUND_CHECK(memory != nullptr);
  if (!bytes.empty()) std::memcpy(memory.get(), bytes.data(), bytes.size());
  return check(std::move(memory), bytes.size(), expected_key, "");
}

Result<std::string_view> File::find(std::string_view name, std::size_t element) const {
  const auto at = std::lower_bound(sections_.begin(), sections_.end(), name,
                                   [](const Section& section, std::string_view n) { return section.name < n; });
  if (at == sections_.end() || at->name != name) {
    return fail(ErrorCode::invalid, "section \"" + std::string(name) + "\" is missing", where_);
  }
  if (at->element != element) {
    return fail(ErrorCode::invalid, "section \"" + std::string(name) + "\" has elements of another size", where_);
  }
  return std::string_view(memory_.get() + at->offset, at->size);
}

bool File::has(std::string_view name) const {
  return std::any_of(sections_.begin(), sections_.end(), [&](const Section& section) { return section.name == name; });
}

Result<std::string> File::text(std::string_view name) const {
  auto data = find(name, 1);
  if (!data) return pass(data);
  return std::string(*data);
}

}  // namespace verbund::flat
