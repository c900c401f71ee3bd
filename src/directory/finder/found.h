// SPDX-License-Identifier: EUPL-1.2
// What a search gives: hits by number, and what they say as views into the snapshot. Nothing here is copied, so an answer
// that is used again costs no allocation. Views and numbers are good as long as the snapshot they came from.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "directory/geography/area.h"
#include "directory/identity/object.h"

namespace verbund::directory {

// An id without its own memory.
struct IdView {
  std::string_view agency, local;
  auto operator<=>(const IdView&) const = default;
  bool operator==(const IdView&) const = default;
  bool operator==(const ObjectId& id) const { return agency == id.agency && local == id.local; }
  explicit operator ObjectId() const { return {std::string(agency), std::string(local)}; }
};
// "L100002.LB.121345242"
std::string external_id(ObjectKind kind, IdView id);

struct ServiceBrief {
  ObjectId id;
  std::string service_key;   // 14 digits or empty
  std::string title;         // for citizens, in German
  std::string summary;       // plain text, at most 200 characters, may be empty
  std::string slug;
};

// The same without its own memory.
struct ServiceView {
  IdView id;
  std::string_view service_key, title, summary, slug;
  ServiceBrief brief() const {
    return {ObjectId(id), std::string(service_key), std::string(title), std::string(summary), std::string(slug)};
  }
};

struct AuthorityView {
  IdView id;
  std::string_view name;
  AreaKey area;              // for which it is responsible (the matching one)
  std::string_view role;
};

struct OnlineView {
  IdView id;
  std::string_view title;
  std::string_view url;
  std::string_view purpose;  // "apply", "appointment"
  AreaKey area;
};

struct Hit {
  std::uint32_t service = 0; // its number, see Snapshot::service_of
  bool offered_here = false; // somebody is responsible at the place, or the text is valid there
  double score = 0;          // larger is better; comparable within one answer only
};

// What a word of the query was taken for.
struct UnderstoodWord {
  enum class How : std::uint8_t { unknown, known, joined, compound, completed, corrected, piece };
  std::string_view typed;
  How how = How::unknown;    // joined: with its neighbour; compound: by its parts; piece: only a part of it is known
  std::string_view as;       // corrected: as people write it; piece: the part; else empty
  std::vector<std::string_view> near = {};   // unknown, and nothing was found: known words nearest to it, at most 3
};

// A place as a snapshot knows it: numbers of its own area and of those above, smallest first.
struct PlaceAreas {
  static constexpr std::size_t most = 6;
  static constexpr std::uint32_t none = UINT32_MAX;
  std::array<std::uint32_t, most> areas{};
  std::uint32_t count = 0;
  std::uint32_t own = none;  // nothing is known within a place without a number
};

// Use one again for the next search: it keeps its memory. `typed` of the words is in the answer itself.
struct SearchAnswer {
  std::vector<Hit> hits;
  std::size_t total = 0;
  std::string corrected;     // the query as understood, if letters were changed; else empty
  std::vector<UnderstoodWord> words;   // those of content
  std::vector<Hit> nearest;  // only if there are no hits at all: the nearest, at most 5
  PlaceAreas place;          // that was asked for

  SearchAnswer() = default;
  SearchAnswer(SearchAnswer&&) noexcept = default;
  SearchAnswer& operator=(SearchAnswer&&) noexcept = default;
  std::vector<char> typed;   // what the words are views into
};

}  // namespace verbund::directory
