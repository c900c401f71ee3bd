// SPDX-License-Identifier: EUPL-1.2
// A store with one town in full, its neighbours in outline and a few objects that wish us ill.
#pragma once

#include <memory>
#include <string>

#include "base/clock.h"
#include "directory/finder/finder.h"
#include "faces/portal/portal.h"
#include "kits/http/http.h"
#include "kits/log/log.h"
#include "kits/store/store.h"

namespace verbund::portal::testing {

class Fixture {
 public:
  // Requires: `folder` exists and is empty.
  explicit Fixture(const std::string& folder, Look look = demonstration_look(),
                   directory::SearchCounter* counter = nullptr);
  static Look demonstration_look();

  // GET `target` as a browser would ask, e.g. "/suche?q=perso&ort=22846".
  http::Response get(const std::string& target) const;
  http::Response request(http::Request request) const { return router_.route(request); }
  const http::Router& router() const { return router_; }
  store::Database& database() { return *database_; }
  directory::Finder& finder() { return *finder_; }
  Portal& portal() { return *portal_; }

 private:
  FixedClock clock_;
  log::Log log_;
  std::unique_ptr<store::Database> database_;
  std::unique_ptr<directory::Finder> finder_;
  std::unique_ptr<Portal> portal_;
  http::Router router_;
};

// Fills an empty store. Objects are in the agency "T100001".
void fill(store::Database& database, Instant now);

}  // namespace verbund::portal::testing
