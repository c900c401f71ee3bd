// SPDX-License-Identifier: EUPL-1.2
// Writes records of GV100AD for tests.
#pragma once

#include <cstdint>
#include <string>

namespace verbund::directory::testing {

struct GvLine {
  std::string kind = "60";
  std::string day = "20231130";
  std::string key = {};        // as it stands in columns 11-22: state, region, district, municipality, association
  std::string name = {}, seat = {}, kind_code = {};
  std::int64_t hectares = 0, population = 0;
  std::string postal_code = {};
};

// `characters` columns of `text`, which is UTF-8.
inline std::string gv_column(const std::string& text, std::size_t characters) {
  std::size_t used = 0;
  for (char c : text) used += (static_cast<unsigned char>(c) & 0xC0) != 0x80;
  return text + std::string(characters - used, ' ');
}

inline std::string gv_number(std::int64_t value) {
  const std::string digits = std::to_string(value);
  return std::string(11 - digits.size(), '0') + digits;
}

inline std::string gv_line(const GvLine& line) {
  const bool municipality = line.kind == "60";
  const std::string head = line.kind + line.day + gv_column(line.key, 12) + gv_column(line.name, 50) +
                           gv_column(line.seat, 50) + gv_column(line.kind_code, 2) + std::string(4, ' ');
  if (!municipality) return head + std::string(92, ' ');
  return head + gv_number(line.hectares) + gv_number(line.population) + gv_number(line.population / 2) +
         std::string(4, ' ') + gv_column(line.postal_code, 5) + std::string(50, ' ');
}

}  // namespace verbund::directory::testing
