// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/import.h"

#include "base/text.h"
#include "directory/objects/delivered_links.h"

namespace verbund::directory {
namespace {

// Findings name foreign text: cut, so that a thousand of them stay small.
constexpr std::size_t place_bytes = 300;
constexpr std::size_t reason_bytes = 500;
// Missing targets that are told one by one, per kind that names them.
constexpr std::size_t missing_told = 50;

void shorten(std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return;
  text.resize(cut_utf8(text, bytes).size());
  text += "…";
}

// The words for one object and for several, as in "nennt die Leistung X" and "3 Zuständigkeiten".
struct Words { std::string_view article, one, many; };

Words words(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::service: return {"die", "Leistung", "Leistungen"};
    case ObjectKind::specialisation: return {"die", "Spezialisierung", "Spezialisierungen"};
    case ObjectKind::unit: return {"die", "Organisationseinheit", "Organisationseinheiten"};
    case ObjectKind::online_service: return {"den", "Onlinedienst", "Onlinedienste"};
    case ObjectKind::responsibility: return {"die", "Zuständigkeit", "Zuständigkeiten"};
  }
  return {"das", "Objekt", "Objekte"};
}

class StoreSink : public ImportSink {
 public:
  StoreSink(store::Connection& connection, const std::string& source, Instant now)
      : connection_(connection), objects_(connection), links_(connection), source_(source), now_(now) {
    summary_.source = source;
  }

  void put(const Service& object) override { store(object); }
  void put(const Specialisation& object) override {
    store(object);
    links_.add(ObjectKind::specialisation, object.id, ObjectKind::service, object.service);
  }
  void put(const OrganisationalUnit& object) override {
    store(object);
    if (object.parent) links_.add(ObjectKind::unit, object.id, ObjectKind::unit, *object.parent);
  }
  void put(const OnlineService& object) override {
    store(object);
    if (object.unit) links_.add(ObjectKind::online_service, object.id, ObjectKind::unit, *object.unit);
  }
  void put(const Responsibility& object) override {
    store(object);
    links_.add(ObjectKind::responsibility, object.id, ObjectKind::service, object.service);
    links_.add(ObjectKind::responsibility, object.id, object.holder_kind, object.holder);
  }

  void withdraw(ObjectKind kind, const ObjectId& id) override {
    if (objects_.withdraw(kind, id, now_)) ++counts(name(kind)).withdrawn;
  }

  void finding(ImportFinding finding) override {
    ++summary_.findings_total;
    if (summary_.findings.size() >= ImportSummary::findings_kept) return;
    shorten(finding.file, place_bytes);
    shorten(finding.object, place_bytes);
    shorten(finding.reason, reason_bytes);
    summary_.findings.push_back(std::move(finding));
  }

  void skipped(std::string_view kind_name, ImportFinding one) override {
    ++counts(kind_name).skipped;
    one.severity = ImportFinding::Severity::skipped;
    finding(std::move(one));
  }

  store::Connection& connection() override { return connection_; }
  ImportSummary& summary() override { return summary_; }

  void begin_stock() { objects_.begin_stock(source_); }
  void end_stock() {
    objects_.end_stock(source_, now_,
                       [this](ObjectKind kind, const ObjectId&) { ++counts(name(kind)).withdrawn; });
  }

  // Links to what is not there are usual between publishers: told, not refused.
  void report_missing_targets() {
    std::map<ObjectKind, std::int64_t> told, more;
    links_.each_missing([&](const DeliveredLinks::Target& target) {
      if (static_cast<std::size_t>(told[target.from_kind]) >= missing_told) {
        ++more[target.from_kind];
        return;
      }
      ++told[target.from_kind];
      const Words there = words(target.kind);
      std::string reason = "nennt " + std::string(there.article) + " " + std::string(there.one) + " " +
                           external_id(target.kind, target.id) + ", die es hier nicht gibt";
      if (target.kind == ObjectKind::online_service) {
        reason.replace(reason.rfind(", die "), 6, ", den ");
      }
      if (target.named > 1) {
        reason += " (mit ihr " + std::to_string(target.named) + " " + std::string(words(target.from_kind).many) + ")";
      }
      finding({ImportFinding::Severity::warning, {}, 0, target.example, std::move(reason)});
    });
    for (const auto& [kind, count] : more) {
      finding({ImportFinding::Severity::warning, {}, 0, {},
               std::string(words(kind).many) + " nennen noch " + std::to_string(count) +
                   " weitere Objekte, die es hier nicht gibt"});
    }
    links_.clear();
  }

 private:
  template <typename T>
  void store(const T& object) {
    auto& count = counts(name(kind_of<T>));
    switch (objects_.put(object, source_, now_)) {
      case PutOutcome::added: ++count.added; break;
      case PutOutcome::changed: ++count.changed; break;
      case PutOutcome::unchanged: ++count.unchanged; break;
      case PutOutcome::foreign:
        skipped(name(kind_of<T>), {ImportFinding::Severity::skipped, {}, 0, external_id(kind_of<T>, object.id),
                                   "für dieses Objekt spricht ein anderer Knoten des Netzes"});
    }
  }
  ImportSummary::Counts& counts(std::string_view kind_name) { return summary_.kinds[std::string(kind_name)]; }

  store::Connection& connection_;
  ObjectStore objects_;
  DeliveredLinks links_;
  const std::string& source_;
  Instant now_;
  ImportSummary summary_;
};

}  // namespace

Result<ImportSummary> run_import(store::Database& database, const Clock& clock, const ImportOptions& options,
                                 const std::function<Result<void>(ImportSink&)>& deliver) {
  if (options.source.empty() || options.source.size() > 200 || !is_utf8(options.source)) {
    return fail(ErrorCode::usage, "the name of a source is 1 to 200 bytes of UTF-8", options.source.substr(0, 200));
  }
  ImportSummary summary;
  auto written = database.write([&](store::Connection& connection) -> Result<void> {
    StoreSink sink(connection, options.source, clock.now());
    if (options.complete_stock) sink.begin_stock();
    if (auto delivered = deliver(sink); !delivered) return pass(delivered);
    if (options.complete_stock) sink.end_stock();
    sink.report_missing_targets();
    summary = std::move(sink.summary());
    return {};
  });
  if (!written) return pass(written);
  return summary;
}

}  // namespace verbund::directory
