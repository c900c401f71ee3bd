// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/postcodes.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <optional>

#include "base/text.h"
#include "directory/formats/formats.h"
#include "directory/formats/lines.h"
#include "directory/geography/area_store.h"

namespace verbund::directory {
namespace {

constexpr LineLimits limits{.line_bytes = 4096, .lines = 200'000};  // Germany has 12,871 rows
constexpr std::size_t rows_compared_from = 100;  // a new list much shorter than that is a cut file
constexpr std::size_t percent_expected = 80;
constexpr std::size_t unknown_told = 200;        // unknown municipality keys that are told one by one

std::unexpected<Error> broken(std::string message, std::string_view name, std::size_t line) {
  return fail(ErrorCode::invalid, std::move(message), at_line(name, line),
              "Erwartet wird die Liste zuordnung_plz_ort.csv von suche-postleitzahl.org");
}

// Rows whose municipality key no area has: old keys, mostly.
class Unknown {
 public:
  void add(const PostalCodeRow& row) {
    ++rows_;
    auto found = by_ags_.find(row.ags);
    if (found == by_ags_.end()) {
      if (by_ags_.size() >= unknown_told) {
        ++more_;
        return;
      }
      found = by_ags_.emplace(row.ags, Entry{row, 0}).first;
    }
    ++found->second.rows;
  }
  void tell(ImportSink& sink, const std::string& file) const {
    sink.summary().kinds["postal_code"].skipped += rows_;
    for (const auto& [ags, entry] : by_ags_) {
      sink.finding({ImportFinding::Severity::skipped, file, entry.first.line, "AGS " + ags,
                    entry.first.place + " mit " + std::to_string(entry.rows) +
                        (entry.rows == 1 ? " Postleitzahl" : " Postleitzahlen") +
                        ": Diesen Gemeindeschlüssel kennt das Gemeindeverzeichnis nicht"});
    }
    if (more_ > 0) {
      sink.finding({ImportFinding::Severity::skipped, file, 0, {},
                    "noch " + std::to_string(more_) + " Zeilen mit unbekannten Gemeindeschlüsseln"});
    }
  }

 private:
  struct Entry { PostalCodeRow first; std::int64_t rows; };
  std::map<std::string, Entry> by_ags_;
  std::int64_t rows_ = 0, more_ = 0;
};

}  // namespace

Result<void> read_postal_code_rows(std::istream& in, std::string_view name,
                                   const std::function<Result<void>(PostalCodeRow row)>& each) {
  std::optional<std::size_t> ags_at, place_at, code_at;
  std::size_t columns = 0;
  const auto row_of = [&](const std::vector<std::string>& fields, std::size_t line) -> Result<void> {
    if (columns == 0) {
      columns = fields.size();
      for (std::size_t i = 0; i < columns; ++i) {
        if (fields[i] == "ags") ags_at = i;
        if (fields[i] == "ort") place_at = i;
        if (fields[i] == "plz") code_at = i;
      }
      if (!ags_at || !place_at || !code_at) {
        return broken("Die Kopfzeile nennt nicht die Spalten ags, ort und plz", name, line);
      }
      return {};
    }
    if (fields.size() != columns) {
      return broken("Die Zeile hat " + std::to_string(fields.size()) + " Felder statt " + std::to_string(columns),
                    name, line);
    }
    PostalCodeRow row{fields[*ags_at], std::string(trim(fields[*place_at])), fields[*code_at], line};
    if (!is_utf8(row.place)) return broken("Der Ort ist kein UTF-8", name, line);
    if (!is_digits(row.ags) || row.ags.size() < 7 || row.ags.size() > 8) {
      return broken("Der Gemeindeschlüssel (ags) hat nicht 8 Ziffern", name, line);
    }
    if (row.ags.size() == 7) row.ags.insert(0, 1, '0');  // a table calculation ate the zero
    if (is_digits(row.postal_code) && row.postal_code.size() == 4) row.postal_code.insert(0, 1, '0');
    if (!is_digits(row.postal_code) || row.postal_code.size() != 5) {
      return broken("Die Postleitzahl (plz) hat nicht 5 Ziffern", name, line);
    }
    return each(std::move(row));
  };
  if (auto read = read_csv(in, name, row_of, limits); !read) return read;
  if (columns == 0) return broken("Die Datei ist leer", name, 1);
  return {};
}

Result<ImportSummary> import_postcodes(store::Database& database, const Clock& clock, const std::string& file,
                                       const ProgressReport& progress) {
  std::error_code error;
  std::ifstream in;
  if (!std::filesystem::is_directory(file, error)) in.open(file, std::ios::binary);
  if (!in.is_open()) return fail(ErrorCode::unavailable, "Die Datei lässt sich nicht öffnen", file);
  const auto size = std::filesystem::file_size(file, error);
  const std::uint64_t bytes = error ? 0 : size;

  ImportOptions options;
  options.source = "gebiete:postleitzahlen";
  return run_import(database, clock, options, [&](ImportSink& sink) -> Result<void> {
    AreaStore store(sink.connection());
    std::map<std::string, AreaKey> by_ags;
    store.each_area([&](const Area& area) {
      if (!area.valid_until.empty()) return;
      if (auto ags = municipality_key(area); !ags.empty()) by_ags.emplace(std::move(ags), area.key);
    });
    if (by_ags.empty()) {
      return fail(ErrorCode::conflict, "Es sind noch keine Gemeinden da", file, "Zuerst: verbund import gv100ad DATEI");
    }

    std::vector<PostalCodeEntry> entries;
    Unknown unknown;
    auto read = read_postal_code_rows(in, file, [&](PostalCodeRow row) -> Result<void> {
      if (progress && entries.size() % 500 == 0)
        progress(static_cast<std::uint64_t>(in.tellg()), bytes, entries.size());
      auto found = by_ags.find(row.ags);
      if (found == by_ags.end())
        unknown.add(row);
      else
        entries.push_back({std::move(row.postal_code), found->second, std::move(row.place)});
      return {};
    });
    if (!read) return read;
    if (entries.empty()) return broken("Die Liste nennt keine bekannte Gemeinde", file, 1);

    std::size_t there = 0;
    store.each_postal_code([&](const PostalCodeEntry&) { ++there; });
    if (there >= rows_compared_from && entries.size() * 100 < there * percent_expected) {
      return fail(ErrorCode::conflict,
                  "Die Liste hat nur " + std::to_string(entries.size()) + " Zuordnungen, vorhanden sind " +
                      std::to_string(there) + "; die Datei ist wohl abgeschnitten", file,
                  "Laden Sie die Datei noch einmal vollständig herunter");
    }
    std::vector<PostalCodeEntry> without_area;
    auto outcome = store.replace_postal_codes(entries, &without_area);
    if (!outcome) return pass(outcome);
    sink.summary().kinds["postal_code"] = {outcome->added, outcome->changed, outcome->unchanged, outcome->ended, 0};
    unknown.tell(sink, file);
    for (const auto& entry : without_area) {
      sink.skipped("postal_code", {ImportFinding::Severity::skipped, file, 0, entry.postal_code + " " + entry.place,
                                   "Das Gebiet " + entry.area.padded() + " gibt es nicht"});
    }
    if (progress) progress(bytes, bytes, entries.size());
    return {};
  });
}

}  // namespace verbund::directory
