// SPDX-License-Identifier: EUPL-1.2
#include "app/publishing.h"

#include <chrono>

#include "network/log/sequencer.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;

constexpr auto look_every = 100ms;      // how soon a change is in the log
constexpr auto try_again = 1s;          // after an error
constexpr std::int64_t much = 50'000;   // changes at once that are worth a line in the log

void pause(const std::stop_token& stop, std::chrono::milliseconds time) {
  for (; time > 0ms && !stop.stop_requested(); time -= look_every) std::this_thread::sleep_for(look_every);
}

}  // namespace

Publishing::Publishing(store::Database& database, std::string data_folder, std::string name, const log::Log& log,
                       metrics::Registry& registry)
    : data_folder_(std::move(data_folder)), name_(std::move(name)), log_(log), outbox_(database),
      own_log_(data_folder_, outbox_) {
  registry.gauge("verbund_log_entries", "Entries of the node's own log",
                 [this] { return static_cast<double>(size_.load()); });
  registry.gauge("verbund_log_pending", "Changes that are not in the node's log yet",
                 [this] { return static_cast<double>(pending_.load()); });
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Publishing::run(const std::stop_token& stop) {
  std::string said;
  while (!stop.stop_requested()) {
    std::string reason;
    try {
      if (auto done = publish(stop); !done) reason = done.error().text();
    } catch (const store::Failure& failure) {
      reason = failure.what();
    }
    if (stop.stop_requested()) return;
    if (reason != said) log_.error("log not continued", {{"reason", reason}});
    said = reason;
    pause(stop, try_again);
  }
}

Result<void> Publishing::publish(const std::stop_token& stop) {
  auto key = network::load_or_create_key(data_folder_, name_);
  if (!key) return pass(key);
  auto sequencer = network::Sequencer::open(data_folder_, *key, outbox_);
  if (!sequencer) return pass(sequencer);
  const auto note = [&] {
    size_ = (*sequencer)->size();
    pending_ = outbox_.last() - (*sequencer)->looked_at();
  };
  note();
  const bool many = pending_ > much;
  if (many) log_.info("publishing", {{"pending", std::to_string(pending_)}});
  bool behind = many;
  while (!stop.stop_requested()) {
    auto more = (*sequencer)->step();
    if (!more) return pass(more);
    if (*more) {
      note();
      continue;
    }
    if (behind) log_.info("published", {{"entries", std::to_string(size_)}});
    behind = false;
    pending_ = 0;
    std::this_thread::sleep_for(look_every);
  }
  return {};
}

}  // namespace verbund::app
