// SPDX-License-Identifier: EUPL-1.2
#include <filesystem>

#include "directory/formats/export_folder.h"
#include "directory/formats/formats.h"
#include "directory/formats/json_layout.h"
#include "directory/geography/area_store.h"
#include "directory/objects/object_store.h"

namespace verbund::directory {
namespace {

class JsonExport {
 public:
  JsonExport(store::Connection& connection, const std::string& folder, const ProgressReport& progress)
      : areas_(connection), objects_(connection), folder_(folder), progress_(progress) {
    for (ObjectKind kind : all_object_kinds) total_ += static_cast<std::uint64_t>(objects_.count(kind));
  }

  Result<ExportSummary> run() {
    using Line = std::function<void(std::string_view)>;
    auto done = file("area", [this](const Line& line) {
      areas_.each_area([&](const Area& area) { line(to_body(area)); });
    });
    if (!done) return pass(done);
    done = file("postal_code", [this](const Line& line) {
      areas_.each_postal_code([&](const PostalCodeEntry& entry) { line(to_body(entry)); });
    });
    if (!done) return pass(done);
    for (ObjectKind kind : all_object_kinds) {
      done = file(name(kind), [this, kind](const Line& line) {
        objects_.each_body(kind, [&](const ObjectId&, std::string_view body) {
          line(body);
          if (progress_ && ++objects_done_ % 500 == 0) progress_(objects_done_, total_, objects_done_);
        });
      });
      if (!done) return pass(done);
    }
    const Json manifest = Json::object({{"format", json_layout::format},
                                        {"version", json_layout::version},
                                        {"area_list_day", areas_.list_day()},
                                        {"files", files_}});
    ExportFile out(std::filesystem::path(folder_) / json_layout::manifest);
    out.write(manifest.to_pretty() + "\n");
    if (auto finished = out.finish(); !finished) return pass(finished);
    if (progress_) progress_(total_, total_, total_);
    return std::move(summary_);
  }

 private:
  Result<void> file(std::string_view kind,
                    const std::function<void(const std::function<void(std::string_view)>&)>& fill) {
    const std::string file_name = json_layout::file_name(kind);
    ExportFile out(std::filesystem::path(folder_) / file_name);
    json_layout::Digest digest;
    fill([&](std::string_view line) {
      digest.add(line);
      out.write(line);
      out.write("\n");
    });
    files_.set(std::string(kind), Json::object({{"objects", digest.objects()}, {"digest", digest.value()}}));
    summary_.files.emplace_back(file_name, digest.objects());
    return out.finish();
  }

  AreaStore areas_;
  ObjectStore objects_;
  const std::string& folder_;
  const ProgressReport& progress_;
  std::uint64_t total_ = 0, objects_done_ = 0;
  Json files_{Json::Object{}};
  ExportSummary summary_;
};

}  // namespace

Result<ExportSummary> export_json(store::Database& database, const std::string& folder,
                                  const ProgressReport& progress) {
  if (auto ready = prepare_export_folder(folder); !ready) return pass(ready);
  Result<ExportSummary> summary;
  database.read([&](store::Connection& connection) { summary = JsonExport(connection, folder, progress).run(); });
  return summary;
}

}  // namespace verbund::directory
