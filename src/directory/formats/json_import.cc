// SPDX-License-Identifier: EUPL-1.2
// Our own export is written by a program and sealed by digests: any fault in it ends the import, nothing is skipped.
#include <filesystem>
#include <fstream>
#include <set>

#include "directory/formats/formats.h"
#include "directory/formats/json_layout.h"
#include "directory/formats/lines.h"
#include "directory/formats/restore_areas.h"
#include "directory/geography/area_store.h"

namespace verbund::directory {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t manifest_bytes = 1u << 20;
constexpr std::size_t areas_most = 200'000;
constexpr std::size_t postal_codes_most = 1'000'000;
constexpr std::size_t objects_most = 100'000'000;  // of one kind

constexpr std::string_view damaged_hint = "Der Export ist beschädigt oder verändert; exportieren Sie ihn neu";

class JsonImport {
 public:
  JsonImport(ImportSink& sink, const fs::path& folder, const ProgressReport& progress)
      : sink_(sink), folder_(folder), progress_(progress) {}

  Result<void> run() {
    if (auto read = read_manifest(); !read) return read;
    if (auto areas = take_areas(); !areas) return areas;
    for (ObjectKind kind : all_object_kinds) {
      if (auto taken = take_objects(kind); !taken) return taken;
    }
    return {};
  }

 private:
  std::string path(std::string_view file) const { return (folder_ / file).string(); }

  Result<void> read_manifest() {
    const std::string file = path(json_layout::manifest);
    std::ifstream in(file, std::ios::binary);
    if (!in) {
      return fail(ErrorCode::unavailable, "Der Ordner enthält kein manifest.json", file,
                  "Nennen Sie einen Ordner, den \"verbund export json\" geschrieben hat");
    }
    std::string text(manifest_bytes + 1, '\0');
    in.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(in.gcount()));
    auto json = parse_json(text, file, {.bytes = manifest_bytes, .depth = 8});
    if (!json) return pass(json);
    if (json->text_or("format") != json_layout::format) {
      return fail(ErrorCode::invalid, "Das Format heißt nicht " + std::string(json_layout::format), file);
    }
    const auto* version = (*json)["version"].if_int();
    if (!version || *version != json_layout::version) {
      return fail(ErrorCode::conflict, "Diese Version des Formats ist unbekannt", file,
                  "Verwenden Sie ein neueres Programm");
    }
    const std::string day(json->text_or("area_list_day"));
    const bool is_day = day.size() == 10 && day[4] == '-' && day[7] == '-' && parse_time(day).has_value();
    if (!day.empty() && !is_day) return fail(ErrorCode::invalid, "area_list_day ist kein Tag", file);
    manifest_ = std::move(*json);
    for (ObjectKind kind : all_object_kinds) {
      if (const auto* objects = manifest_["files"][name(kind)]["objects"].if_int(); objects && *objects > 0) {
        total_ += static_cast<std::uint64_t>(*objects);
      }
    }
    return {};
  }

  // Hands out the lines of a file in order and compares number and digest at its end.
  Result<void> lines(std::string_view kind, std::size_t most,
                     const std::function<Result<void>(std::string_view line)>& each) {
    const std::string file = path(json_layout::file_name(kind));
    std::error_code error;
    std::ifstream in;
    if (!fs::is_directory(file, error)) in.open(file, std::ios::binary);
    if (!in.is_open()) {
      return fail(ErrorCode::unavailable, "Die Datei des Exports fehlt", file, std::string(damaged_hint));
    }
    json_layout::Digest digest;
    auto read = read_lines(in, file, [&](std::string_view line, std::size_t number) -> Result<void> {
      digest.add(line);
      auto done = each(line);
      if (!done) {
        auto& where = done.error().where;
        where = at_line(file, number) + (where.empty() ? "" : " " + where);
      }
      return done;
    }, {.line_bytes = json_layout::line_bytes, .lines = most});
    if (!read) return read;
    const Json& expected = manifest_["files"][kind];
    const auto* objects = expected["objects"].if_int();
    if (!objects || *objects != digest.objects()) {
      return fail(ErrorCode::invalid,
                  "Die Datei hat " + std::to_string(digest.objects()) + " Zeilen, das Manifest nennt " +
                      (objects ? std::to_string(*objects) : "keine Zahl"),
                  file, std::string(damaged_hint));
    }
    if (expected.text_or("digest") != digest.value()) {
      return fail(ErrorCode::invalid, "Die Prüfsumme der Datei ist nicht die des Manifests", file,
                  std::string(damaged_hint));
    }
    return {};
  }

  template <typename T>
  static std::function<Result<void>(std::string_view)> into(std::vector<T>& list) {
    return [&list](std::string_view line) -> Result<void> {
      auto object = from_body<T>(line);
      if (!object) return pass(object);
      list.push_back(std::move(*object));
      return {};
    };
  }

  Result<void> take_areas() {
    std::vector<Area> areas;
    std::vector<PostalCodeEntry> codes;
    if (auto read = lines("area", areas_most, into(areas)); !read) return read;
    if (auto read = lines("postal_code", postal_codes_most, into(codes)); !read) return read;
    const std::string day(manifest_.text_or("area_list_day"));
    auto restored = restore_areas({areas, codes, day, path("area.ndjson"), path("postal_code.ndjson")}, sink_);
    if (!restored) return pass(restored);
    if (*restored) return {};
    AreaStore store(sink_.connection());
    const std::string day_here = store.list_day();
    if (areas.empty()) return {};
    if (day < day_here) {
      sink_.finding({ImportFinding::Severity::warning, path("area.ndjson"), 0, {},
                     "Die Gebiete sind vom " + day + ", hier gilt schon die Liste vom " + day_here +
                         ": sie bleibt"});
      return {};
    }
    std::erase_if(areas, [](const Area& area) { return !area.valid_until.empty(); });
    auto outcome = store.replace_all(areas, day);
    if (!outcome) return pass(outcome);
    sink_.summary().kinds["area"] = {outcome->added, outcome->changed, outcome->unchanged, outcome->ended, 0};
    if (codes.empty()) return {};
    std::vector<PostalCodeEntry> unknown;
    auto replaced = store.replace_postal_codes(codes, &unknown);
    if (!replaced) return pass(replaced);
    sink_.summary().kinds["postal_code"] = {replaced->added, replaced->changed, replaced->unchanged, replaced->ended,
                                            static_cast<std::int64_t>(unknown.size())};
    return {};
  }

  Result<void> take_objects(ObjectKind kind) {
    switch (kind) {
      case ObjectKind::unit: return take<OrganisationalUnit>();
      case ObjectKind::service: return take<Service>();
      case ObjectKind::specialisation: return take<Specialisation>();
      case ObjectKind::online_service: return take<OnlineService>();
      case ObjectKind::responsibility: return take<Responsibility>();
    }
    return {};
  }

  template <typename T>
  Result<void> take() {
    ObjectId last;
    return lines(name(kind_of<T>), objects_most, [&](std::string_view line) -> Result<void> {
      auto object = from_body<T>(line);
      if (!object) return pass(object);
      if (!(last < object->id)) {
        return fail(ErrorCode::invalid, "Die Zeilen sind nicht nach id geordnet oder eine id kommt zweimal vor", {},
                    std::string(damaged_hint));
      }
      last = object->id;
      sink_.put(*object);
      if (progress_ && ++done_ % 500 == 0) progress_(done_, total_, done_);
      return {};
    });
  }

  ImportSink& sink_;
  const fs::path folder_;
  const ProgressReport& progress_;
  Json manifest_;
  std::uint64_t total_ = 0, done_ = 0;
};

}  // namespace

Result<ImportSummary> import_json(store::Database& database, const Clock& clock, const std::string& folder,
                                  std::string source, const ProgressReport& progress) {
  fs::path path(folder);
  if (path.filename().empty()) path = path.parent_path();  // "exports/today/"
  ImportOptions options;
  options.source = source.empty() ? "json:" + path.filename().string() : std::move(source);
  options.complete_stock = true;
  return run_import(database, clock, options,
                    [&](ImportSink& sink) { return JsonImport(sink, path, progress).run(); });
}

}  // namespace verbund::directory
