// SPDX-License-Identifier: EUPL-1.2
#include "app/publishing.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "network/log/rotation.h"
#include "network/log/sequencer.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

constexpr auto cosign_every = 1s;       // whether cosignatures are to be asked for again
constexpr auto look_anyway = 1s;        // whatever the store says of itself
constexpr auto pause_step = 100ms;      // how soon a pause ends with the program
constexpr auto try_again = 1s;          // after an error
constexpr auto try_to_lead = 500ms;     // how often a process looks whether the leading one has gone, ...
constexpr int looks_to_lead = 20;       // ... at least after so many looks: one of many nodes leaves the others room
constexpr std::int64_t much = 50'000;   // changes at once that are worth a line in the log

void pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  for (; time > 0ms && !stop.stop_requested(); time -= pause_step) std::this_thread::sleep_for(pause_step);
}

}  // namespace

Publishing::Publishing(PublishedLog what, const log::Log& log, metrics::Registry& registry)
    : what_(std::move(what)), log_(log), own_log_(what_.place, *what_.outbox) {
  registry.gauge(what_.metrics + "_entries", "Entries of the log that this node publishes",
                 [this] { return static_cast<double>(size_.load()); });
  registry.gauge(what_.metrics + "_trouble", "Whether something keeps the log from being continued",
                 [this] { return trouble().empty() ? 0.0 : 1.0; });
  registry.gauge(what_.metrics + "_pending", "Changes that are not in the log yet",
                 [this] { return static_cast<double>(pending_.load()); });
  if (!what_.shared.empty()) {
    shared_.emplace(*what_.database, what_.place, what_.shared);
    registry.gauge(what_.metrics + "_leads", "Whether this process continues the log",
                   [this] { return leads() ? 1.0 : 0.0; });
  }
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Publishing::run(const std::stop_token& stop) {
  while (!stop.stop_requested()) {
    std::string reason;
    try {
      if (auto done = publish(stop); !done) reason = done.error().text();
    } catch (const store::Failure& failure) {
      reason = failure.what();
    }
    leads_ = false;
    if (stop.stop_requested()) return;
    say(reason);
    pause(stop, try_again);
  }
}

// A new trouble, and its end, is a line in the log.
void Publishing::say(const std::string& reason) {
  {
    const std::lock_guard lock(mutex_);
    if (reason == trouble_) return;
    trouble_ = reason;
  }
  if (!reason.empty()) log_.error("log not continued", {{"reason", reason}});
  else log_.info("log in order again");
}

std::string Publishing::trouble() const {
  const std::lock_guard lock(mutex_);
  return trouble_;
}

Result<tlog::NoteSigner> Publishing::signer() const {
  if (what_.signer) return what_.signer();
  auto key = what_.name ? network::load_or_create_key(what_.place, *what_.name) : network::load_key(what_.place);
  if (!key) return pass(key);
  return tlog::NoteSigner(*key);
}

// Witnesses that were away, or are new, sign what is published already. True: one did.
Result<bool> Publishing::cosign(network::Sequencer& sequencer) const {
  const auto published = latest_.get().checkpoint;
  if (!what_.cosign_due || !published || !what_.cosign_due(*published)) return false;
  auto again = sequencer.cosign_again();
  // Too few of them: what is published stays as it is, and those that are away are asked again.
  if (!again && again.error().code != ErrorCode::unavailable && again.error().code != ErrorCode::conflict) return again;
  return again.value_or(false);
}

Result<bool> Publishing::become_leader(const std::stop_token& stop) {
  std::int64_t seen = 0;
  auto looked = std::chrono::steady_clock::time_point{};
  while (!stop.stop_requested()) {
    const bool led_before = shared_->leads();
    auto led = shared_->lead();
    if (!led) return pass(led);
    if (*led) {
      leads_ = true;
      if (!led_before) log_.info("this process leads", {{"log", what_.shared}});
      return true;
    }
    say("");
    const auto until = std::chrono::steady_clock::now() +
                       std::max<std::chrono::milliseconds>(try_to_lead, looks_to_lead * what_.look_every);
    for (; !stop.stop_requested() && std::chrono::steady_clock::now() < until;
         std::this_thread::sleep_for(what_.look_every)) {
      const auto version = what_.database->version();
      if (version == seen && std::chrono::steady_clock::now() - looked < look_anyway) continue;
      seen = version;
      looked = std::chrono::steady_clock::now();
      auto pulled = shared_->pull();
      if (!pulled) return pass(pulled);
      const auto published = own_log_.published();
      if (!published || (latest_.get().checkpoint && !*pulled)) continue;
      size_ = published->size;
      if (auto checkpoint = own_log_.checkpoint()) latest_.set(size_, std::move(*checkpoint));
      if (what_.changed) what_.changed();
    }
  }
  return false;
}

Result<void> Publishing::publish(const std::stop_token& stop) {
  network::Sequencer::Options options{.cosign = what_.cosign};
  if (shared_) {
    auto leading = become_leader(stop);
    if (!leading) return pass(leading);
    if (!*leading) return {};
    options.share = [this](const std::vector<network::LogFile>& files) { return shared_->add(files); };
  }
  if (what_.settle) {
    auto recalled = what_.settle();
    if (!recalled) return pass(recalled);
    options.batch += *recalled;   // published with one checkpoint: witnesses have seen a later one than those before
  }
  if (auto taken = network::take_over_key(what_.place); !taken) return taken;
  auto key = signer();
  if (!key && !what_.name && key.error().code == ErrorCode::not_found) return {};   // there is no such log here yet
  if (!key) return pass(key);
  auto sequencer = network::Sequencer::open(what_.place, *key, *what_.outbox, options);
  if (!sequencer) return pass(sequencer);
  bool working = false;   // a step that wrote something has shown that all is well
  bool opened = true;   // with other signatures, perhaps, than the checkpoint of this size had
  const auto note = [&] {
    size_ = (*sequencer)->size();
    pending_ = std::max<std::int64_t>(0, what_.outbox->last() - (*sequencer)->looked_at());
    if (!std::exchange(opened, false) && latest_.get().checkpoint && latest_.get().size == size_) return;
    if (auto checkpoint = own_log_.checkpoint()) latest_.set(size_, std::move(*checkpoint));
    if (what_.changed) what_.changed();
  };
  note();
  const bool many = pending_ > much;
  if (many) log_.info("publishing", {{"pending", std::to_string(pending_)}});
  bool behind = many;
  std::int64_t seen = 0;
  auto looked = std::chrono::steady_clock::now();
  auto cosigned = looked;
  const auto nothing_new = [&] {
    return what_.database->version() == seen && std::chrono::steady_clock::now() - looked < look_anyway;
  };
  while (!stop.stop_requested() && (!shared_ || shared_->leads())) {
    seen = what_.database->version();   // before looking: what comes meanwhile is another one
    looked = std::chrono::steady_clock::now();
    auto more = (*sequencer)->step();
    if (!more) return pass(more);
    if (!std::exchange(working, true) || *more) say("");
    if (*more) {
      note();
      continue;
    }
    if (behind) log_.info("published", {{"entries", std::to_string(size_)}});
    behind = false;
    pending_ = 0;
    if (network::new_key_waits(what_.place)) return {};   // begins again with it
    if (looked - cosigned >= cosign_every) {
      cosigned = looked;
      auto again = cosign(**sequencer);
      if (!again) return pass(again);
      if (*again) {
        opened = true;
        note();
      }
    }
    do std::this_thread::sleep_for(what_.look_every);
    while (!stop.stop_requested() && nothing_new());
  }
  return {};
}

}  // namespace verbund::app
