// SPDX-License-Identifier: EUPL-1.2
// What is offered at one place, by meaning.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "directory/workload/plan.h"

namespace verbund::directory::workload {

class PlaceServices {
 public:
  PlaceServices(const Plan& plan, const Coverage& coverage, const Country& country, std::uint32_t place);

  const std::vector<std::uint32_t>& services() const { return services_; }   // ascending
  // Services of which one title (or search term, if `terms`) holds all atoms; nothing if other services hold them
  // scattered, or if there are more than `most`.
  std::optional<std::vector<std::uint32_t>> holding(const std::vector<std::uint32_t>& atoms, bool terms,
                                                    std::size_t most) const;
  // The same for titles that hold all atoms and a word that begins with `prefix` (lower case).
  std::optional<std::vector<std::uint32_t>> beginning(const std::vector<std::uint32_t>& atoms, std::string_view prefix,
                                                      std::size_t most) const;

 private:
  std::vector<std::uint32_t> with_all(const std::vector<std::uint32_t>& atoms) const;

  const Plan& plan_;
  std::vector<std::uint32_t> services_;
  std::unordered_map<std::uint32_t, std::vector<std::uint32_t>> by_atom_;   // services, ascending
  std::multimap<std::string, std::uint32_t> words_;                         // of titles, lower case
};

}  // namespace verbund::directory::workload
