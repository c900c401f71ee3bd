// SPDX-License-Identifier: EUPL-1.2
#include "app/demo/demo.h"

#include <span>
#include <string>

#include "app/demo/tables.h"
#include "directory/geography/area_store.h"
#include "directory/objects/body.h"
#include "kits/embed/embed.h"
#include "kits/json/json.h"

namespace verbund::embedded {
std::span<const embed::File> demo_data();
}

namespace verbund::app {
namespace {

using directory::ImportSink;

constexpr std::string_view areas_file = "geography/areas.tsv";
constexpr std::string_view postal_codes_file = "geography/postal-codes.tsv";
constexpr std::string_view catalogue_folder = "demo/";

bool has_postal_codes(const directory::AreaStore& areas) {
  bool any = false;
  areas.each_postal_code([&](const directory::PostalCodeEntry&) { any = true; });
  return any;
}

// Puts every object of one list of a catalogue file; a list that is not there is empty.
template <typename T>
Result<void> put_all(const Json& catalogue, std::string_view list, std::string_view file, ImportSink& sink) {
  const Json* objects = catalogue.find(list);
  if (!objects) return {};
  const auto* array = objects->if_array();
  if (!array) return fail(ErrorCode::invalid, "a list is expected", std::string(file) + ": " + std::string(list));
  for (std::size_t i = 0; i < array->size(); ++i) {
    auto object = directory::from_json<T>((*array)[i]);
    if (!object) {
      Error& error = object.error();
      error.where = std::string(file) + ": " + std::string(list) + "[" + std::to_string(i) + "]." + error.where;
      return pass(object);
    }
    sink.put(*object);
  }
  return {};
}

Result<void> put_catalogue(const embed::File& file, ImportSink& sink) {
  auto catalogue = parse_json(file.bytes, file.path);
  if (!catalogue) return pass(catalogue);
  constexpr std::string_view lists[] = {"units", "services", "specialisations", "online_services", "responsibilities"};
  const auto* fields = catalogue->if_object();
  if (!fields) return fail(ErrorCode::invalid, "an object is expected", std::string(file.path));
  for (const auto& [name, value] : *fields) {
    bool known = false;
    for (const std::string_view list : lists) known |= name == list;
    if (!known) return fail(ErrorCode::invalid, "there is no list " + name, std::string(file.path));
  }
  if (auto done = put_all<directory::OrganisationalUnit>(*catalogue, lists[0], file.path, sink); !done) return done;
  if (auto done = put_all<directory::Service>(*catalogue, lists[1], file.path, sink); !done) return done;
  if (auto done = put_all<directory::Specialisation>(*catalogue, lists[2], file.path, sink); !done) return done;
  if (auto done = put_all<directory::OnlineService>(*catalogue, lists[3], file.path, sink); !done) return done;
  return put_all<directory::Responsibility>(*catalogue, lists[4], file.path, sink);
}

}  // namespace

Result<cli::Geography> embedded_geography() {
  auto table = read_area_table(embed::find(embedded::demo_data(), areas_file), areas_file);
  if (!table) return pass(table);
  auto entries = read_postal_code_table(embed::find(embedded::demo_data(), postal_codes_file), postal_codes_file);
  if (!entries) return pass(entries);
  return cli::Geography{std::move(table->areas), std::move(*entries), std::move(table->day)};
}

Result<void> load_geography(store::Database& database, const Clock&) {
  bool complete = false;
  database.read([&](store::Connection& connection) {
    const directory::AreaStore areas(connection);
    complete = !areas.list_day().empty() && has_postal_codes(areas);
  });
  if (complete) return {};  // the usual start: nobody has to wait for the writer

  auto known = embedded_geography();
  if (!known) return pass(known);
  return database.write([&](store::Connection& connection) -> Result<void> {
    directory::AreaStore areas(connection);
    if (areas.list_day().empty()) {
      if (auto replaced = areas.replace_all(known->areas, known->day); !replaced) return pass(replaced);
    }
    if (!has_postal_codes(areas)) {
      std::vector<directory::PostalCodeEntry> unknown;  // of areas that a newer list of the node does not have: left out
      if (auto replaced = areas.replace_postal_codes(known->postal_codes, &unknown); !replaced) return pass(replaced);
    }
    return {};
  });
}

Result<directory::ImportSummary> load_demo_catalogue(store::Database& database, const Clock& clock,
                                                     std::string_view only) {
  const directory::ImportOptions options{.source = std::string(demo_source), .complete_stock = true};
  return directory::run_import(database, clock, options, [only](ImportSink& sink) -> Result<void> {
    bool any = false;
    for (const embed::File& file : embedded::demo_data()) {
      if (!file.path.starts_with(catalogue_folder)) continue;
      if (!only.empty() && file.path.substr(catalogue_folder.size()) != only) continue;
      if (auto put = put_catalogue(file, sink); !put) return put;
      any = true;
    }
    if (!any) return fail(ErrorCode::not_found, "there is no such file in the program", std::string(only));
    return {};
  });
}

Result<void> load_demo(store::Database& database, const Clock& clock) {
  if (auto loaded = load_geography(database, clock); !loaded) return loaded;
  auto summary = load_demo_catalogue(database, clock);
  if (!summary) return pass(summary);
  return {};
}

}  // namespace verbund::app
