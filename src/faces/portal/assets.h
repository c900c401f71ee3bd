// SPDX-License-Identifier: EUPL-1.2
// Files of the pages inside the program: served under /assets/<hash>/<name>, so that a browser keeps them for good.
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
  // "/assets/0123456789abcdef/verbund.css". Requires: there is an asset of this name.
  const std::string& url(std::string_view name) const;
  // The current address for an old hash (302), 404 for an unknown name.
  http::Response answer(std::string_view hash, std::string_view name) const;
  http::Response icon() const;   // /favicon.svg
  http::Response embed_script() const;   // /einbetten.js: an address that stays, for the websites of others

 private:
  struct Asset {
    std::string hash, url, media_type;
    std::shared_ptr<const std::string> bytes;
  };
  std::map<std::string, Asset, std::less<>> assets_;
};

}  // namespace verbund::portal
