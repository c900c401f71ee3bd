// SPDX-License-Identifier: EUPL-1.2
// A DLDB catalogue as one complete stock: services, offices, authorities, online services and who does what.
// Only ids and pairs of ids are held in memory; the files are read one entry at a time (the offices twice).
#include "directory/formats/dldb.h"

#include <filesystem>
#include <map>
#include <set>

#include "base/text.h"
#include "directory/formats/formats.h"
#include "directory/geography/area_store.h"

namespace verbund::directory {
namespace {

constexpr JsonLimits limits{.bytes = 8u << 20, .depth = 64};  // of one entry
constexpr std::size_t pairs_most = 1'000'000;                 // service at office; Berlin has 5,600
constexpr std::size_t entries_most = 200'000;                 // services, offices
constexpr std::size_t ids_shown = 5;                          // of unknown ids in one finding

struct Missing {
  std::int64_t count = 0;
  std::string ids;
  void add(std::string_view id) {
    if (++count <= static_cast<std::int64_t>(ids_shown))
      ids += (ids.empty() ? "" : ", ") + std::string(cut_utf8(id, 60));
    else if (count == static_cast<std::int64_t>(ids_shown) + 1) ids += " …";
  }
  std::string sentence(const std::string& one, const std::string& many) const {
    return "nennt " + (count == 1 ? one : std::to_string(count) + " " + many) + ": " + ids;
  }
};

class DldbImport {
 public:
  DldbImport(ImportSink& sink, const std::string& services_file, const std::string& locations_file,
             const std::string& agency, const AreaKey& area, const ProgressReport& progress)
      : sink_(sink), services_file_(services_file), locations_file_(locations_file), agency_(agency), area_(area),
        progress_(progress) {
    std::error_code error;
    for (const auto* file : {&services_file_, &locations_file_, &locations_file_}) {
      const auto bytes = std::filesystem::file_size(*file, error);
      if (!error) bytes_total_ += bytes;
    }
  }

  Result<void> run() {
    if (auto known = collect_locations(); !known) return known;
    if (auto read =
            read_file(services_file_, [this](const Json& entry, std::size_t line) { return service(entry, line); });
        !read)
      return read;
    if (services_.empty()) return nothing(services_file_, "Leistung");
    put_authorities();
    if (auto read =
            read_file(locations_file_, [this](const Json& entry, std::size_t line) { return location(entry, line); });
        !read)
      return read;
    return {};
  }

 private:
  static std::unexpected<Error> nothing(const std::string& file, const std::string& what) {
    return fail(ErrorCode::invalid, "Die Datei enthält keine " + what, file,
                "Erwartet wird eine DLDB-Datei mit dem Feld \"data\"");
  }

  Result<void> read_file(const std::string& file, const std::function<Result<void>(const Json&, std::size_t)>& each) {
    auto read = read_json_array(file, "data", [&](Json entry, std::size_t line) -> Result<void> {
      ++entries_;
      return each(entry, line);
    }, limits, [&](std::size_t bytes) {
      if (progress_) progress_(bytes_before_ + bytes, bytes_total_, entries_);
    });
    std::error_code error;
    const auto bytes = std::filesystem::file_size(file, error);
    if (!error) bytes_before_ += bytes;
    return read;
  }

  // The ids of the offices, and the names of authorities that only some offices have.
  Result<void> collect_locations() {
    auto read = read_file(locations_file_, [this](const Json& entry, std::size_t) -> Result<void> {
      auto location = read_dldb_location(entry, agency_);
      if (!location) return {};  // told when it is read for good
      if (locations_.size() >= entries_most) return too_many(locations_file_);
      locations_.emplace(location->unit.id.local, std::string());
      learn(location->authority);
      return {};
    });
    if (read && locations_.empty()) return nothing(locations_file_, "Standorte");
    return read;
  }

  Result<void> service(const Json& entry, std::size_t line) {
    auto read = read_dldb_service(entry, agency_);
    if (!read) return skip(ObjectKind::service, services_file_, line, entry, read.error().message);
    const std::string id = read->service.id.local;
    if (!services_.insert(id).second) {
      return skip(ObjectKind::service, services_file_, line, entry, "Die Leistung kommt zweimal vor");
    }
    if (services_.size() > entries_most) return too_many(services_file_);
    const std::string name = external_id(ObjectKind::service, read->service.id);
    sink_.put(read->service);
    for (const auto& online : read->online) {
      if (auto put = offer_online(online, read->service.id); !put) return put;
      for (const auto& link : online.links) online_links_.insert(id + " " + link.uri);
    }
    for (const auto& remark : read->remarks) warn(services_file_, line, name, remark);

    Missing missing;
    for (const auto& authority : read->authorities) learn(authority);
    for (const auto& place : read->places) {
      learn(place.authority);
      auto found = locations_.find(place.location);
      if (found == locations_.end()) {
        missing.add(place.location);
        continue;
      }
      if (found->second.empty()) found->second = place.authority.id;
      if (auto done = responsible(read->service.id, place.location); !done) return done;
    }
    if (missing.count > 0) {
      warn(services_file_, line, name, missing.sentence("einen Standort, der in der Standortdatei nicht steht",
                                                        "Standorte, die in der Standortdatei nicht stehen"));
    }
    // Without any office the authority itself is the one to ask.
    if (read->places.empty() && !read->authorities.empty() && !read->authorities.front().name.empty()) {
      return responsible(read->service.id, "behoerde-" + read->authorities.front().id);
    }
    return {};
  }

  Result<void> location(const Json& entry, std::size_t line) {
    auto read = read_dldb_location(entry, agency_);
    if (!read) return skip(ObjectKind::unit, locations_file_, line, entry, read.error().message);
    const std::string id = read->unit.id.local;
    if (!units_put_.insert(id).second) {
      return skip(ObjectKind::unit, locations_file_, line, entry, "Der Standort kommt zweimal vor");
    }
    std::string authority = read->authority.id;
    if (authority.empty()) authority = locations_[id];
    if (authorities_.contains(authority)) {
      if (auto parent = make_object_id(agency_, "behoerde-" + authority)) read->unit.parent = std::move(*parent);
    }
    const std::string name = external_id(ObjectKind::unit, read->unit.id);
    sink_.put(read->unit);
    for (const auto& remark : read->remarks) warn(locations_file_, line, name, remark);

    Missing missing;
    for (const auto& offer : read->services) {
      if (!services_.contains(offer.service)) {
        missing.add(offer.service);
        continue;
      }
      const ObjectId service{agency_, offer.service};
      if (auto done = responsible(service, id); !done) return done;
      if (offer.online_link.empty() || !online_links_.insert(offer.service + " " + offer.online_link).second) continue;
      auto online = dldb_online_service(agency_, offer.service + "-online-" + id, "apply", "Online erledigen",
                                        offer.online_link, "de");
      if (!online) continue;  // ids too long together: the link is on the page of the office
      online->unit = read->unit.id;
      online->version.changed_at = read->unit.version.changed_at;
      if (auto put = offer_online(*online, service); !put) return put;
    }
    if (missing.count > 0) {
      warn(locations_file_, line, name, missing.sentence("eine Leistung, die in der Leistungsdatei nicht steht",
                                                         "Leistungen, die in der Leistungsdatei nicht stehen"));
    }
    return {};
  }

  void learn(const DldbAuthority& authority) {
    if (authority.id.empty() || authority.name.empty() || authorities_.size() >= entries_most) return;
    authorities_.try_emplace(authority.id, authority);
  }

  void put_authorities() {
    for (auto at = authorities_.begin(); at != authorities_.end();) {
      auto unit = dldb_authority_unit(at->second, agency_);
      if (unit) {
        sink_.put(*unit);
        ++at;
      } else {
        warn(locations_file_, 0, at->first, "Die Behörde hat keine brauchbare id: " + unit.error().message);
        at = authorities_.erase(at);
      }
    }
  }

  // Both files name the pairs, each some that the other does not: the union counts, each pair once.
  Result<void> responsible(const ObjectId& service, const std::string& unit) {
    if (!pairs_.insert(service.local + " " + unit).second) return {};
    if (pairs_.size() > pairs_most) return too_many(locations_file_);
    return put_responsibility(service, ObjectKind::unit, {agency_, unit}, service.local + "-" + unit);
  }

  Result<void> offer_online(const OnlineService& online, const ObjectId& service) {
    sink_.put(online);
    return put_responsibility(service, ObjectKind::online_service, online.id, online.id.local);
  }

  Result<void> put_responsibility(const ObjectId& service, ObjectKind kind, ObjectId holder, const std::string& local) {
    auto id = make_object_id(agency_, local);
    if (!id) {
      warn(locations_file_, 0, external_id(ObjectKind::service, service), "Die Zuständigkeit hat keine brauchbare id");
      return {};
    }
    Responsibility responsibility;
    responsibility.id = std::move(*id);
    responsibility.holder_kind = kind;
    responsibility.holder = std::move(holder);
    responsibility.service = service;
    responsibility.areas = {area_};
    responsibility.role = "01";
    sink_.put(responsibility);
    return {};
  }

  Result<void> skip(ObjectKind kind, const std::string& file, std::size_t line, const Json& entry, std::string reason) {
    std::string shown;
    if (const auto* id = entry["id"].if_string()) shown = *id;
    if (const auto* id = entry["id"].if_int()) shown = std::to_string(*id);
    sink_.skipped(name(kind), {ImportFinding::Severity::skipped, file, line, std::move(shown), std::move(reason)});
    return {};
  }

  void warn(const std::string& file, std::size_t line, std::string object, std::string reason) {
    sink_.finding({ImportFinding::Severity::warning, file, line, std::move(object), std::move(reason)});
  }

  static Result<void> too_many(const std::string& file) {
    return fail(ErrorCode::too_large, "Der Katalog hat zu viele Einträge oder Verknüpfungen", file,
                "Teilen Sie ihn auf mehrere Redaktionen auf");
  }

  ImportSink& sink_;
  const std::string &services_file_, &locations_file_, &agency_;
  const AreaKey& area_;
  const ProgressReport& progress_;
  std::uint64_t bytes_total_ = 0, bytes_before_ = 0, entries_ = 0;
  std::set<std::string> services_, units_put_, pairs_, online_links_;
  std::map<std::string, std::string> locations_;          // id -> id of its authority, as services tell it
  std::map<std::string, DldbAuthority> authorities_;      // those with a name
};

}  // namespace

Result<ImportSummary> import_dldb(store::Database& database, const Clock& clock, const std::string& services_file,
                                  const std::string& locations_file, const std::string& agency, const AreaKey& area,
                                  const ProgressReport& progress) {
  if (auto id = make_object_id(agency, "x"); !id) {
    return fail(ErrorCode::usage, "Die Kennung der Redaktion ist nicht brauchbar: " + id.error().message, agency,
                "Zum Beispiel --agency L100108");
  }
  ImportOptions options;
  options.source = "dldb:" + agency;
  options.complete_stock = true;
  return run_import(database, clock, options, [&](ImportSink& sink) -> Result<void> {
    AreaStore areas(sink.connection());
    if (!areas.list_day().empty() && !areas.area(area) && !area.digits().empty()) {
      return fail(ErrorCode::not_found, "Das Gebiet " + area.padded() + " gibt es nicht", "--area",
                  "Der Regionalschlüssel von München ist 091620000000, der von Berlin 11");
    }
    return DldbImport(sink, services_file, locations_file, agency, area, progress).run();
  });
}

}  // namespace verbund::directory
