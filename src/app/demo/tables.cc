// SPDX-License-Identifier: EUPL-1.2
#include "app/demo/tables.h"

#include <functional>

#include "base/text.h"

namespace verbund::app {
namespace {

using Fields = std::vector<std::string_view>;

constexpr std::string_view day_mark = "# day\t";

// Calls `each` for every line of data; an error from it ends the reading and gets its place.
Result<void> each_line(std::string_view text, std::string_view name, std::size_t columns,
                       const std::function<void(std::string_view)>& comment,
                       const std::function<Result<void>(const Fields&)>& each) {
  std::size_t number = 0;
  for (const std::string_view line : split(text, '\n')) {
    ++number;
    if (line.empty()) continue;
    if (line.starts_with('#')) {
      if (comment) comment(line);
      continue;
    }
    const Fields fields = split(line, '\t');
    Result<void> done;
    if (fields.size() != columns) {
      done = fail(ErrorCode::invalid, "a line has " + std::to_string(columns) + " fields, this one has " +
                                          std::to_string(fields.size()));
    } else {
      done = each(fields);
    }
    if (!done) {
      done.error().where = std::string(name) + ":" + std::to_string(number);
      return done;
    }
  }
  return {};
}

}  // namespace

Result<AreaTable> read_area_table(std::string_view text, std::string_view name) {
  AreaTable table;
  auto read = each_line(
      text, name, 10,
      [&](std::string_view line) {
        if (line.starts_with(day_mark)) table.day = line.substr(day_mark.size());
      },
      [&](const Fields& fields) -> Result<void> {
        directory::Area area;
        auto key = directory::AreaKey::parse(fields[0]);
        if (!key) return pass(key);
        if (key->digits() != fields[0]) return fail(ErrorCode::invalid, "the key is not in its shortest form");
        auto level = directory::area_level_from_name(fields[1]);
        if (!level) return pass(level);
        auto top_level = directory::area_level_from_name(fields[2]);
        if (!top_level) return pass(top_level);
        const auto population = parse_number(fields[6]), hectares = parse_number(fields[7]);
        if (!population || !hectares) return fail(ErrorCode::invalid, "population and hectares are whole numbers");
        area.key = std::move(*key);
        area.level = *level;
        area.top_level = *top_level;
        area.kind_code = fields[3];
        area.name = fields[4];
        area.short_name = fields[5];
        area.population = *population;
        area.hectares = *hectares;
        area.seat = fields[8];
        area.seat_postal_code = fields[9];
        table.areas.push_back(std::move(area));
        return {};
      });
  if (!read) return pass(read);
  if (table.day.empty()) return fail(ErrorCode::invalid, "the line with the day of the list is missing", std::string(name));
  return table;
}

Result<std::vector<directory::PostalCodeEntry>> read_postal_code_table(std::string_view text, std::string_view name) {
  std::vector<directory::PostalCodeEntry> entries;
  auto read = each_line(text, name, 3, {}, [&](const Fields& fields) -> Result<void> {
    if (fields[0].size() != 5 || !is_digits(fields[0])) return fail(ErrorCode::invalid, "a postal code has five digits");
    auto key = directory::AreaKey::parse(fields[1]);
    if (!key) return pass(key);
    entries.push_back({std::string(fields[0]), std::move(*key), std::string(fields[2])});
    return {};
  });
  if (!read) return pass(read);
  return entries;
}

}  // namespace verbund::app
