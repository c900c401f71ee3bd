// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/xzufi_areas.h"

#include <filesystem>
#include <fstream>
#include <vector>

#include "directory/formats/lines.h"
#include "directory/formats/restore_areas.h"
#include "directory/geography/area_store.h"
#include "directory/objects/body.h"
#include "kits/json/json.h"

namespace verbund::directory::xzufi {
namespace {

// Germany has about 16,000 areas and 13,000 postal code entries.
constexpr LineLimits line_limits{.line_bytes = 64 * 1024, .lines = 1'000'000};

// A file that is not there has no lines.
Result<void> each_line(const std::string& path,
                       const std::function<Result<void>(std::string_view, std::string where)>& each) {
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return {};
  std::ifstream in(path, std::ios::binary);
  if (!in) return fail(ErrorCode::unavailable, "Die Datei lässt sich nicht lesen", path);
  return read_lines(
      in, path, [&](std::string_view line, std::size_t number) { return each(line, at_line(path, number)); },
      line_limits);
}

template <typename T>
Result<T> read_line(std::string_view line, const std::string& where) {
  auto json = parse_json(line, where);
  if (!json) return pass(json);
  auto value = from_json<T>(*json);
  if (!value) value.error().where = where + " " + value.error().where;
  return value;
}

}  // namespace

void each_area_line(store::Connection& connection, const std::function<void(std::string_view line)>& each) {
  const AreaStore areas(connection);
  bool first = true;
  areas.each_area([&](const Area& area) {
    if (first) each(Json::object({{"list_day", areas.list_day()}}).to_canonical() + "\n");
    first = false;
    each(to_json(area).to_canonical() + "\n");
  });
}

void each_postal_code_line(store::Connection& connection, const std::function<void(std::string_view line)>& each) {
  AreaStore(connection).each_postal_code(
      [&](const PostalCodeEntry& entry) { each(to_json(entry).to_canonical() + "\n"); });
}

Result<void> import_areas(const std::string& folder, ImportSink& sink) {
  const std::string area_path = (std::filesystem::path(folder) / area_file).string();
  const std::string postal_path = (std::filesystem::path(folder) / postal_code_file).string();
  std::string given_areas, given_codes;
  ExportedAreas given{{}, {}, "", area_path, postal_path};
  bool first = true;
  auto read = each_line(area_path, [&](std::string_view line, std::string where) -> Result<void> {
    given_areas.append(line).append("\n");
    if (first) {
      first = false;
      auto json = parse_json(line, where);
      if (!json) return pass(json);
      if (!(*json)["list_day"].if_string()) {
        return fail(ErrorCode::invalid, "Der ersten Zeile fehlt der Stand der Gebiete (list_day)", where);
      }
      given.day = json->text_or("list_day");
      return {};
    }
    auto area = read_line<Area>(line, where);
    if (!area) return pass(area);
    given.areas.push_back(std::move(*area));
    return {};
  });
  if (!read) return read;
  read = each_line(postal_path, [&](std::string_view line, std::string where) -> Result<void> {
    given_codes.append(line).append("\n");
    auto entry = read_line<PostalCodeEntry>(line, where);
    if (!entry) return pass(entry);
    given.codes.push_back(std::move(*entry));
    return {};
  });
  if (!read) return read;
  auto restored = restore_areas(given, sink);
  if (!restored) return pass(restored);
  if (*restored || given.areas.empty()) return {};

  std::string there;
  each_area_line(sink.connection(), [&](std::string_view line) { there += line; });
  auto& kinds = sink.summary().kinds;
  std::string codes_there;
  each_postal_code_line(sink.connection(), [&](std::string_view line) { codes_there += line; });
  if (there == given_areas && codes_there == given_codes) {
    kinds["area"].unchanged += static_cast<std::int64_t>(given.areas.size());
    if (!given.codes.empty()) kinds["postal_code"].unchanged += static_cast<std::int64_t>(given.codes.size());
    return {};
  }
  sink.finding({ImportFinding::Severity::warning, area_path, 0, "",
                "Die Gebiete der Lieferung weichen von den vorhandenen ab; die vorhandenen bleiben."});
  return {};
}

}  // namespace verbund::directory::xzufi
