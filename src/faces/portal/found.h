// SPDX-License-Identifier: EUPL-1.2
// The files by which search engines, feed readers and address bars find the pages: robots.txt, sitemaps, Atom feeds,
// OpenSearch. They need look.base_url, since all of them hold whole addresses; without it they are not there (404).
#pragma once

#include "directory/finder/finder.h"
#include "faces/portal/portal.h"
#include "faces/portal/texts.h"
#include "kits/http/http.h"
#include "kits/log/log.h"
#include "kits/store/store.h"

namespace verbund::portal {

class Found {
 public:
  // Requires: all of them outlive this.
  Found(const Look& look, const Texts& texts, directory::Finder& finder, store::Database& database,
        const log::Log& log)
      : look_(look), texts_(texts), finder_(finder), database_(database), log_(log) {}

  // /robots.txt, /sitemap.xml, /sitemaps/{file}, /aenderungen.atom, /{place}/aenderungen.atom, /opensearch.xml,
  // /vorschlaege/opensearch, and /KEY.txt where Look has a notice_key.
  void add_routes(http::Router& router) const;

 private:
  struct Asked;   // one request, within one state of the store
  void add(http::Router& router, std::string pattern, http::Response (Found::*make)(const Asked&) const) const;
  http::Response robots() const;
  http::Response index(const Asked& asked) const;
  http::Response part(const Asked& asked) const;
  http::Response feed(const Asked& asked) const;
  http::Response description(const Asked& asked) const;
  http::Response completions(const http::Request& request) const;

  const Look& look_;
  const Texts& texts_;
  directory::Finder& finder_;
  store::Database& database_;
  const log::Log& log_;
};

}  // namespace verbund::portal
