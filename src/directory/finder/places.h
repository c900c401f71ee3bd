// SPDX-License-Identifier: EUPL-1.2
// Places by key, postal code and name. Immutable after building; all const methods are thread-safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "directory/finder/string_pool.h"
#include "directory/geography/area.h"

namespace verbund::directory::finder {

class Places {
 public:
  static constexpr std::uint32_t none = UINT32_MAX;

  Places() = default;
  // Areas in any order (ended ones too), postal codes of municipalities.
  Places(std::vector<Area> areas, const std::vector<PostalCodeEntry>& postal_codes);

  struct Match {
    const Area* area;
    bool exact;
  };
  // By fit (exactly this place; names that begin so; names with a word that begins so; names one letter away), then
  // population, then key. Limit: 200 bytes of the query count.
  std::vector<Match> find(std::string_view query, std::size_t limit) const;
  // The one place meant: key, postal code of one municipality, unique name or label, slug. Null if none or several.
  const Area* only(std::string_view query) const;
  // As is, or what it became if it has ended. Unknown keys: itself.
  AreaKey current(const AreaKey& key) const;
  // The area of the key after successors, else the nearest known above; null if there is none.
  const Area* nearest(const AreaKey& key) const;
  const Area* by_slug(std::string_view slug) const;
  // "Neustadt (Kreis Ostholstein)" where the short name alone is not unique among municipalities; "Deutschland" for
  // Germany; the digits where nothing is known.
  std::string label(const AreaKey& key) const;
  std::vector<std::string> postal_codes(const AreaKey& municipality) const;
  bool is_postal_code(std::string_view digits) const;
  // Folded words of the names of the place and of all above it, in `out`. Good as long as this.
  void words_of(const AreaKey& key, std::vector<std::string_view>& out) const;
  std::size_t size() const { return areas_.size(); }
  // Keys of the areas that have not ended, ascending.
  template <typename Each>
  void each_current(const Each& each) const {
    for (const Area& area : areas_) {
      if (area.valid_until.empty()) each(area.key);
    }
  }
  // Several places fold to the same letters (Höhn, Hohn): spelled so.
  bool spelled(const Area& area, std::string_view query) const;
  std::size_t bytes() const;

 private:
  struct Name {
    StringPool::Ref text;     // folded words with one space between
    std::uint32_t area;
    std::uint32_t kind;       // see places.cc
  };
  struct Found;

  const Area* at(const AreaKey& key) const;
  std::uint32_t number(const AreaKey& key) const;
  std::uint32_t number(std::uint64_t code) const;
  bool listed(const Area& area) const;
  void index_names();
  void index_words();
  void find_digits(std::string_view digits, Found& found) const;
  void find_names(std::string_view query, Found& found) const;
  std::string label_of(const Area& area) const;
  std::string district_of(const Area& area) const;

  std::vector<Area> areas_;                                        // by key
  std::vector<std::uint64_t> codes_;                               // of these: what a search looks at
  std::vector<std::uint8_t> ended_;
  std::vector<std::uint32_t> above_;                               // the nearest known one above, or none
  std::vector<std::uint32_t> word_begin_;                          // areas + 1
  std::vector<StringPool::Ref> words_;                             // folded, of the short names
  std::vector<std::pair<std::uint32_t, std::uint32_t>> postal_;    // code, area; sorted
  std::vector<std::pair<std::uint32_t, std::uint32_t>> postal_of_; // area, code; sorted
  std::vector<std::pair<std::uint32_t, std::uint32_t>> municipality_keys_;   // AGS, area; sorted
  std::vector<std::pair<std::uint64_t, std::uint32_t>> slugs_;     // hash, area; sorted
  StringPool pool_;
  std::vector<Name> names_;                                        // by text
  // How an area's short name stands among those of the municipalities.
  enum NameUse : std::uint8_t {
    own_name, shared, shared_in_district, shared_officially,
    unincorporated,           // land of no municipality, with a name of its own
    unincorporated_shared,    // named like a town
  };
  std::vector<std::uint8_t> shared_name_;                          // per area: NameUse
};

}  // namespace verbund::directory::finder
