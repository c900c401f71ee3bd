// SPDX-License-Identifier: EUPL-1.2
// The rules behind check_quality, object by object. Internal to directory/editing.
#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "base/clock.h"
#include "directory/catalogue/service.h"
#include "directory/organisation/unit.h"
#include "directory/responsibility/responsibility.h"

namespace verbund::directory::editing {

struct Rule {
  std::string_view id;      // "fee_missing"
  std::string_view name;    // German, for summaries
  int weight;               // see QualityFinding
};
// All rules, by id.
const std::vector<Rule>& all_rules();
const Rule& rule(std::string_view id);  // Requires: there is one

// What is known of the whole directory before its objects are looked at one by one: ids and flags, no texts.
struct Facts {
  enum Flag : std::uint16_t {
    responsible = 1, online = 2,                                          // somebody is named; one can apply online
    fee = 4, documents = 8, legal_basis = 16, processing_time = 32, text = 64,  // a specialisation has it
  };
  std::unordered_map<std::string, std::uint16_t> services;  // by id_key, flags
  std::unordered_set<std::string> units, online_services;
  std::unordered_set<std::string> parents, holders;         // units above others; units with responsibilities
  std::set<AreaKey> areas;                                   // also ended ones; empty: no list was imported
  std::set<AreaKey> ended_areas;
  Instant now;
};
std::string id_key(const ObjectId& id);

// What a specialisation adds to its service.
std::uint16_t flags_of(const Modules& modules);

// Hears of each finding: rule id, German message.
using Tell = std::function<void(std::string_view rule, std::string message)>;
void check(const Service& service, const Facts& facts, const Tell& tell);
void check(const Specialisation& specialisation, const Facts& facts, const Tell& tell);
void check(const OrganisationalUnit& unit, const Facts& facts, const Tell& tell);
void check(const OnlineService& online, const Facts& facts, const Tell& tell);
void check(const Responsibility& responsibility, const Facts& facts, const Tell& tell);

// For a person, never empty.
std::string title_of(const Service& service);
std::string title_of(const Specialisation& specialisation);
std::string title_of(const OrganisationalUnit& unit);
std::string title_of(const OnlineService& online);
std::string title_of(const Responsibility& responsibility);

// A web, mail or telephone address that could work: no blanks, a known scheme, a host with a dot.
bool is_address(std::string_view uri);
// True if every period has ended before `now`; a bare day ends with it. Without periods: false.
bool is_over(const std::vector<Period>& validity, Instant now);

}  // namespace verbund::directory::editing
