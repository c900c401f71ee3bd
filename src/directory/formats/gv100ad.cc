// SPDX-License-Identifier: EUPL-1.2
#include "directory/formats/gv100ad.h"

#include <filesystem>
#include <fstream>

#include "base/text.h"
#include "directory/formats/formats.h"
#include "directory/formats/lines.h"
#include "directory/geography/area_store.h"

namespace verbund::directory {
namespace {

// Germany has 16,000 records; ten times as many are no list of Germany.
constexpr LineLimits limits{.line_bytes = 2048, .lines = 160'000};
// A new list that has so much less than the one that is there is a cut file, not a reform.
constexpr std::size_t areas_compared_from = 100;
constexpr std::size_t percent_expected = 80;

std::unexpected<Error> at(Result<void>& result, std::string_view file, std::size_t line) {
  auto error = std::move(result.error());
  if (error.where.empty()) error.where = at_line(file, line);
  return std::unexpected(std::move(error));
}

struct Opened {
  std::ifstream stream;
  std::uint64_t bytes = 0;
};

Result<Opened> open(const std::string& file) {
  Opened opened;
  std::error_code error;
  if (std::filesystem::is_directory(file, error)) {
    return fail(ErrorCode::unavailable, "Das ist ein Ordner, keine Datei", file);
  }
  opened.stream.open(file, std::ios::binary);
  if (!opened.stream) return fail(ErrorCode::unavailable, "Die Datei lässt sich nicht öffnen", file);
  const auto bytes = std::filesystem::file_size(file, error);
  opened.bytes = error ? 0 : bytes;
  return opened;
}

// The whole file decides: one German name in ISO-8859-1 is hardly ever valid UTF-8.
Result<bool> whole_file_is_utf8(const std::string& file) {
  auto opened = open(file);
  if (!opened) return pass(opened);
  bool utf8 = true;
  auto read = read_lines(opened->stream, file, [&](std::string_view line, std::size_t number) -> Result<void> {
    if (line.find('\0') != std::string_view::npos) {
      return fail(ErrorCode::invalid, "Die Datei enthält Nullbytes, sie ist keine Textdatei", at_line(file, number));
    }
    utf8 = utf8 && is_utf8(line);
    return {};
  }, limits);
  if (!read) return pass(read);
  return utf8;
}

Result<void> read_records(const std::string& file, bool utf8, GvAreas& areas, const ProgressReport& progress) {
  auto opened = open(file);
  if (!opened) return pass(opened);
  std::uint64_t bytes = 0;
  return read_lines(opened->stream, file, [&](std::string_view line, std::size_t number) -> Result<void> {
    bytes += line.size() + 1;
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    if (trim(line).empty()) return {};
    const std::string text = utf8 ? std::string(line) : latin1_to_utf8(line);
    Result<void> done;
    if (auto record = parse_gv_record(text); !record) done = pass(record);
    else if (*record) done = areas.add(**record);
    if (!done) return at(done, file, number);
    if (progress && number % 500 == 0) progress(bytes, opened->bytes, areas.records());
    return {};
  }, limits);
}

}  // namespace

Result<ImportSummary> import_gv100ad(store::Database& database, const Clock& clock, const std::string& file,
                                     const ProgressReport& progress) {
  auto utf8 = whole_file_is_utf8(file);
  if (!utf8) return pass(utf8);
  GvAreas gathered;
  if (auto read = read_records(file, *utf8, gathered, progress); !read) return pass(read);
  auto areas = gathered.finish();
  if (!areas) {
    areas.error().where = file;
    return pass(areas);
  }

  ImportOptions options;
  options.source = "gebiete:gv100ad";
  return run_import(database, clock, options, [&](ImportSink& sink) -> Result<void> {
    AreaStore store(sink.connection());
    std::size_t valid_now = 0;
    store.each_area([&](const Area& area) { valid_now += area.valid_until.empty(); });
    if (valid_now >= areas_compared_from && areas->size() * 100 < valid_now * percent_expected) {
      return fail(ErrorCode::conflict,
                  "Die Liste hat nur " + std::to_string(areas->size()) + " Gebiete, vorhanden sind " +
                      std::to_string(valid_now) + "; die Datei ist wohl abgeschnitten", file,
                  "Laden Sie die Datei noch einmal vollständig herunter");
    }
    auto outcome = store.replace_all(*areas, gathered.day());
    if (!outcome) {
      if (outcome.error().where.empty()) outcome.error().where = file;
      return pass(outcome);
    }
    sink.summary().kinds["area"] = {outcome->added, outcome->changed, outcome->unchanged, outcome->ended, 0};
    if (progress) progress(1, 1, areas->size());
    return {};
  });
}

}  // namespace verbund::directory
