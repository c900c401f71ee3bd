// SPDX-License-Identifier: EUPL-1.2
// Large immutable tables in one file that is mapped at the next start instead of being built again.
//
// An Array<T> is read the same way whether it was just built (owned) or stands in a mapped file. A Writer puts named
// arrays one after the other; a File gives them back without copying. The same machine kind writes and reads: numbers
// are little-endian and T lies in the file as in memory, so T must be trivially copyable and have no padding that
// matters. The format stands at the top of flat.cc.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/result.h"

namespace verbund::flat {

// A read-only array. Copies share the memory and keep it (or the mapped file) alive.
template <typename T>
class Array {
  static_assert(std::is_trivially_copyable_v<T>);

 public:
  Array() = default;
  Array(std::vector<T> values) {   // NOLINT: a built vector becomes an array wherever one is wanted
    auto owned = std::make_shared<const std::vector<T>>(std::move(values));
    view_ = *owned;
    keep_ = std::move(owned);
  }
  Array(std::span<const T> view, std::shared_ptr<const void> keep) : view_(view), keep_(std::move(keep)) {}

  const T& operator[](std::size_t index) const { return view_[index]; }
  const T* data() const { return view_.data(); }
  std::size_t size() const { return view_.size(); }
  bool empty() const { return view_.empty(); }
  auto begin() const { return view_.begin(); }
  auto end() const { return view_.end(); }
  const T& front() const { return view_.front(); }
  const T& back() const { return view_.back(); }
  std::span<const T> span() const { return view_; }
  std::span<const T> subspan(std::size_t at, std::size_t count) const { return view_.subspan(at, count); }
  std::size_t bytes() const { return view_.size_bytes(); }

 private:
  std::span<const T> view_;
  std::shared_ptr<const void> keep_;
};

// The bytes of an array of char.
inline std::string_view text_of(const Array<char>& bytes) { return {bytes.data(), bytes.size()}; }

// Collects sections and writes them. Holds views only: Requires: what was added lives until write() or bytes().
class Writer {
 public:
  // `key`: what the content was made from and by which version of the builder; File::map refuses any other key.
  explicit Writer(std::string key);

  // Names: unique, 1-255 bytes. Limit: 4,096 sections, 2^48 bytes together.
  template <typename T>
  void add(std::string_view name, std::span<const T> values) {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 64);
    add(name, {reinterpret_cast<const char*>(values.data()), values.size_bytes()}, sizeof(T));
  }
  template <typename T>
  void add(std::string_view name, const Array<T>& values) {
    add(name, values.span());
  }
  template <typename T>
  void add(std::string_view name, const std::vector<T>& values) {
    add(name, std::span<const T>(values));
  }
  void add_text(std::string_view name, std::string_view text) { add(name, text, 1); }

  // Puts the file in place whole or not at all: a file beside it, fsync, rename, fsync of the folder. Readers that have
  // the old file mapped keep it. Errors: unavailable (disk full, no such folder, no permission), `where` = path.
  Result<void> write(const std::string& path) const;
  std::string bytes() const;   // the same in memory, for tests

 private:
  struct Section {
    std::string name;
    std::string_view data;
    std::size_t element = 1;
  };
  void add(std::string_view name, std::string_view data, std::size_t element);
  std::string head() const;

  std::string key_;
  std::vector<Section> sections_;
};

// A mapped file. Checked as a whole when it is opened: afterwards every array lies inside it. What the numbers mean is
// for the reader to check. The file must only ever be replaced by rename, never written in place.
class File {
 public:
  // Errors: not_found (no such file; made from something else, that is another key or version: build it again),
  // invalid (damaged: magic, bounds, names or checksum wrong), unavailable (cannot be read); `where` = path.
  // Cost: one pass over the file for the checksum, about 10 GB/s once it is in memory.
  static Result<File> map(const std::string& path, std::string_view expected_key);
  // The same for bytes in memory (copied), for tests and fuzzers.
  static Result<File> of_bytes(std::string_view bytes, std::string_view expected_key);

  // Errors: invalid (no section of this name, or its elements have another size).
  template <typename T>
  Result<Array<T>> array(std::string_view name) const {
    static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= 64);
    auto data = find(name, sizeof(T));
    if (!data) return pass(data);
    return Array<T>({reinterpret_cast<const T*>(data->data()), data->size() / sizeof(T)}, memory_);
  }
  // Many at once: if (auto read = file.read("a", a_, "b", b_); !read) return pass(read);
  template <typename T, typename... Rest>
  Result<void> read(std::string_view name, Array<T>& out, Rest&&... rest) const {
    auto found = array<T>(name);
    if (!found) return pass(found);
    out = std::move(*found);
    if constexpr (sizeof...(rest) > 0) return read(std::forward<Rest>(rest)...);
    return {};
  }
  Result<std::string> text(std::string_view name) const;
  bool has(std::string_view name) const;
  std::size_t bytes() const { return size_; }

 private:
  struct Section {
    std::string name;
    std::uint64_t offset = 0, size = 0, element = 1;
  };
  static Result<File> check(std::shared_ptr<const char> memory, std::size_t size, std::string_view expected_key,
                            const std::string& where);
  Result<std::string_view> find(std::string_view name, std::size_t element) const;

  std::shared_ptr<const char> memory_;
  std::size_t size_ = 0;
  std::string where_;
  std::vector<Section> sections_;   // by name
};

// Elements that will not be read soon: where they lie in a mapped file, their memory is free until then.
void rest(std::string_view bytes);
template <typename T>
void rest(std::span<const T> values) {
  rest(std::string_view(reinterpret_cast<const char*>(values.data()), values.size_bytes()));
}

// 64 bits over bytes, the same on every machine; quick, finds damage, no protection against intent.
std::uint64_t checksum(std::string_view bytes, std::uint64_t seed = 0);

}  // namespace verbund::flat
