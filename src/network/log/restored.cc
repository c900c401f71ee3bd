// SPDX-License-Identifier: EUPL-1.2
#include "network/log/restored.h"

#include <filesystem>
#include <system_error>

#include "kits/file/file.h"
#include "kits/json/json.h"

namespace verbund::network {
namespace {

constexpr std::size_t mark_limit = 4096;

}  // namespace

std::string restored_file(const LogPlace& place) {
  return place.key_file + ".restored";
}

Result<void> mark_restored(const LogPlace& place, const RestoredLog& log) {
  const Json document = Json::object({{"last_change", log.last_change},
                                      {"made_at", to_rfc3339(log.made_at)},
                                      {"original_is_gone", log.original_is_gone},
                                      {"root", tlog::to_base64(log.root)},
                                      {"size", static_cast<std::int64_t>(log.size)},
                                      {"without_asking", log.without_asking}});
  return file::write(restored_file(place), document.to_pretty() + "\n", file::for_owner);
}

Result<std::optional<RestoredLog>> restored(const LogPlace& place) {
  auto text = file::read(restored_file(place), mark_limit);
  if (!text && text.error().code == ErrorCode::not_found) return std::optional<RestoredLog>();
  if (!text) return pass(text);
  const auto bad = [&] {
    return fail(ErrorCode::invalid, "the mark of a restored log does not read", restored_file(place),
                "restore the backup again");
  };
  const auto document = parse_json(*text, restored_file(place));
  if (!document) return bad();
  const auto at = parse_time((*document).text_or("made_at"));
  const auto root = tlog::hash_from_base64((*document).text_or("root"));
  const bool* gone = (*document)["original_is_gone"].if_bool();
  const bool* without = (*document)["without_asking"].if_bool();
  const std::int64_t* size = (*document)["size"].if_int();
  const std::int64_t* last = (*document)["last_change"].if_int();
  if (!at || !root || !gone || !without || !size || *size < 0 || !last || *last < 0) return bad();
  return RestoredLog{*at, *gone, *without, static_cast<std::uint64_t>(*size), *root, *last};
}

Result<void> unmark_restored(const LogPlace& place) {
  std::error_code error;
  std::filesystem::remove(restored_file(place), error);
  if (error) return fail(ErrorCode::unavailable, error.message(), restored_file(place));
  return {};
}

Result<void> may_be_continued(const LogPlace& place) {
  auto mark = restored(place);
  if (!mark) return pass(mark);
  if (!*mark) return {};
  if (!(*mark)->original_is_gone) {
    return fail(ErrorCode::conflict, "this log was restored from a backup, and the original may still run",
                restored_file(place), "when it is gone for good: `verbund node continue --original-is-gone`");
  }
  return fail(ErrorCode::conflict,
              "this log was restored from a backup, and nobody knows yet whether it has gone on since",
              restored_file(place), "`verbund serve` asks the network and goes on then");
}

}  // namespace verbund::network
