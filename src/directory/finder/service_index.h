// SPDX-License-Identifier: EUPL-1.2
// The text side of the finder: the index of all services, their titles as one types them, and what changed since it was
// built. Services are numbers; a number keeps its meaning while the index lives, new services get the next ones.
// Immutable; a changed one is made from an older one and shares most of it. All const methods are thread-safe.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kits/flat/flat.h"
#include "kits/search/index_builder.h"
#include "kits/search/overlay.h"
#include "kits/search/searcher.h"

namespace verbund::directory::finder {

class ServiceIndex {
 public:
  ServiceIndex();

  const search::TextIndex& text() const { return *text_; }
  const search::TextOverlay* overlay() const { return overlay_.get(); }   // nullptr: nothing changed
  std::uint32_t services() const;                                         // highest number + 1
  std::size_t changed() const { return overlay_ ? overlay_->changed() : 0; }

  // Services whose title begins with these words, ascending. Limit: the first `most` in the order of titles.
  void with_title_beginning(std::string_view folded, std::size_t most, std::vector<std::uint32_t>& out) const;
  // The folded title; "" if removed or without one. Good as long as this index.
  std::string_view folded_title(std::uint32_t service) const;

  struct Change {
    std::uint32_t service;
    const search::Draft* draft;      // nullptr: removed
    std::string folded_title;
  };
  // Searchable at once. Cost: a millisecond or so for a few services; beyond 1,000 changed ones build anew.
  ServiceIndex with(std::span<const Change> changes) const;

  std::size_t bytes() const;
  // Without what changed: Requires: changed() == 0.
  void save(flat::Writer& out) const;
  // Errors: invalid.
  static Result<ServiceIndex> load(const flat::File& file);
  // Put it into the key of the file: differs when words, fields or the vocabulary of this program do.
  static std::string version();

 private:
  friend class ServiceIndexBuilder;
  struct Titles;
  std::string_view title(std::uint32_t service) const;

  std::shared_ptr<const search::TextIndex> text_;
  std::shared_ptr<const search::TextOverlay> overlay_;
  flat::Array<std::uint32_t> title_begin_;      // services + 1
  flat::Array<char> titles_;
  flat::Array<std::uint32_t> by_title_;         // services in the order of titles, those without left out
  std::shared_ptr<const Titles> changed_titles_;
};

class ServiceIndexBuilder {
 public:
  ServiceIndexBuilder();
  // Any order; several drafts of one service add up.
  void add(std::uint32_t service, const search::Draft& draft) { builder_.add(service, draft); }
  void set_title(std::uint32_t service, std::string_view folded_title);
  ServiceIndex finish(std::uint32_t services);

 private:
  search::IndexBuilder builder_;
  std::vector<std::string> titles_;
};

}  // namespace verbund::directory::finder
