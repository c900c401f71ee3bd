// SPDX-License-Identifier: EUPL-1.2
// The log of another node over HTTP.
#pragma once

#include "kits/http/client.h"
#include "network/log/log_source.h"

namespace verbund::network {

class HttpLogSource : public FileLogSource {
 public:
  // `url`: of a node ("http://stadt.example") or of its log ("http://stadt.example/network/log").
  // Errors: usage.
  static Result<HttpLogSource> at(std::string_view url);
  HttpLogSource(HttpLogSource&&) noexcept = default;

  const std::string& address() const { return base_; }   // of the log, without a slash at the end

 protected:
  // Errors: not_found (404, 410), unavailable (other answers, no connection), too_large, invalid (not HTTP).
  Result<std::string> get(const std::string& path, std::size_t limit) override;

 private:
  explicit HttpLogSource(std::string base) : base_(std::move(base)), client_(std::make_unique<http::Client>()) {}
  std::string base_;
  std::unique_ptr<http::Client> client_;
};

}  // namespace verbund::network
