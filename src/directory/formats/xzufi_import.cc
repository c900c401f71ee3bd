// SPDX-License-Identifier: EUPL-1.2
// verbund import xzufi: paths, folders, index.txt, and what a message does to the store.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>
#include <unordered_map>

#include "base/text.h"
#include "directory/formats/formats.h"
#include "directory/formats/xzufi_areas.h"
#include "directory/formats/xzufi_reader.h"
#include "directory/formats/xzufi_store.h"
#include "directory/geography/area_store.h"

namespace verbund::directory {
namespace {

namespace fs = std::filesystem;
constexpr std::uintmax_t most_index_bytes = 16u << 20;

// What is to be read, in this order.
struct Plan {
  std::vector<std::string> files;
  std::vector<std::string> area_folders;
  bool complete_stock = false;
  std::uint64_t bytes = 0;
};

// Source: PVOG Sammlerdienst concept: index.txt lists file names, one per line; all of them are the complete stock; an
// empty index or a missing file aborts.
Result<void> plan_index(const fs::path& folder, const fs::path& index, Plan& plan) {
  std::error_code error;
  const auto size = fs::file_size(index, error);
  if (error) return fail(ErrorCode::unavailable, "index.txt lässt sich nicht lesen", index.string());
  if (size > most_index_bytes) return fail(ErrorCode::too_large, "index.txt ist größer als 16 MiB", index.string());
  std::ifstream in(index, std::ios::binary);
  std::string line;
  std::set<std::string, std::less<>> names;
  for (std::size_t number = 1; std::getline(in, line); ++number) {
    std::string_view name = trim(line);
    if (number == 1 && name.starts_with("\xEF\xBB\xBF")) name = trim(name.substr(3));
    if (name.empty()) continue;
    const std::string where = index.string() + ":" + std::to_string(number);
    const bool plain =
        is_utf8(name) && name.size() <= 255 && name.find_first_of("/\\") == std::string_view::npos && name != "." &&
        name != ".." &&
        std::none_of(name.begin(), name.end(), [](char c) { return static_cast<unsigned char>(c) < 32; });
    if (!plain) {
      return fail(ErrorCode::invalid,
                  "„" + std::string(cut_utf8(is_utf8(name) ? name : "?", 100)) + "“ ist kein einfacher Dateiname",
                  where, "nur Dateien im selben Ordner nennen");
    }
    if (!names.emplace(name).second) continue;
    const fs::path file = folder / std::string(name);
    if (!fs::is_regular_file(file, error)) {
      return fail(ErrorCode::not_found, "Die in index.txt genannte Datei „" + std::string(name) + "“ fehlt", where,
                  "nichts wurde geändert; die Lieferung vollständig ablegen");
    }
    plan.files.push_back(file.string());
  }
  if (names.empty()) {
    return fail(ErrorCode::invalid, "index.txt nennt keine Datei", index.string(),
                "nichts wurde geändert; eine leere Lieferung würde den ganzen Bestand löschen");
  }
  return {};
}

Result<void> plan_folder(const fs::path& folder, Plan& plan) {
  std::error_code error;
  std::vector<std::string> files;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    if (at->path().extension() == ".xml" && at->is_regular_file(error)) files.push_back(at->path().string());
  }
  if (error) return fail(ErrorCode::unavailable, "Der Ordner lässt sich nicht lesen", folder.string());
  if (files.empty()) {
    return fail(ErrorCode::not_found, "Der Ordner enthält weder index.txt noch XML-Dateien", folder.string());
  }
  std::sort(files.begin(), files.end());
  plan.files.insert(plan.files.end(), files.begin(), files.end());
  return {};
}

Result<Plan> make_plan(const std::vector<std::string>& paths) {
  Plan plan;
  std::size_t complete = 0;
  std::error_code error;
  for (const auto& path : paths) {
    if (fs::is_directory(path, error)) {
      const fs::path index = fs::path(path) / "index.txt";
      const bool has_index = fs::exists(index, error);
      complete += has_index ? 1 : 0;
      if (has_index) plan.area_folders.push_back(path);
      if (auto planned = has_index ? plan_index(path, index, plan) : plan_folder(path, plan); !planned)
        return pass(planned);
    } else if (fs::exists(path, error)) {
      plan.files.push_back(path);
    } else {
      return fail(ErrorCode::not_found, "Die Datei oder den Ordner gibt es nicht", path);
    }
  }
  if (paths.empty()) return fail(ErrorCode::usage, "Es ist keine Datei und kein Ordner angegeben");
  if (complete > 0 && complete < paths.size()) {
    return fail(ErrorCode::usage, "Ein Ordner mit index.txt ist ein vollständiger Bestand", paths.front(),
                "ihn nicht zusammen mit einzelnen Dateien importieren");
  }
  plan.complete_stock = complete > 0;
  for (const auto& file : plan.files) {
    const auto size = fs::file_size(file, error);
    plan.bytes += error ? 0 : size;
  }
  return plan;
}

std::string source_name(const std::string& path) {
  std::error_code error;
  fs::path whole = fs::absolute(path, error).lexically_normal();
  if (!whole.has_filename()) whole = whole.parent_path();
  std::string name = whole.filename().string();
  if (!is_utf8(name) || name.empty()) name = "lieferung";
  return "xzufi:" + std::string(cut_utf8(name, 190));
}

class StoreReceiver : public xzufi::Receiver {
 public:
  StoreReceiver(ImportSink& sink, bool complete_stock)
      : sink_(sink), embedded_(sink.connection()), complete_stock_(complete_stock) {}

  void set_file(const std::string& file) { file_ = file; }

  void write(const Service& object) override { sink_.put(object); }
  void write(const Specialisation& object) override { sink_.put(object); }
  void write(const OrganisationalUnit& object, const std::vector<Responsibility>& embedded) override {
    sink_.put(object);
    put_embedded(ObjectKind::unit, object.id, embedded);
  }
  void write(const OnlineService& object, const std::vector<Responsibility>& embedded) override {
    sink_.put(object);
    put_embedded(ObjectKind::online_service, object.id, embedded);
  }
  void write(const Responsibility& object) override { sink_.put(object); }

  void remove(ObjectKind kind, const ObjectId& id) override {
    sink_.withdraw(kind, id);
    if (!complete_stock_ && (kind == ObjectKind::unit || kind == ObjectKind::online_service)) {
      embedded_.delivered(kind, id, {});
    }
  }

  void skipped(const xzufi::Remark& remark) override {
    if (!remark.kind) return sink_.finding(finding(remark, ImportFinding::Severity::skipped));
    sink_.skipped(name(*remark.kind), finding(remark, ImportFinding::Severity::skipped));
    if (!remark.id.empty()) keep(*remark.kind, remark.id);
  }
  void warning(const xzufi::Remark& remark) override {
    sink_.finding(finding(remark, ImportFinding::Severity::warning));
  }

  std::optional<AreaKey> area_of_ags(std::string_view ags) override {
    if (!ags_loaded_) {
      ags_loaded_ = true;
      AreaStore(sink_.connection()).each_area([&](const Area& area) {
        auto key = municipality_key(area);
        if (key.empty()) return;
        if (area.valid_until.empty()) areas_by_ags_.insert_or_assign(std::move(key), area.key);
        else areas_by_ags_.try_emplace(std::move(key), area.key);
      });
    }
    const auto found = areas_by_ags_.find(std::string(ags));
    return found == areas_by_ags_.end() ? std::nullopt : std::optional(found->second);
  }

  // A holder stands for all it holds: what it was delivered with before and is not now, goes. In a complete stock that
  // happens by itself.
  void end() {
    if (complete_stock_) return;
    for (const auto& id : embedded_.left_out()) sink_.withdraw(ObjectKind::responsibility, id);
  }

 private:
  ImportFinding finding(const xzufi::Remark& remark, ImportFinding::Severity severity) {
    return {severity, file_, remark.line, remark.object, remark.reason};
  }

  void put_embedded(ObjectKind kind, const ObjectId& holder, const std::vector<Responsibility>& embedded) {
    for (const auto& responsibility : embedded) sink_.put(responsibility);
    if (!complete_stock_) embedded_.delivered(kind, holder, embedded);
  }

  // What breaks a rule is not taken, and what is there under its id stays: a typing error in a date must not take a
  // service from the portal. In a complete stock that means to deliver the stored one again.
  void keep(ObjectKind kind, const ObjectId& id) {
    if (!complete_stock_) {
      if (kind == ObjectKind::responsibility) embedded_.keep(id);
      return;
    }
    if (kind == ObjectKind::service) put_again<Service>(id);
    if (kind == ObjectKind::specialisation) put_again<Specialisation>(id);
    if (kind == ObjectKind::unit) put_again<OrganisationalUnit>(id);
    if (kind == ObjectKind::online_service) put_again<OnlineService>(id);
    if (kind == ObjectKind::responsibility) put_again<Responsibility>(id);
  }
  template <typename T>
  void put_again(const ObjectId& id) {
    if (auto there = ObjectStore(sink_.connection()).get<T>(id)) sink_.put(*there);
  }

  ImportSink& sink_;
  xzufi::EmbeddedStore embedded_;
  bool complete_stock_;
  std::string file_;
  bool ags_loaded_ = false;
  std::unordered_map<std::string, AreaKey> areas_by_ags_;
};

}  // namespace

Result<ImportSummary> import_xzufi(store::Database& database, const Clock& clock, const std::vector<std::string>& paths,
                                   std::string source, const ProgressReport& progress) {
  auto plan = make_plan(paths);
  if (!plan) return pass(plan);
  if (source.empty()) source = source_name(paths.front());
  const ImportOptions options{.source = std::move(source), .complete_stock = plan->complete_stock};
  return run_import(database, clock, options, [&](ImportSink& sink) -> Result<void> {
    for (const auto& folder : plan->area_folders) {
      if (auto taken = xzufi::import_areas(folder, sink); !taken) return taken;
    }
    StoreReceiver receiver(sink, plan->complete_stock);
    std::uint64_t bytes_before = 0, items_before = 0;
    for (const auto& file : plan->files) {
      receiver.set_file(file);
      std::uint64_t items = 0;
      auto read = xzufi::read_message(file, receiver, [&](std::size_t bytes, std::uint64_t items_read) {
        items = items_read;
        if (progress) progress(bytes_before + bytes, plan->bytes, items_before + items_read);
      });
      if (!read) return read;
      std::error_code error;
      const auto size = fs::file_size(file, error);
      bytes_before += error ? 0 : size;
      items_before += items;
    }
    receiver.end();
    return {};
  });
}

}  // namespace verbund::directory
