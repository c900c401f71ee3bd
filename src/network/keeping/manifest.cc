// SPDX-License-Identifier: EUPL-1.2
#include "network/keeping/manifest.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "kits/json/json.h"

namespace verbund::network {
namespace {

constexpr std::string_view format = "verbund-backup/1";
constexpr std::size_t digits = 64;
constexpr std::size_t longest_path = 1'000;

std::unexpected<Error> bad(std::string what, std::string_view file) {
  return fail(ErrorCode::invalid, std::move(what), std::string(file), "take another backup");
}

Result<BackedUpLog> parse_log(const Json& json) {
  BackedUpLog out;
  out.folder = json.text_or("folder");
  out.origin = json.text_or("origin");
  out.key = json.text_or("key");
  const auto root = tlog::hash_from_base64(json.text_or("root"));
  const std::int64_t* size = json["entries"].if_int();
  const std::int64_t* last = json["last_revision"].if_int();
  if (!root || !size || *size < 0 || !last || *last < 0 || out.origin.empty() || out.key.empty() ||
      (out.folder != "network/log" && out.folder != "network/members")) {
    return bad("a log of the manifest does not read", manifest_name);
  }
  out.size = static_cast<std::uint64_t>(*size);
  out.root = *root;
  out.last_revision = *last;
  return out;
}

}  // namespace

std::string Manifest::to_text() const {
  Json list = Json(Json::Array{});
  for (const BackedUpLog& log : logs) {
    list.push(Json::object({{"entries", static_cast<std::int64_t>(log.size)},
                            {"folder", log.folder},
                            {"key", log.key},
                            {"last_revision", log.last_revision},
                            {"origin", log.origin},
                            {"root", tlog::to_base64(log.root)}}));
  }
  return Json::object({{"engine", engine},
                       {"format", format},
                       {"logs", std::move(list)},
                       {"made_at", to_rfc3339(made_at)},
                       {"program", program},
                       {"secret_key", secret_key}})
             .to_pretty() +
         "\n";
}

Result<Manifest> Manifest::parse(std::string_view text) {
  const auto document = parse_json(text, manifest_name, {.bytes = manifest_limit, .depth = 8, .values = 1000});
  if (!document) return std::unexpected(document.error());
  if (document->text_or("format") != format)
    return bad("not the manifest of a backup that this program knows", manifest_name);
  Manifest out;
  out.engine = document->text_or("engine");
  out.program = document->text_or("program");
  const auto at = parse_time(document->text_or("made_at"));
  const bool* secret = (*document)["secret_key"].if_bool();
  const auto* logs = (*document)["logs"].if_array();
  if (!at || !secret || !logs || logs->size() > 2) return bad("the manifest does not read", manifest_name);
  out.made_at = *at;
  out.secret_key = *secret;
  for (const Json& one : *logs) {
    auto log = parse_log(one);
    if (!log) return pass(log);
    out.logs.push_back(std::move(*log));
  }
  return out;
}

bool is_path_within(std::string_view path) {
  if (path.size() > longest_path || !is_utf8(path)) return false;
  const bool printable =
      std::ranges::all_of(path, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f && c != '\\'; });
  return printable && std::ranges::all_of(split(path, '/'), [](std::string_view part) {
           return !part.empty() && part != "." && part != "..";
         });
}

std::string print_sums(const std::vector<FileSum>& sums) {
  std::string out;
  for (const FileSum& sum : sums) out += crypto::to_hex(sum.digest) + "  " + sum.path + "\n";
  return out;
}

Result<std::vector<FileSum>> parse_sums(std::string_view text) {
  std::vector<FileSum> out;
  std::set<std::string_view> seen;
  for (std::size_t line = 1; !text.empty(); ++line) {
    const std::size_t end = text.find('\n');
    const std::string_view row = text.substr(0, end);
    const auto digest = row.size() > digits + 2 ? crypto::digest_from_hex(row.substr(0, digits)) : std::nullopt;
    if (end == text.npos || !digest || row.substr(digits, 2) != "  " || !is_path_within(row.substr(digits + 2)) ||
        !seen.insert(row.substr(digits + 2)).second) {
      return bad("line " + std::to_string(line) + " does not read", sums_name);
    }
    out.push_back({std::string(row.substr(digits + 2)), *digest});
    text.remove_prefix(end + 1);
  }
  return out;
}

}  // namespace verbund::network
