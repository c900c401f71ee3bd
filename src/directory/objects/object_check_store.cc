// SPDX-License-Identifier: EUPL-1.2
#include "directory/geography/area_store.h"
#include "directory/objects/body.h"
#include "directory/objects/object_check.h"
#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"
#include "kits/store/unavailable.h"

namespace verbund::directory {
namespace {

// kind agency local of the row at hand, as a person reads it.
std::string row_name(const store::Statement& row) {
  return std::string(row.text(0)) + " " + std::string(row.text(1)) + " " + std::string(row.text(2));
}

}  // namespace

std::vector<std::string> body_findings(store::Connection& connection, std::int64_t* bodies) {
  std::vector<std::string> findings;
  *bodies = 0;
  auto rows = connection.prepare(
      "SELECT o.kind, o.agency, o.local, o.digest, b.body FROM directory_object o"
      " LEFT JOIN directory_body b ON b.kind = o.kind AND b.agency = o.agency AND b.local = o.local"
      " ORDER BY o.kind, o.agency, o.local");
  while (rows.step()) {
    ++*bodies;
    if (rows.is_null(4)) {
      findings.push_back(row_name(rows) + ": the body is missing");
      continue;
    }
    try {
      if (crypto::sha256_hex(rows.text(4)) == rows.text(3)) continue;
      findings.push_back(row_name(rows) + ": the body is not the one that was stored");
    } catch (const store::Unavailable&) {
      throw;
    } catch (const store::Failure& failure) {   // it is kept with those of others, and is not there
      findings.push_back(row_name(rows) + ": the body cannot be read: " + failure.what());
    }
  }
  auto alone = connection.prepare(
      "SELECT b.kind, b.agency, b.local FROM directory_body b"
      " LEFT JOIN directory_object o ON b.kind = o.kind AND b.agency = o.agency AND b.local = o.local"
      " WHERE o.kind IS NULL ORDER BY b.kind, b.agency, b.local");
  while (alone.step()) findings.push_back(row_name(alone) + ": a body without its object");
  return findings;
}

std::vector<std::string> change_findings(store::Connection& connection) {
  std::vector<std::string> findings;
  auto rows = connection.prepare(
      "SELECT c.kind, c.agency, c.local, c.withdrawn, c.digest, o.digest FROM directory_change c"
      " JOIN (SELECT MAX(sequence) AS newest FROM directory_change GROUP BY kind, agency, local) n"
      " ON n.newest = c.sequence"
      " LEFT JOIN directory_object o ON o.kind = c.kind AND o.agency = c.agency AND o.local = c.local"
      " WHERE (c.withdrawn = 0 AND o.digest IS NULL) OR (c.withdrawn <> 0 AND o.digest IS NOT NULL)"
      " OR (c.withdrawn = 0 AND o.digest <> c.digest) ORDER BY c.sequence");
  while (rows.step()) {
    findings.push_back(row_name(rows) + (rows.number(3) != 0 ? ": there although it was withdrawn"
                                         : rows.is_null(5)   ? ": not there although it was put"
                                                             : ": another state than the one that was put last"));
  }
  auto unsaid = connection.prepare(
      "SELECT o.kind, o.agency, o.local FROM directory_object o LEFT JOIN directory_change c"
      " ON c.kind = o.kind AND c.agency = o.agency AND c.local = o.local WHERE c.sequence IS NULL"
      " ORDER BY o.kind, o.agency, o.local");
  while (unsaid.step()) findings.push_back(row_name(unsaid) + ": there although no change says so");
  return findings;
}

std::string state_fingerprint(store::Connection& connection) {
  std::string hash = crypto::sha256_hex("");
  const auto take = [&hash](std::string_view line) { hash = crypto::sha256_hex(hash + "\n" + std::string(line)); };
  const AreaStore areas(connection);
  areas.each_area([&](const Area& area) { take(to_body(area)); });
  areas.each_postal_code([&](const PostalCodeEntry& entry) { take(to_body(entry)); });
  auto rows = connection.prepare("SELECT kind, agency, local, digest FROM directory_object ORDER BY kind, agency, local");
  while (rows.step()) take(row_name(rows) + " " + std::string(rows.text(3)));
  return hash;
}

}  // namespace verbund::directory
