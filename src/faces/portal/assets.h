// SPDX-License-Identifier: EUPL-1.2
// Files of the pages inside the program: served under /assets/<hash>/<name>, so that a browser keeps them for good. All are
// compressed beforehand: an answer takes no time worth waiting for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "kits/http/http.h"

namespace verbund::portal {

class Assets {
 public:
  Assets();
  // "/assets/0123456789abcdef/suggest.js". Requires: there is an asset of this name.
  const std::string& url(std::string_view name) const;
  // The current address for an old hash (302), 404 for an unknown name.
  http::Response answer(std::string_view hash, std::string_view name, const http::Request& request) const;
  http::Response icon(const http::Request& request) const;   // /favicon.svg
  // /einbetten.js: an address that stays, for the websites of others.
  http::Response embed_script(const http::Request& request) const;

 private:
  using Bytes = std::shared_ptr<const std::string>;
  struct Asset {
    std::string hash, url, media_type;
    Bytes bytes, brotli, gzip;   // the last two absent where they would not be smaller
  };
  // In the coding that the browser prefers.
  static http::Response send(const Asset& asset, const http::Request& request, std::string keep);

  std::map<std::string, Asset, std::less<>> assets_;
};

}  // namespace verbund::portal
