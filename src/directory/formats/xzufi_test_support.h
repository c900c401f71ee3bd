// SPDX-License-Identifier: EUPL-1.2
// What the tests of XZuFi share: a receiver that keeps all it hears, a node in a folder of its own, files.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "kits/store/testing/engine.h"
#include "directory/formats/formats.h"
#include "directory/formats/xzufi_reader.h"
#include "directory/formats/xzufi_writer.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::directory::xzufi::testing {

inline std::string test_file(const std::string& name) {
  return std::string(VERBUND_SOURCE_DIR "/src/directory/formats/testdata/xzufi/") + name;
}

struct Kept : Receiver {
  std::vector<Service> services;
  std::vector<Specialisation> specialisations;
  std::vector<OrganisationalUnit> units;
  std::vector<OnlineService> online_services;
  std::vector<Responsibility> responsibilities;
  std::vector<std::string> removed;
  std::vector<Remark> skips, warnings;

  void write(const Service& x) override { services.push_back(x); }
  void write(const Specialisation& x) override { specialisations.push_back(x); }
  void write(const OrganisationalUnit& x, const std::vector<Responsibility>& embedded) override {
    units.push_back(x);
    responsibilities.insert(responsibilities.end(), embedded.begin(), embedded.end());
  }
  void write(const OnlineService& x, const std::vector<Responsibility>& embedded) override {
    online_services.push_back(x);
    responsibilities.insert(responsibilities.end(), embedded.begin(), embedded.end());
  }
  void write(const Responsibility& x) override { responsibilities.push_back(x); }
  void remove(ObjectKind kind, const ObjectId& id) override { removed.push_back(external_id(kind, id)); }
  void skipped(const Remark& remark) override { skips.push_back(remark); }
  void warning(const Remark& remark) override { warnings.push_back(remark); }
  std::optional<AreaKey> area_of_ags(std::string_view ags) override {
    if (ags == "01060063") return AreaKey::parse("010600063063").value();
    return std::nullopt;
  }
};

// A folder that goes when the test ends.
class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "verbund-xzufi-XXXXXX").string();
    path_ = ::mkdtemp(pattern.data());
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string write(const std::string& name, const std::string& bytes) const {
    std::filesystem::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << bytes;
    return *this / name;
  }

 private:
  std::filesystem::path path_;
};

struct Node {
  Folder folder;
  std::unique_ptr<store::Database> database;
  FixedClock clock{Instant(std::chrono::seconds(1'780'000'000))};

  Node() {
    auto migrations = object_migrations();
    for (auto& each : area_migrations()) migrations.push_back(std::move(each));
    store::Options options;
    options.path = store::testing::location(folder / "node.sqlite");
    auto opened = store::Database::open(options, migrations);
    if (!opened) throw std::runtime_error(opened.error().text());
    database = std::move(*opened);
  }

  Result<ImportSummary> import(const std::vector<std::string>& paths, const std::string& source = "test") {
    return import_xzufi(*database, clock, paths, source, {});
  }
  Result<ExportSummary> export_to(const std::string& path) { return export_xzufi(*database, path, {}); }

  std::int64_t last_sequence() {
    std::int64_t last = 0;
    database->read([&](store::Connection& connection) { last = ObjectStore(connection).last_sequence(); });
    return last;
  }
  std::int64_t count(ObjectKind kind) {
    std::int64_t found = 0;
    database->read([&](store::Connection& connection) { found = ObjectStore(connection).count(kind); });
    return found;
  }
  bool has(std::string_view external) {
    auto id = parse_external_id(external).value();
    bool found = false;
    database->read([&](store::Connection& connection) {
      found = ObjectStore(connection).body(id.first, id.second).has_value();
    });
    return found;
  }
  // Every object by its external id.
  std::map<std::string, std::string> state() {
    std::map<std::string, std::string> bodies;
    database->read([&](store::Connection& connection) {
      for (const auto kind : all_object_kinds) {
        ObjectStore(connection).each_body(
            kind, [&](const ObjectId& id, std::string_view body) { bodies.emplace(external_id(kind, id), body); });
      }
    });
    return bodies;
  }
};

// Every file of a folder with its bytes.
inline std::map<std::string, std::string> files_in(const std::string& folder) {
  std::map<std::string, std::string> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream in(entry.path(), std::ios::binary);
    files[entry.path().filename().string()] = std::string(std::istreambuf_iterator<char>(in), {});
  }
  return files;
}

// A 2.2.0 message around `items`.
inline std::string message(const std::string& items) {
  return "<xzufi:transfer xmlns:xzufi=\"http://xoev.de/schemata/xzufi/2_2_0\" xmlns:xsi=\"http://www.w3.org/2001/"
         "XMLSchema-instance\" xzufiVersion=\"2.2.0\"><xzufi:nachrichtenkopf/>" + items + "</xzufi:transfer>";
}
inline std::string written(const std::string& object) { return "<xzufi:schreibe>" + object + "</xzufi:schreibe>"; }
inline std::string service_xml(const std::string& id, const std::string& title, const std::string& more = "") {
  return written("<xzufi:leistung><xzufi:id schemeAgencyID=\"T1\">" + id +
                 "</xzufi:id><xzufi:modulText><xzufi:leikaTextmodul><code>02</code></xzufi:leikaTextmodul>"
                 "<xzufi:inhalt languageCode=\"de\">" + title + "</xzufi:inhalt></xzufi:modulText>" + more +
                 "</xzufi:leistung>");
}
inline std::string unit_xml(const std::string& id, const std::string& name, const std::string& more = "") {
  return written("<xzufi:organisationseinheit><xzufi:id schemeAgencyID=\"T1\">" + id +
                 "</xzufi:id><xzufi:name><xzufi:name languageCode=\"de\">" + name + "</xzufi:name></xzufi:name>" +
                 more + "</xzufi:organisationseinheit>");
}
inline std::string responsibility_xml(const std::string& id, const std::string& area = "01") {
  return "<xzufi:zustaendigkeit><xzufi:id schemeAgencyID=\"T1\" schemeID=\"ZustaendigkeitOrganisationseinheit\">" + id +
         "</xzufi:id><xzufi:leistungID schemeAgencyID=\"T1\">1</xzufi:leistungID><xzufi:gebietID>" + area +
         "</xzufi:gebietID></xzufi:zustaendigkeit>";
}
inline std::string transfer_xml(const std::string& holder, const std::string& responsibility) {
  return written("<xzufi:zustaendigkeitTransferObjekt><xzufi:uebergeordnetesObjektID schemeAgencyID=\"T1\">" + holder +
                 "</xzufi:uebergeordnetesObjektID>" + responsibility + "</xzufi:zustaendigkeitTransferObjekt>");
}

}  // namespace verbund::directory::xzufi::testing
