// SPDX-License-Identifier: EUPL-1.2
#include "directory/adapter/adapter.h"

#include <algorithm>
#include <filesystem>

#include "base/text.h"
#include "directory/formats/formats.h"
#include "kits/crypto/digest.h"

namespace verbund::directory {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t most_source_bytes = 190;

// Names, sizes and times: what a delivery into a folder changes.
Result<std::string> digest_of_folder(const std::string& folder) {
  std::error_code error;
  if (!fs::is_regular_file(folder + "/index.txt", error)) {
    return fail(ErrorCode::invalid, "the folder has no index.txt", folder, "it names the files of the complete stock");
  }
  std::vector<std::string> lines;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    std::error_code gone;
    const auto size = at->file_size(gone);
    const auto time = at->last_write_time(gone);
    if (gone) continue;
    lines.push_back(at->path().filename().string() + "/" + std::to_string(size) + "/" +
                    std::to_string(time.time_since_epoch().count()) + "\n");
  }
  if (error) return fail(ErrorCode::unavailable, error.message(), folder);
  std::ranges::sort(lines);
  std::string all;
  for (const std::string& line : lines) all += line;
  return crypto::sha256_hex(all);
}

// A slash at the end makes no other source.
std::string without_end_slashes(std::string address) {
  while (address.size() > 1 && address.ends_with('/')) address.pop_back();
  return address;
}

}  // namespace

Adapter::Adapter(std::string address, const std::string& copies)
    : address_(without_end_slashes(std::move(address))), folder_(address_) {
  if (!address_.starts_with("http://") && !address_.starts_with("https://")) return;
  folder_ = copies + "/" + crypto::sha256_hex(address_).substr(0, 16);
  copy_.emplace(address_, folder_);
}

Result<std::string> Adapter::look(const std::function<bool()>& stop) {
  if (!copy_) return digest_of_folder(folder_);
  if (auto updated = copy_->update(stop); !updated) return pass(updated);
  return copy_->digest();
}

Result<std::optional<ImportSummary>> Adapter::poll(store::Database& database, const Clock& clock,
                                                   const ProgressReport& progress,
                                                   const std::function<bool()>& stop) {
  auto digest = look(stop);
  if (!digest) return pass(digest);
  if (*digest == taken_) return std::nullopt;
  if (stop && stop()) return fail(ErrorCode::unavailable, "ended before it was taken", address_);
  const std::string source = "xzufi:" + std::string(cut_utf8(address_, most_source_bytes));
  auto summary = import_xzufi(database, clock, {folder_}, source, progress);
  if (!summary) return pass(summary);
  taken_ = std::move(*digest);
  return std::optional(std::move(*summary));
}

}  // namespace verbund::directory
