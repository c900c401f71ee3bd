// SPDX-License-Identifier: EUPL-1.2
#include "app/following.h"

#include <chrono>
#include <filesystem>
#include <optional>

#include "app/following_log.h"
#include "app/own_key.h"
#include "base/text.h"
#include "network/register/register_store.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;


}  // namespace

Following::Following(store::Database& database, FollowingOptions options, const Clock& clock, const log::Log& log,
                     metrics::Registry& registry, std::function<void()> changed)
    : database_(database), options_(std::move(options)), choice_(options_.follow), clock_(clock), log_(log),
      registry_(registry), changed_(std::move(changed)), directory_(database),
      coordinator_([this](const std::stop_token& stop) { coordinate(stop); }) {}

Following::~Following() {
  coordinator_.request_stop();
  coordinator_.join();
  for (auto& worker : workers_) worker.request_stop();
  {
    const std::lock_guard lock(mutex_);
    for (auto& [name, log] : logs_) log->interrupt();
  }
  workers_.clear();
}

network_log::HeardLog Following::heard(std::string_view name) {
  const std::lock_guard lock(mutex_);
  const auto found = logs_.find(name);
  if (found == logs_.end()) return {};
  return found->second->heard();
}

void Following::coordinate(const std::stop_token& stop) {
  bool failing = false;
  while (!stop.stop_requested()) {
    try {
      const std::int64_t version = database_.version();
      const std::string today = network::day_in_berlin(clock_.now());
      const bool due = version != seen_ || today != planned_day_;
      if (due) {
        seen_ = version;
        planned_day_ = today;
        plan();
      }
      if (options_.work) share_out(due);
      failing = false;
    } catch (const store::Failure& failure) {
      if (!failing) log_.error("members not read", {{"reason", failure.what()}});
      failing = true;
      seen_ = -1;
    }
    std::this_thread::sleep_for(options_.look_every);
  }
}

std::shared_ptr<network::SharedFolder> Following::shared_copy(const std::string& origin) {
  if (!options_.work) return nullptr;
  auto& folder = shared_[origin];
  if (!folder) {
    folder = std::make_shared<network::SharedFolder>(database_, copy_folder(origin), "heard/" + safe_name(origin));
  }
  return folder;
}

void Following::share_out(bool planned) {
  const bool anew = options_.work->look() || planned;
  const auto version = database_.version();
  if (!anew && version == taken_at_) return;
  taken_at_ = version;
  std::map<std::string, std::int64_t> heads;
  std::vector<network::FollowedLog> applied;
  database_.read([&](store::Connection& connection) {
    heads = network::SharedLogStore::heads(connection);
    applied = network::FollowedStore(connection).logs();
  });
  std::vector<std::string> names;
  const std::lock_guard lock(mutex_);
  for (const auto& [name, log] : logs_) names.push_back(name);
  const auto mine = options_.work->mine(names);
  for (const auto& [name, log] : logs_) {
    const bool turned = log->follow_here(mine.contains(name));
    const auto head = heads.find("heard/" + name);
    if (!turned && (mine.contains(name) || !log->lacks(head == heads.end() ? 0 : head->second))) continue;
    log->due = SteadyClock::now();
    log->again = log->busy;
  }
  for (const network::FollowedLog& log : applied) {
    const auto found = logs_.find(safe_name(log.origin));
    if (found != logs_.end() && !mine.contains(found->first)) found->second->applied_elsewhere(log);
  }
  wake_.notify_all();
}

// Which logs are followed and under which rules, out of the register.
void Following::plan() {
  std::optional<network::Home> home;
  std::optional<network::Policy> policy;
  std::vector<network::Member> members;
  std::vector<network::FollowedLog> known;
  std::string text;
  bool is_operator = false;
  database_.read([&](store::Connection& connection) {
    const network::RegisterStore store(connection);
    is_operator = store.is_operator();
    home = store.home();
    text = std::to_string(store.version()) + (is_operator ? " operator " : " ") + planned_day_;
    if (home) text += " " + home->address + " " + home->key;
  });
  const auto own_name = own_log_name(options_.data_folder);
  text += own_name ? " " + *own_name : "";
  std::error_code none;
  const bool anew = std::filesystem::exists(network::members_anew_file(options_.data_folder), none);
  if (anew) text += " anew";
  if (text == plan_text_) return;
  database_.read([&](store::Connection& connection) {
    const network::RegisterStore store(connection);
    policy = store.policy();
    members = store.members();
    known = network::FollowedStore(connection).logs();
  });
  if (!own_name) {   // it comes with the first start; nobody follows himself meanwhile
    seen_ = -1;
    return;
  }
  const auto heard_at = [](const std::string& node, const std::string& origin) {
    return node + "/network/heard/" + safe_name(origin) + "/log";
  };
  // Hubs first, in their order; where none of them gives a log, its publisher does.
  const auto addresses_of = [&](const std::string& origin, const std::vector<std::string>& publisher) {
    std::vector<std::string> out;
    for (const std::string_view hub : split(options_.hub, ' ')) {
      if (!hub.empty()) out.push_back(heard_at(std::string(hub), origin));
    }
    out.insert(out.end(), publisher.begin(), publisher.end());
    return out;
  };
  std::map<std::string, bool> wanted;
  const auto membership = std::make_shared<const network::Membership>(members);
  if (home && !is_operator) {
    if (auto key = tlog::VerifierKey::parse(home->key)) {
      const std::string origin = key->name;
      const auto membership_rules = network::members_rules();
      auto trust = trust_in_members(*membership, *key, policy.value_or(network::Policy{}), planned_day_);
      if (const auto copy = shared_copy(origin)) {   // what another process has seen counts
        if (const auto pulled = copy->pull(); !pulled) throw store::Failure(pulled.error().text());
      }
      // Who has seen nothing yet knows no witnesses either: the operator's key is what it was given. And who has seen
      // nothing for so long that it knows none any more may say so.
      std::error_code error;
      if (anew || !std::filesystem::exists(copy_folder(origin) + "/seen", error)) trust.quorum = 0;
      wanted[origin] = true;
      want(origin, std::move(trust), membership_rules,
           addresses_of(origin, {home->address + "/network/members"}), members_);
    }
  }
  for (const network::Member& member : membership->members()) {
    if (member.name == *own_name || !choice_.chooses(member)) continue;
    auto trust = trust_for(*membership, member, policy.value_or(network::Policy{}), planned_day_);
    if (!trust) continue;   // the register takes no member whose key does not read
    std::vector<std::string> addresses;
    for (const std::string& address : member.addresses) addresses.push_back(address + "/network/log");
    // The operator hands on what it follows: where the publisher is away, its log need not be.
    if (home && !is_operator) addresses.push_back(heard_at(home->address, member.name));
    addresses = addresses_of(member.name, addresses);
    wanted[member.name] = true;
    want(member.name, std::move(*trust), rules_for(membership, member, planned_day_), std::move(addresses), directory_);
  }
  // What was followed once and is not wanted any more is not shown either.
  for (const network::FollowedLog& log : known) {
    if (wanted.contains(log.origin)) continue;
    network::Trust trust;
    trust.key.name = log.origin;
    const bool of_members = log.terms == network::members_rules().terms;
    network::Sink& sink = of_members ? static_cast<network::Sink&>(members_) : directory_;
    want(log.origin, std::move(trust), silent_rules(), {}, sink);
  }
  plan_text_ = std::move(text);
}

void Following::members_believed() {
  std::error_code error;
  if (std::filesystem::remove(network::members_anew_file(options_.data_folder), error)) seen_ = -1;   // plan again
}

void Following::want(const std::string& origin, network::Trust trust, network::Rules rules,
                     std::vector<std::string> addresses, network::Sink& sink) {
  const std::lock_guard lock(mutex_);
  auto& log = logs_[safe_name(origin)];
  if (!log) log = std::make_shared<Log>(*this, origin, sink, shared_copy(origin));
  log->want(std::move(trust), std::move(rules), std::move(addresses));
  log->due = SteadyClock::now();
  log->again = log->busy;
  const std::size_t threads = std::min(logs_.size(), options_.threads);
  while (workers_.size() < threads) {
    workers_.emplace_back([this](const std::stop_token& stop) { work(stop); });
  }
  wake_.notify_all();
}

std::shared_ptr<Following::Log> Following::next(const std::stop_token& stop) {
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    std::shared_ptr<Log> soonest;
    for (auto& [name, log] : logs_) {
      if (!log->busy && (!soonest || log->due < soonest->due)) soonest = log;
    }
    if (soonest && soonest->due <= SteadyClock::now()) {
      soonest->busy = true;
      soonest->waits = logs_.size() <= options_.threads;
      return soonest;
    }
    if (soonest) wake_.wait_until(lock, stop, soonest->due, [] { return false; });
    else wake_.wait(lock, stop, [] { return false; });
  }
  return nullptr;
}

void Following::work(const std::stop_token& stop) {
  while (const auto log = next(stop)) {
    const auto rest = log->poll(stop, log->waits);
    const std::lock_guard lock(mutex_);
    log->busy = false;
    log->due = std::exchange(log->again, false) ? SteadyClock::now() : SteadyClock::now() + rest;
    wake_.notify_all();
  }
}

}  // namespace verbund::app
