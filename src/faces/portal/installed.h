// SPDX-License-Identifier: EUPL-1.2
// What makes the portal an app on a device: manifest, service worker, and the page of what is kept without a network.
// Source: W3C Web Application Manifest; Service Workers 1.
#pragma once

#include <string>

#include "faces/portal/assets.h"
#include "faces/portal/portal.h"
#include "faces/portal/texts.h"
#include "faces/portal/visit.h"
#include "kits/http/http.h"

namespace verbund::portal {

// The header by which the service worker knows what it may keep.
inline constexpr const char* offline_header = "X-Verbund-Offline";

Page offline_page(const Visit& visit);   // /offline

class Installed {
 public:
  // Requires: all of them outlive this.
  Installed(const Look& look, const Texts& texts, const Assets& assets);
  // /manifest.webmanifest, /sw.js
  void add_routes(http::Router& router) const;

 private:
  http::Response manifest(std::string_view language) const;

  const Look& look_;
  const Texts& texts_;
  const Assets& assets_;
  std::string worker_;      // sw.js with its version and files
};

}  // namespace verbund::portal
