// SPDX-License-Identifier: EUPL-1.2
#include "directory/adapter/stock_copy.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/text.h"
#include "kits/crypto/digest.h"
#include "kits/file/file.h"
#include "kits/json/json.h"

namespace verbund::directory {
namespace {

namespace fs = std::filesystem;
constexpr const char* index_name = "index.txt";
constexpr const char* known_name = ".known.json";      // no name that an index can hold
constexpr JsonLimits known_limits{.bytes = 64u << 20, .depth = 4, .values = 1'000'000};
constexpr std::size_t most_name_bytes = 200, most_tag_bytes = 500;

bool is_plain_name(std::string_view name) {
  return is_utf8(name) && name.size() <= most_name_bytes && !name.starts_with('.') && name != index_name &&
         std::ranges::none_of(name, [](char c) {
           return static_cast<unsigned char>(c) < ' ' || c == '/' || c == '\\' || c == 0x7f;
         });
}

std::string_view header(const http::Response& response, std::string_view name) {
  for (const auto& [key, value] : response.headers) {
    if (key == name) return std::string_view(value).substr(0, most_tag_bytes);
  }
  return {};
}

}  // namespace

Result<std::vector<std::string>> read_index(std::string_view text, std::size_t most) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  std::vector<std::string> out;
  std::set<std::string_view> seen;
  std::size_t number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    line = trim(line);
    if (line.empty() || !seen.insert(line).second) continue;
    if (!is_plain_name(line)) {
      return fail(ErrorCode::invalid, "a line is not the name of a file beside the index",
                  std::string(index_name) + ":" + std::to_string(number));
    }
    if (out.size() == most) {
      return fail(ErrorCode::too_large, "the index names more than " + std::to_string(most) + " files", index_name);
    }
    out.emplace_back(line);
  }
  if (out.empty()) {
    return fail(ErrorCode::invalid, "the index names no file", index_name,
                "nothing was changed: an empty stock would withdraw everything");
  }
  return out;
}

StockCopy::StockCopy(std::string address, std::string folder, const Limits& limits)
    : address_(std::move(address)), folder_(std::move(folder)), limits_(limits) {
  while (address_.ends_with('/')) address_.pop_back();
  load_known();
}

void StockCopy::load_known() {
  const auto text = file::read(folder_ + "/" + known_name, known_limits.bytes);
  if (!text) return;
  const auto json = parse_json(*text, known_name, known_limits);
  if (!json || json->if_object() == nullptr) return;   // all is fetched anew
  for (const auto& [name, file] : *json->if_object()) {
    // A program that was killed may have left other files than it noted.
    if (name != index_name && !is_plain_name(name)) continue;
    const auto bytes = file::read(folder_ + "/" + name, limits_.file_bytes);
    if (!bytes || crypto::sha256_hex(*bytes) != file.text_or("digest")) continue;
    known_[name] = {std::string(file.text_or("etag")), std::string(file.text_or("modified")),
                    std::string(file.text_or("digest"))};
  }
}

Result<void> StockCopy::save_known() const {
  Json out = Json(Json::Object{});
  for (const auto& [name, file] : known_) {
    out.set(name, Json::object({{"etag", file.etag}, {"modified", file.modified}, {"digest", file.digest}}));
  }
  return file::write(folder_ + "/" + known_name, out.to_canonical());
}

Result<bool> StockCopy::fetch(const std::string& name, std::size_t limit) {
  const std::string url = address_ + "/" + http::percent_encode(name);
  const std::string path = folder_ + "/" + name;
  std::vector<std::pair<std::string, std::string>> headers;
  const auto before = known_.find(name);
  std::error_code error;
  if (before != known_.end() && fs::is_regular_file(path, error)) {
    const File& file = before->second;
    if (!file.etag.empty()) headers.emplace_back("If-None-Match", file.etag);
    else if (!file.modified.empty()) headers.emplace_back("If-Modified-Since", file.modified);
  }
  auto answer = client_.get(url, limit, headers);
  if (!answer) {
    if (answer.error().where.empty()) answer.error().where = url;
    return pass(answer);
  }
  if (answer->status == 304 && !headers.empty()) return false;
  if (answer->status != 200) {
    const bool gone = answer->status == 404 || answer->status == 410;
    return fail(gone ? ErrorCode::not_found : ErrorCode::unavailable,
                "the server answered " + std::to_string(answer->status), url);
  }
  File now{std::string(header(*answer, "etag")), std::string(header(*answer, "last-modified")),
           crypto::sha256_hex(*answer->body)};
  const bool same = before != known_.end() && before->second.digest == now.digest && fs::is_regular_file(path, error);
  if (!same) {
    known_.erase(name);   // until it is written
    if (auto written = file::write(path, *answer->body); !written) return pass(written);
  }
  known_[name] = std::move(now);
  return !same;
}

Result<std::uint64_t> StockCopy::size_of(const std::string& name) const {
  std::error_code error;
  const auto size = fs::file_size(folder_ + "/" + name, error);
  if (error) return fail(ErrorCode::unavailable, error.message(), folder_ + "/" + name);
  return size;
}

Result<void> StockCopy::update(const std::function<bool()>& stop) {
  fetched_ = 0;
  constexpr int most_rounds = 3;   // the stock may change while it is read
  std::vector<std::string> names;
  for (int round = 0;; ++round) {
    if (round == most_rounds) {
      return fail(ErrorCode::unavailable, "the index changed each time it was read", address_, "try again later");
    }
    auto index_came = fetch(index_name, limits_.index_bytes);
    if (!index_came) return pass(index_came);
    if (round > 0 && !*index_came) break;
    const auto text = file::read(folder_ + "/" + index_name, limits_.index_bytes);
    if (!text) return std::unexpected(text.error());
    auto listed = read_index(*text, limits_.files);
    if (!listed) {
      listed.error().where = address_ + "/" + listed.error().where;
      return pass(listed);
    }
    names = std::move(*listed);
    std::uint64_t bytes = 0;
    for (const std::string& name : names) {
      if (stop && stop()) return fail(ErrorCode::unavailable, "stopped", address_);
      auto came = fetch(name, limits_.file_bytes);
      if (!came) return pass(came);
      fetched_ += *came ? 1 : 0;
      const auto size = size_of(name);
      if (!size) return std::unexpected(size.error());
      bytes += *size;
      if (bytes > limits_.bytes) return fail(ErrorCode::too_large, "the stock is larger than the limit", address_);
    }
  }
  const std::set<std::string> listed(names.begin(), names.end());
  std::string all;
  for (const std::string& name : listed) all += name + "\n" + known_[name].digest + "\n";
  digest_ = crypto::sha256_hex(all);
  std::error_code error;
  for (auto file = known_.begin(); file != known_.end();) {
    const bool needed = file->first == index_name || listed.contains(file->first);
    if (!needed && is_plain_name(file->first)) fs::remove(folder_ + "/" + file->first, error);
    file = needed ? std::next(file) : known_.erase(file);
  }
  return save_known();
}

}  // namespace verbund::directory
