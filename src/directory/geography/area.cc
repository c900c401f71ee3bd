// SPDX-License-Identifier: EUPL-1.2
#include "directory/geography/area.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace verbund::directory {
namespace {

// Ends of the parts of an ARS: Germany, state, region, district, association, municipality.
constexpr std::array<std::size_t, 6> part_ends = {0, 2, 3, 5, 9, 12};

// Pads to the next end of a part and cuts trailing parts of zeros. Requires: at most 12 digits.
std::string normal_form(std::string digits) {
  const auto* end = std::lower_bound(part_ends.begin(), part_ends.end(), digits.size());
  digits.resize(*end, '0');
  while (end != part_ends.begin()) {
    const std::size_t before = *(end - 1);
    if (digits.find_first_not_of('0', before) != digits.npos) break;
    digits.resize(before);
    --end;
  }
  return digits;
}

}  // namespace

Result<AreaKey> AreaKey::parse(std::string_view ars) {
  if (ars.empty()) return AreaKey();
  if (!is_digits(ars)) {
    const std::string shown = is_utf8(ars) ? "\"" + std::string(cut_utf8(ars, 40)) + "\"" : "(not UTF-8)";
    return fail(ErrorCode::invalid, "a regional key has digits only, unlike " + shown);
  }
  if (ars.size() > 12)
    return fail(ErrorCode::invalid, "a regional key has at most 12 digits, not " + std::to_string(ars.size()));
  return AreaKey(normal_form(std::string(ars)));
}

std::string AreaKey::padded() const {
  std::string out = digits_;
  out.resize(12, '0');
  return out;
}

std::vector<AreaKey> AreaKey::with_ancestors() const {
  std::vector<AreaKey> out{*this};
  for (auto end = part_ends.rbegin(); end != part_ends.rend(); ++end) {
    if (*end >= digits_.size()) continue;
    AreaKey above(normal_form(digits_.substr(0, *end)));
    if (above != out.back()) out.push_back(std::move(above));
  }
  return out;
}

std::string_view name(AreaLevel level) {
  switch (level) {
    case AreaLevel::federation: return "federation";
    case AreaLevel::state: return "state";
    case AreaLevel::region: return "region";
    case AreaLevel::district: return "district";
    case AreaLevel::association: return "association";
    case AreaLevel::municipality: return "municipality";
  }
  return {};
}

Result<AreaLevel> area_level_from_name(std::string_view text) {
  for (const AreaLevel level : {AreaLevel::federation, AreaLevel::state, AreaLevel::region, AreaLevel::district,
                                AreaLevel::association, AreaLevel::municipality})
    if (name(level) == text) return level;
  return fail(ErrorCode::invalid, "unknown level of an area", {},
              "federation, state, region, district, association or municipality");
}

std::string municipality_key(const Area& area) {
  if (area.level != AreaLevel::municipality) return {};
  const std::string ars = area.key.padded();
  return ars.substr(0, 5) + ars.substr(9);
}

}  // namespace verbund::directory
