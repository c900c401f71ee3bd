// SPDX-License-Identifier: EUPL-1.2
#include "directory/workload/workload.h"

#include <algorithm>
#include <filesystem>

#include "directory/formats/export_folder.h"
#include "directory/formats/json_layout.h"
#include "directory/geography/area_slugs.h"
#include "directory/objects/body.h"
#include "directory/workload/bodies.h"
#include "directory/workload/changes.h"
#include "directory/workload/questions.h"

namespace verbund::directory {
namespace {

namespace fs = std::filesystem;
using namespace workload;

class Generator {
 public:
  Generator(const WorkloadOptions& options, std::vector<Area> areas, const fs::path& folder,
            const ProgressReport& progress)
      : options_(options), folder_(folder), progress_(progress), words_(read_words()),
        country_(std::move(areas), options.postal_codes, options.seed, options.scale),
        plan_(words_, country_, options.seed, options.scale), bodies_(words_, country_, plan_, options.scale),
        coverage_(country_) {
    total_ = static_cast<std::uint64_t>(4'000'000 * options.scale) + country_.unit_count() + plan_.services().size();
  }

  Result<WorkloadSummary> run() {
    if (auto written = catalogue(); !written) return pass(written);
    const Questions questions(words_, country_, plan_, coverage_, options_.seed);
    if (auto written = questions.write(folder_, options_.scale, summary_.files); !written) return pass(written);
    summary_.stems = static_cast<std::int64_t>(bodies_.stems());
    const Stage stage{words_, country_, plan_, bodies_, first_link_};
    if (auto written = write_changes(stage, folder_, options_.seed, options_.scale, summary_.files); !written) {
      return pass(written);
    }
    if (progress_) progress_(total_, total_, done_);
    return std::move(summary_);
  }

 private:
  using Line = std::function<void(std::string_view)>;

  Result<void> catalogue() {
    const auto& services = plan_.services();
    Result<void> done = file("area", [&](const Line& line) {
      for (const Area& area : country_.areas().subspan(1)) line(to_body(area));
    });
    if (!done) return done;
    done = file("postal_code", [&](const Line& line) {
      auto codes = options_.postal_codes;
      std::sort(codes.begin(), codes.end(), [](const PostalCodeEntry& a, const PostalCodeEntry& b) {
        return a.postal_code != b.postal_code ? a.postal_code < b.postal_code : a.area < b.area;
      });
      for (const PostalCodeEntry& code : codes) line(to_body(code));
    });
    if (!done) return done;
    done = file("unit", [&](const Line& line) {
      for (std::uint32_t unit = 0; unit < country_.unit_count(); ++unit) line(to_body(country_.unit(unit)));
    });
    if (!done) return done;
    done = file("service", [&](const Line& line) {
      for (std::uint32_t service = 0; service < services.size(); ++service) line(to_body(bodies_.service(service)));
    });
    if (!done) return done;
    done = file("specialisation", [&](const Line& line) {
      for (std::uint32_t i = 0; i < bodies_.specialisations(); ++i) line(to_body(bodies_.specialisation(i)));
    });
    if (!done) return done;
    done = file("online_service", [&](const Line& line) {
      for (std::uint32_t service = 0; service < services.size(); ++service) {
        for (std::uint32_t i = 0; i < plan_.online_of(service); ++i) {
          line(to_body(bodies_.online(service, plan_.first_online(service) + i)));
        }
      }
    });
    if (!done) return done;
    done = file("responsibility", [&](const Line& line) {
      std::uint64_t number = 0;
      for (std::uint32_t service = 0; service < services.size(); ++service) {
        first_link_.push_back(number);
        const std::vector<workload::Link> links = plan_.links(service);
        coverage_.add(links, services[service].valid_there, services[service].publisher);
        for (const workload::Link& link : links) line(bodies_.responsibility(service, link, number++));
      }
      first_link_.push_back(number);
    });
    if (!done) return done;
    const Json manifest = Json::object({{"format", json_layout::format},
                                        {"version", json_layout::version},
                                        {"area_list_day", options_.area_list_day},
                                        {"files", manifest_}});
    ExportFile out(folder_ / "catalogue" / json_layout::manifest);
    out.write(manifest.to_pretty() + "\n");
    return out.finish();
  }

  Result<void> file(std::string_view kind, const std::function<void(const Line&)>& fill) {
    const std::string name = json_layout::file_name(kind);
    ExportFile out(folder_ / "catalogue" / name);
    json_layout::Digest digest;
    fill([&](std::string_view line) {
      digest.add(line);
      out.write(line);
      out.write("\n");
      if (progress_ && ++done_ % 500 == 0) progress_(done_, total_, done_);
    });
    manifest_.set(std::string(kind), Json::object({{"objects", digest.objects()}, {"digest", digest.value()}}));
    summary_.files.emplace_back("catalogue/" + name, digest.objects());
    return out.finish();
  }

  const WorkloadOptions& options_;
  const fs::path& folder_;
  const ProgressReport& progress_;
  Words words_;
  Country country_;
  Plan plan_;
  Bodies bodies_;
  Coverage coverage_;
  std::vector<std::uint64_t> first_link_;
  Json manifest_{Json::Object{}};
  WorkloadSummary summary_;
  std::uint64_t total_ = 0, done_ = 0;
};

}  // namespace

std::string WorkloadSummary::to_text() const {
  std::string out;
  for (const auto& [file, lines] : files) out += "  " + file + ": " + std::to_string(lines) + "\n";
  return out + "Verschiedene Wortstämme in Titeln, Suchwörtern und Texten der Leistungen: " +
         std::to_string(stems) + "\n";
}

Result<WorkloadSummary> generate_workload(const WorkloadOptions& options, const std::string& folder,
                                          const ProgressReport& progress) {
  if (!(options.scale >= 0.002 && options.scale <= 10)) {
    return fail(ErrorCode::usage, "the scale is a number from 0.002 to 10", "--scale");
  }
  for (const std::string& one : {folder, folder + "/catalogue", folder + "/queries"}) {
    if (auto ready = prepare_export_folder(one); !ready) return pass(ready);
  }
  std::vector<Area> areas = options.areas;
  give_slugs(areas, {}, options.areas);
  const fs::path path(folder);
  return Generator(options, std::move(areas), path, progress).run();
}

}  // namespace verbund::directory
