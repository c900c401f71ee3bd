// SPDX-License-Identifier: EUPL-1.2
#include "app/collecting.h"

#include <algorithm>
#include <list>

#include "directory/adapter/adapter.h"

namespace verbund::app {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto look_every = 1s;      // whether a source is ours, where there are other processes

struct Source {
  Source(const std::string& address, const std::string& copies) : name(address), adapter(address, copies) {}
  std::string name;
  directory::Adapter adapter;
  Steady::time_point next = Steady::now();
  std::string said;          // why it failed last; "": it did not
};

metrics::Counter& polls(metrics::Registry& registry, const char* result) {
  return registry.counter("verbund_adapter_polls_total", "Looks at stocks of editorial systems, by what came of it",
                          "result=\"" + std::string(result) + "\"");
}

}  // namespace

Collecting::Collecting(store::Database& database, const Clock& clock, std::vector<std::string> sources,
                       std::string copies, std::chrono::seconds every, const log::Log& log, metrics::Registry& registry,
                       network::SharedWork* work)
    : database_(database), clock_(clock), sources_(std::move(sources)), copies_(std::move(copies)), work_(work),
      every_(every),
      log_(log), changed_(polls(registry, "changed")), unchanged_(polls(registry, "unchanged")),
      failed_(polls(registry, "failed")) {
  registry.gauge("verbund_adapter_failing", "Stocks of editorial systems that could not be taken the last time",
                 [this] { return static_cast<double>(failing_.load()); });
  if (!sources_.empty()) thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void Collecting::run(const std::stop_token& stop) {
  std::list<Source> sources;
  for (const std::string& address : sources_) sources.emplace_back(address, copies_);
  const auto sooner = std::min(every_, std::max<std::chrono::seconds>(every_ / 10, 60s));
  std::unique_lock lock(mutex_);
  while (!stop.stop_requested()) {
    const auto mine = work_ ? work_->mine(sources_) : std::set<std::string>();
    for (Source& source : sources) {
      if (stop.stop_requested()) return;
      if (Steady::now() < source.next) continue;
      if (work_ && !mine.contains(source.name)) {
        source.said.clear();
        continue;
      }
      const auto over = [&] {
        return stop.stop_requested() || (work_ && !work_->mine(sources_).contains(source.name));
      };
      std::string reason;
      try {
        const auto taken = source.adapter.poll(database_, clock_, {}, over);
        if (!taken) {
          reason = taken.error().text();
        } else if (*taken) {
          changed_.add();
          std::int64_t changes = 0;
          for (const auto& [kind, count] : (*taken)->kinds) changes += count.added + count.changed + count.withdrawn;
          log_.info("stock taken", {{"source", source.adapter.address()}, {"changes", std::to_string(changes)},
                                    {"findings", std::to_string((*taken)->findings_total)}});
        } else {
          unchanged_.add();
        }
      } catch (const store::Failure& failure) {
        reason = failure.what();
      }
      if (stop.stop_requested()) return;
      if (over()) continue;   // another process does it
      if (!reason.empty()) failed_.add();
      if (!reason.empty() && reason != source.said) {
        log_.error("stock not taken", {{"source", source.adapter.address()}, {"reason", reason}});
      }
      source.said = reason;
      source.next = Steady::now() + (reason.empty() ? every_ : sooner);
    }
    const auto failing = std::ranges::count_if(sources, [](const Source& one) { return !one.said.empty(); });
    failing_ = static_cast<std::size_t>(failing);
    auto next = std::ranges::min_element(sources, {}, &Source::next)->next;
    if (work_) next = std::max(next, Steady::now() + look_every);   // it may be ours by then
    wake_.wait_until(lock, stop, next, [] { return false; });
  }
}

}  // namespace verbund::app
