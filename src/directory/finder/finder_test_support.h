// SPDX-License-Identifier: EUPL-1.2
// A small directory for the tests of this room: areas and services of testdata/, one unit per area.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "kits/store/testing/engine.h"
#include "base/text.h"
#include "directory/finder/finder.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::directory::testing {

inline AreaKey key(std::string_view digits) { return *AreaKey::parse(digits); }
inline ObjectId oid(std::string_view agency, std::string_view local) { return *make_object_id(agency, local); }
inline Instant day() { return *parse_time("2026-06-08T10:00:00Z"); }

class FinderStore {
 public:
  FinderStore() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-finder-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    folder_ = pattern;
    auto opened = store::Database::open({.path = store::testing::location((folder_ / "node.db").string())}, directory_migrations());
    if (!opened) {
      ADD_FAILURE() << opened.error().text();
      std::abort();
    }
    database_ = std::move(*opened);
  }
  ~FinderStore() {
    database_.reset();
    std::error_code error;
    std::filesystem::remove_all(folder_, error);
  }
  FinderStore(const FinderStore&) = delete;
  FinderStore& operator=(const FinderStore&) = delete;

  store::Database& database() { return *database_; }
  std::string path() const { return store::testing::location((folder_ / "node.db").string()); }

  void write(const std::function<void(ObjectStore&, AreaStore&)>& work) {
    const auto done = database_->write([&](store::Connection& connection) -> Result<void> {
      ObjectStore objects(connection);
      AreaStore areas(connection);
      work(objects, areas);
      return {};
    });
    ASSERT_TRUE(done.has_value()) << done.error().text();
  }
  template <typename T>
  void put(const T& object) {
    write([&](ObjectStore& objects, AreaStore&) { objects.put(object, "test", day()); });
  }
  void areas(const std::vector<Area>& list, const std::vector<PostalCodeEntry>& codes) {
    write([&](ObjectStore&, AreaStore& areas) { areas.restore(list, codes, "2026-01-01"); });
  }
  std::shared_ptr<const Snapshot> snapshot(Instant now = day()) {
    std::shared_ptr<const Snapshot> out;
    database_->read([&](store::Connection& connection) { out = Snapshot::build(connection, now); });
    return out;
  }

 private:
  std::filesystem::path folder_;
  std::unique_ptr<store::Database> database_;
};

inline Area area(std::string_view digits, std::string name, AreaLevel level, std::int64_t population,
                 std::string slug = {}) {
  Area out;
  out.key = key(digits);
  out.short_name = name.substr(0, name.find(','));
  out.name = std::move(name);
  out.level = out.top_level = level;
  out.population = population;
  out.slug = std::move(slug);
  return out;
}

// A handful of places: cities that share a name, a city that is its own district, one that ended.
inline std::vector<Area> some_areas() {
  std::vector<Area> out{
      area("01", "Schleswig-Holstein", AreaLevel::state, 0, "schleswig-holstein"),
      area("01060", "Segeberg", AreaLevel::district, 0, "kreis-segeberg"),
      area("010600063063", "Norderstedt, Stadt", AreaLevel::municipality, 81'880, "norderstedt"),
      area("010600005005", "Bad Segeberg, Stadt", AreaLevel::municipality, 17'800, "bad-segeberg"),
      area("01055", "Ostholstein", AreaLevel::district, 0, "kreis-ostholstein"),
      area("010550032032", "Neustadt in Holstein, Stadt", AreaLevel::municipality, 14'900, "neustadt-in-holstein"),
      area("01002", "Kiel, Landeshauptstadt", AreaLevel::municipality, 247'717, "kiel"),
      area("02", "Hamburg, Freie und Hansestadt", AreaLevel::municipality, 1'892'122, "hamburg"),
      area("06", "Hessen", AreaLevel::state, 0, "hessen"),
      area("06412", "Frankfurt am Main, Stadt", AreaLevel::municipality, 773'068, "frankfurt-am-main"),
      area("06534", "Marburg-Biedenkopf", AreaLevel::district, 0, "landkreis-marburg-biedenkopf"),
      area("065340016016", "Neustadt, Stadt", AreaLevel::municipality, 9'700, "neustadt-hessen"),
      area("07", "Rheinland-Pfalz", AreaLevel::state, 0, "rheinland-pfalz"),
      area("07143", "Westerwaldkreis", AreaLevel::district, 0, "westerwaldkreis"),
      area("071435004053", "Neustadt", AreaLevel::municipality, 600, "neustadt-westerwald"),
      area("09", "Bayern", AreaLevel::state, 0, "bayern"),
      area("09162", "München, Landeshauptstadt", AreaLevel::municipality, 1'512'491, "muenchen"),
      area("09184", "München", AreaLevel::district, 0, "landkreis-muenchen"),
      area("12053", "Frankfurt (Oder), Stadt", AreaLevel::municipality, 58'230, "frankfurt-oder"),
      area("010600099099", "Altdorf", AreaLevel::municipality, 400, "altdorf"),
  };
  for (Area& one : out) {
    if (one.key == key("01060") || one.key == key("01055")) one.kind_code = "43";
    if (one.key == key("09184") || one.key == key("06534")) one.kind_code = "44";
    if (one.key == key("01002") || one.key == key("09162") || one.key == key("06412") || one.key == key("12053")) {
      one.top_level = AreaLevel::district;
    }
    if (one.key == key("02")) one.top_level = AreaLevel::state;
    if (one.slug == "altdorf") {   // joined its neighbour
      one.valid_until = "2025-01-01";
      one.successor = key("010600063063");
    }
  }
  return out;
}

inline std::vector<PostalCodeEntry> some_postal_codes() {
  return {{"22844", key("010600063063"), "Norderstedt"}, {"22846", key("010600063063"), "Norderstedt"},
          {"23795", key("010600005005"), "Bad Segeberg"}, {"23795", key("010600099099"), "Altdorf"},
          {"80331", key("09162"), "München"},            {"20095", key("02"), "Hamburg"},
          {"24103", key("01002"), "Kiel"}};
}

inline TextModule text_module(std::string_view code, std::string_view text, std::string language = "de") {
  TextModule out;
  out.code = code;
  out.content = {{std::move(language), std::string(text)}};
  return out;
}

inline Service service(const ObjectId& id, std::string_view title) {
  Service out;
  out.id = id;
  out.modules.texts.push_back(text_module(text_code::citizen_title, title));
  return out;
}

inline OrganisationalUnit unit(const ObjectId& id, std::string name) {
  OrganisationalUnit out;
  out.id = id;
  out.name = {{"de", std::move(name)}};
  return out;
}

inline OnlineService online_service(const ObjectId& id, std::string title, std::string uri) {
  OnlineService out;
  out.id = id;
  out.purpose = "apply";
  out.title = {{"de", std::move(title)}};
  out.links = {{"", "", std::move(uri), ""}};
  return out;
}

inline Responsibility responsibility(const ObjectId& id, const ObjectId& holder, const ObjectId& service,
                                     std::vector<AreaKey> areas, std::string role = "01",
                                     ObjectKind kind = ObjectKind::unit) {
  Responsibility out;
  out.id = id;
  out.holder_kind = kind;
  out.holder = holder;
  out.service = service;
  out.areas = std::move(areas);
  out.role = std::move(role);
  return out;
}

// Rows of a file of testdata/, split at tabs; comment lines left out.
inline std::vector<std::vector<std::string>> rows(const std::string& name) {
  std::ifstream in(std::string(VERBUND_SOURCE_DIR "/src/directory/finder/testdata/") + name);
  std::vector<std::vector<std::string>> out;
  for (std::string line; std::getline(in, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    out.emplace_back();
    for (const std::string_view cell : split(line, '\t')) out.back().emplace_back(cell);
  }
  return out;
}

// The services of testdata/services.tsv; ids "N.kita" are agency N, local kita.
inline void put_test_services(FinderStore& store) {
  store.areas(some_areas(), some_postal_codes());
  store.write([](ObjectStore& objects, AreaStore&) {
    for (const auto& row : rows("services.tsv")) {
      const std::size_t dot = row[0].find('.');
      Service one = service(oid(row[0].substr(0, dot), row[0].substr(dot + 1)), row[3]);
      if (!row[2].empty()) one.service_keys = {{"", "", row[2], ""}};
      if (!row[4].empty()) one.modules.texts.push_back(text_module(text_code::title, row[4]));
      SearchTermModule terms;
      for (const std::string_view term : split(row[5], ';')) {
        if (!trim(term).empty()) terms.terms.push_back({"de", std::string(trim(term)), "001"});
      }
      if (!terms.terms.empty()) one.modules.search_terms.push_back(terms);
      one.modules.texts.push_back(text_module(text_code::short_text, "<p>" + row[6] + "</p>"));
      objects.put(one, "test", day());
      if (row[1] == "-") continue;
      const OrganisationalUnit office = unit(oid("A", row[1]), "Behörde " + row[1]);
      objects.put(office, "test", day());
      objects.put(responsibility(oid(one.id.agency, one.id.local), office.id, one.id, {key(row[1])}), "test", day());
    }
  });
}

}  // namespace verbund::directory::testing
