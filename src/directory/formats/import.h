// SPDX-License-Identifier: EUPL-1.2
// One import = one source = one transaction: all or nothing, repeatable without effect, with a summary.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "directory/objects/object_store.h"
#include "kits/json/json.h"
#include "kits/store/store.h"

namespace verbund::directory {

// Something a person at the source should look at.
struct ImportFinding {
  enum class Severity { skipped, warning };   // skipped: the object did not go in
  Severity severity;
  std::string file;
  std::size_t line;        // 1-based, 0: unknown
  std::string object;      // external id or what is known of it
  std::string reason;      // German sentence
};

struct ImportSummary {
  struct Counts { std::int64_t added = 0, changed = 0, unchanged = 0, withdrawn = 0, skipped = 0; };
  std::string source;
  std::map<std::string, Counts> kinds;              // by name(ObjectKind), or "area", "postal_code"
  std::vector<ImportFinding> findings;              // the first findings_kept
  std::int64_t findings_total = 0;
  static constexpr std::size_t findings_kept = 1000;

  Json to_json() const;
  std::string to_text() const;                      // German, several lines, as the command prints it
};

// What a format reader writes to. Requires: used inside run_import only.
class ImportSink {
 public:
  virtual ~ImportSink() = default;
  virtual void put(const Service&) = 0;
  virtual void put(const Specialisation&) = 0;
  virtual void put(const OrganisationalUnit&) = 0;
  virtual void put(const OnlineService&) = 0;
  virtual void put(const Responsibility&) = 0;
  virtual void withdraw(ObjectKind kind, const ObjectId& id) = 0;   // unknown ids: no-op
  virtual void finding(ImportFinding finding) = 0;                  // a skipped one counts for `kind` if given
  virtual void skipped(std::string_view kind_name, ImportFinding finding) = 0;
  virtual store::Connection& connection() = 0;                      // for areas and look-ups
  virtual ImportSummary& summary() = 0;
};

struct ImportOptions {
  std::string source;             // "muenchen", "xzufi:SH" ... 1-200 bytes
  bool complete_stock = false;    // what the source owned and does not deliver now is withdrawn
};

// Runs `deliver` in one write transaction. An error from it rolls everything back and is passed on.
// After the objects: links to services or holders that are not there become warnings, not errors.
Result<ImportSummary> run_import(store::Database& database, const Clock& clock, const ImportOptions& options,
                                 const std::function<Result<void>(ImportSink&)>& deliver);

using ProgressReport = std::function<void(std::uint64_t bytes_done, std::uint64_t bytes_total, std::uint64_t items)>;

}  // namespace verbund::directory
