// SPDX-License-Identifier: EUPL-1.2
// The log of another node over HTTP.
#pragma once

#include "kits/http/client.h"
#include "network/log/log_source.h"

namespace verbund::network {

// For a command: so long it asks a server again that is busy.
inline constexpr std::chrono::seconds command_patience{60};

class HttpLogSource : public FileLogSource {
 public:
  // `url`: of a node ("http://stadt.example") or of its log ("http://stadt.example/network/log").
  // Errors: usage.
  static Result<HttpLogSource> at(std::string_view url, const http::ClientOptions& options = {});
  HttpLogSource(HttpLogSource&&) noexcept = default;

  const std::string& address() const { return base_; }   // of the log, without a slash at the end
  // The checkpoint once the log is larger than `after`, or what it is after `wait` (at most 30 s). A server of plain files
  // answers at once. Errors: as get.
  Result<std::string> checkpoint_after(std::uint64_t after, std::chrono::seconds wait);

 protected:
  // Errors: not_found (404, 410), unavailable (other answers: says which status, and what to do; no connection), too_large, invalid (not HTTP).
  Result<std::string> get(const std::string& path, std::size_t limit) override;

 private:
  HttpLogSource(std::string base, const http::ClientOptions& options)
      : base_(std::move(base)), client_(std::make_unique<http::Client>(options)) {}
  std::string base_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace verbund::network
