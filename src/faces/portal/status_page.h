// SPDX-License-Identifier: EUPL-1.2
// What works now, what broke and what is planned: /status for people, /status.json for programs, a feed of incidents.
#pragma once

#include <string>

#include "commons/incidents/incident_store.h"
#include "faces/network_log/network_status.h"
#include "faces/portal/visit.h"
#include "kits/json/json.h"

namespace verbund::portal {

struct StatusNow {
  struct Part {
    std::string name;                  // of commons::incident_parts
    bool good = true;                  // as far as this node sees it
    std::int64_t count = 0;            // services, online services, changes, entries of the log, members in order
    std::int64_t of = 0;               // changes that wait for the log; members
  };
  std::vector<Part> parts;             // search, online, directory, publishing, network
  std::vector<commons::Incident> incidents;   // that are not over, planned, or of the last 90 days; newest first
  struct Days {
    std::string part;
    std::int64_t minutes = 0, good = 0;
    struct Day { std::string day; std::int64_t minutes, good; };
    std::vector<Day> days;             // 90, oldest first; minutes 0: not observed
  };
  std::vector<Days> uptime;            // search, directory, publishing, network
  Instant now;

  // An incident that lasts, or a part that this node sees broken.
  bool trouble(std::string_view part) const;
};

// Requires: visit.connection.
StatusNow status_now(const Visit& visit, Instant now);
Page status_page(const Visit& visit, const StatusNow& status);
Json status_json(const Look& look, const StatusNow& status);
// Source: RFC 4287. Requires: look.base_url.
std::string incident_feed(const Visit& visit, const StatusNow& status);

// Puts `incidents` for the banner of every page into `data`.
void add_incident_banner(page::Data& data, const Visit& visit);

}  // namespace verbund::portal
