// SPDX-License-Identifier: EUPL-1.2
// verbund export xzufi: one consistent state as a complete stock that others (and we) can import.
#include <cstdio>
#include <filesystem>
#include <memory>

#include "directory/formats/export_folder.h"
#include "directory/formats/formats.h"
#include "directory/formats/message_uuid.h"
#include "directory/formats/xzufi_areas.h"
#include "directory/formats/xzufi_writer.h"
#include "directory/objects/object_store.h"
#include "kits/crypto/digest.h"

namespace verbund::directory {
namespace {

namespace fs = std::filesystem;
constexpr std::int64_t objects_per_file = 10'000;

class Export {
 public:
  Export(store::Connection& connection, fs::path folder, const ProgressReport& progress)
      : connection_(connection), objects_(connection), folder_(std::move(folder)), progress_(progress) {}

  // Holders and services before what names them.
  Result<ExportSummary> run() {
    if (auto done = messages<OrganisationalUnit>("organisationseinheit"); !done) return pass(done);
    if (auto done = messages<Service>("leistung"); !done) return pass(done);
    if (auto done = messages<Specialisation>("spezialisierung"); !done) return pass(done);
    if (auto done = messages<OnlineService>("onlinedienst"); !done) return pass(done);
    if (auto done = messages<Responsibility>("zustaendigkeit"); !done) return pass(done);
    if (index_.empty()) {  // an empty index means a broken delivery; an empty node is one message that says nothing
      if (auto done = empty_message(); !done) return pass(done);
    }
    if (auto done = lines(xzufi::area_file, xzufi::each_area_line); !done) return pass(done);
    if (auto done = lines(xzufi::postal_code_file, xzufi::each_postal_code_line); !done) return pass(done);
    ExportFile index(folder_ / "index.txt");  // last: a folder without it is no complete stock
    index.write(index_);
    if (auto done = index.finish(); !done) return pass(done);
    return std::move(summary_);
  }

 private:
  // The digest of each message's objects, known before the message begins with it. A pass of its own, so that no
  // message has to be held in memory.
  template <typename T>
  std::vector<std::string> digests(std::string_view stem) {
    std::vector<std::string> found;
    std::int64_t count = 0;
    objects_.each_body(kind_of<T>, [&](const ObjectId&, std::string_view body) {
      if (count++ % objects_per_file == 0) found.push_back(crypto::sha256_hex(stem));
      found.back() = crypto::sha256_hex(found.back() + crypto::sha256_hex(body));
    });
    return found;
  }

  std::string begin_file(std::string_view stem, std::size_t number) {
    char digits[24];
    std::snprintf(digits, sizeof digits, "-%04zu.xml", number);
    std::string name = std::string(stem) + digits;
    index_ += name + "\n";
    return name;
  }

  template <typename T>
  Result<void> messages(std::string_view stem) {
    const auto ids = digests<T>(stem);
    Result<void> outcome;
    std::unique_ptr<ExportFile> file;
    std::unique_ptr<xzufi::MessageWriter> writer;
    std::size_t number = 0;
    std::int64_t in_file = 0;
    const auto end_file = [&] {
      if (!writer) return;
      writer->end();
      writer.reset();
      if (auto closed = file->finish(); !closed && outcome) outcome = std::move(closed);
      summary_.files.back().second = in_file;
      if (progress_) progress_(bytes_, 0, static_cast<std::uint64_t>(items_));
    };
    objects_.each<T>([&](const T& object) {
      if (!outcome) return;
      if (!writer || in_file == objects_per_file) {
        end_file();
        in_file = 0;
        const auto& digest = ids.at(number++);
        summary_.files.emplace_back(begin_file(stem, number), 0);
        file = std::make_unique<ExportFile>(folder_ / summary_.files.back().first);
        writer = std::make_unique<xzufi::MessageWriter>(sink_to(*file), message_uuid(digest));
      }
      writer->write(object);
      ++in_file;
      if (++items_ % 1000 == 0 && progress_) progress_(bytes_, 0, static_cast<std::uint64_t>(items_));
    });
    end_file();
    return outcome;
  }

  Result<void> empty_message() {
    const auto name = begin_file("leistung", 1);
    summary_.files.emplace_back(name, 0);
    ExportFile file(folder_ / name);
    xzufi::MessageWriter writer(sink_to(file), message_uuid(crypto::sha256_hex("leistung")));
    writer.end();
    return file.finish();
  }

  template <typename F>
  Result<void> lines(std::string_view name, const F& each_line) {
    std::unique_ptr<ExportFile> file;
    std::int64_t count = 0;
    each_line(connection_, [&](std::string_view line) {
      if (!file) file = std::make_unique<ExportFile>(folder_ / name);
      sink_to(*file)(line);
      ++count;
    });
    if (!file) return {};
    // The first line of the areas is their day, not one of them.
    summary_.files.emplace_back(name, name == xzufi::area_file ? count - 1 : count);
    return file->finish();
  }

  std::function<void(std::string_view)> sink_to(ExportFile& file) {
    return [this, &file](std::string_view bytes) {
      bytes_ += bytes.size();
      file.write(bytes);
    };
  }

  store::Connection& connection_;
  ObjectStore objects_;
  fs::path folder_;
  const ProgressReport& progress_;
  ExportSummary summary_;
  std::string index_;
  std::uint64_t bytes_ = 0;
  std::int64_t items_ = 0;
};

}  // namespace

Result<ExportSummary> export_xzufi(store::Database& database, const std::string& folder,
                                   const ProgressReport& progress) {
  if (auto prepared = prepare_export_folder(folder); !prepared) return pass(prepared);
  Result<ExportSummary> summary;
  database.read([&](store::Connection& connection) { summary = Export(connection, folder, progress).run(); });
  return summary;
}

}  // namespace verbund::directory
