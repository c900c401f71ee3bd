// SPDX-License-Identifier: EUPL-1.2
// Who belongs to the network, how far each is, and what is wrong, as this node sees it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "kits/http/http.h"
#include "kits/json/json.h"
#include "kits/store/store.h"
#include "network/following/trouble.h"
#include "network/log/own_log.h"

namespace verbund::network_log {

struct LogStatus {
  std::string name;                      // origin of its log
  std::string title;                     // for people; of the list of members: ""
  bool self = false;                     // this node
  bool active = true;
  std::string suspended;                 // why
  std::uint64_t entries = 0;             // that its publisher has announced; of this node: that are published
  std::uint64_t applied = 0;             // of them, here
  Instant heard{};                       // when its log was got last; the epoch: never
  network::Trouble trouble = network::Trouble::none;
  Instant since{};                       // of the trouble
  std::int64_t delay = -1;               // seconds that the newest entry was late; -1: unknown
  std::int64_t missing = 0, refused = 0; // texts that have not come, entries that are not believed
};

struct NetworkStatus {
  std::string title;                     // of the network; "": this node belongs to none
  bool is_operator = false;
  std::vector<LogStatus> members;        // by title
  std::vector<LogStatus> others;         // further logs that are followed: the list of members
};

// `today`: "2026-11-27". `forked`: logs that are proven to have two histories, whoever found it out (clause 11).
NetworkStatus network_status(store::Connection& connection, network::OwnLog& own, std::string_view today,
                             const std::vector<std::string>& forked = {});
// {"title", "operator", "members": [{"name", "title", "self", "active", "entries", "applied", "heard", "trouble" ...}],
// "others": [...]}; what is empty is left out.
Json to_json(const NetworkStatus& status);

// GET /network/status: the JSON of it, made for each request. Requires: all live as long as the router.
void add_status_route(http::Router& router, store::Database& database, network::OwnLog& own, const Clock& clock,
                      std::function<std::vector<std::string>()> forked = {});

}  // namespace verbund::network_log
