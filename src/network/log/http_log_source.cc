// SPDX-License-Identifier: EUPL-1.2
#include "network/log/http_log_source.h"

namespace verbund::network {

Result<HttpLogSource> HttpLogSource::at(std::string_view url, const http::ClientOptions& options) {
  auto address = http::parse_address(url);
  if (!address) return pass(address);
  if (address->path.contains('?')) return fail(ErrorCode::usage, "the address of a log has no query", std::string(url));
  while (url.ends_with('/')) url.remove_suffix(1);
  std::string base(url);
  if (address->path.find_first_not_of('/') == std::string::npos) base += "/network/log";
  return HttpLogSource(std::move(base), options);
}

Result<std::string> HttpLogSource::checkpoint_after(std::uint64_t after, std::chrono::seconds wait) {
  return get("checkpoint?after=" + std::to_string(after) + "&wait=" + std::to_string(wait.count()), tlog::note_limit);
}

Result<std::string> HttpLogSource::get(const std::string& path, std::size_t limit) {
  const std::string url = base_ + "/" + path;
  auto answer = client_->get(url, limit);
  if (!answer) return pass(answer);
  if (answer->status == 200) return *answer->body;
  const bool gone = answer->status == 404 || answer->status == 410;
  const char* const hint = gone                    ? "is this the address of a node or of its log?"
                           : answer->status == 503 ? "it cannot now; try again in a minute"
                                                   : "look at what it answers there in a browser";
  return fail(gone ? ErrorCode::not_found : ErrorCode::unavailable,
              "the server answered with status " + std::to_string(answer->status), url, hint);
}

}  // namespace verbund::network
