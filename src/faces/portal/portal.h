// SPDX-License-Identifier: EUPL-1.2
// The pages for people. Server-rendered from web/ (embedded), complete without JavaScript. No rules of its own.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "base/clock.h"
#include "commons/incidents/open_incidents.h"
#include "directory/finder/finder.h"
#include "directory/learning/search_counter.h"
#include "kits/http/http.h"
#include "kits/log/log.h"
#include "kits/store/store.h"
#include "network/log/own_log.h"

namespace verbund::portal {

struct Look {
  std::string name = "Verbund";          // of the portal, in the head of each page
  std::string operator_name;             // for the imprint
  std::string operator_address;          // lines separated by line feeds
  std::string operator_email;
  std::string base_url;                  // "https://portal.example", for canonical addresses; empty: none written
  std::int64_t keep_search_days = 0;     // how long counts of searches are kept, for the privacy page; 0: none made
  bool demonstration = false;            // marks each page as a demonstration
  // The base address ("https://stadt.example") of the portal of the network that carries the pages of a place, which are
  // canonical there; "" or no function: this one. Any thread; must not wait.
  std::function<std::string(const directory::AreaKey&)> carrier;
  std::function<std::uint64_t()> carrier_version;   // another number: carrier() may answer otherwise
  std::string notice_key;                // of search engines (IndexNow), served as /KEY.txt; empty: none
  const commons::OpenIncidents* incidents = nullptr;   // told on every page; null: none are
  std::function<std::vector<std::string>()> forked_logs = {};   // see network_status; for the same page
  network::OwnLog* own_log = nullptr;    // for the page about the network; null: that page says there is none
  std::string embed_from = "*";          // websites that may show pages in a frame, separated by spaces; "*": all, "": none
  bool service_line = true;              // there is a page for the service line, /115
  std::int64_t keep_feedback_days = 180; // how long feedback is kept
  std::int64_t keep_report_days = 180;   // how long reports of barriers are kept
  std::string enforcement_body;          // who helps when the operator does not, for accessibility; lines, may be empty
  std::string privacy_contact;           // data protection officer and supervisory authority; lines, may be empty
  std::string client_header;             // of a proxy, see http::RateLimiter: forms of one client are bounded
  std::size_t cache_bytes = 12u << 20;   // pages kept made, least recently used out first
  std::string place;  // the town this portal belongs to (key, slug or name): fills in "Wo?"; may be empty
};

class Proofs;

class Portal {
 public:
  // Loads and checks all templates and texts. Errors: invalid (a template or text that does not hold).
  // `counter` hears of result pages and of services opened from them; null: nothing is counted. `proofs` says where the
  // texts come from; null: nothing is said of it.
  static Result<std::unique_ptr<Portal>> create(Look look, directory::Finder& finder, store::Database& database,
                                                const Clock& clock, const log::Log& log,
                                                directory::SearchCounter* counter = nullptr,
                                                const Proofs* proofs = nullptr);
  virtual ~Portal() = default;
  // All pages, assets and the fallback (a not-found page that helps on).
  virtual void add_routes(http::Router& router) = 0;
  // For who cannot be served now: a page in their language (for programs a problem) that says when to come back. Made
  // in advance, waits for nothing. Requires: add_routes was called.
  virtual http::Response busy(const http::Request& request) const = 0;
};

}  // namespace verbund::portal
