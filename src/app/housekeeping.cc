// SPDX-License-Identifier: EUPL-1.2
#include "app/housekeeping.h"

#include "commons/voice/barrier_store.h"
#include "commons/voice/feedback_store.h"

namespace verbund::app {

Housekeeping::Housekeeping(store::Database& database, const Clock& clock, const log::Log& log,
                           HousekeepingOptions options, std::chrono::seconds every)
    : database_(database), clock_(clock), log_(log), options_(std::move(options)),
      thread_([this, every](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
          try_round();
          wake_.wait_for(lock, stop, every, [] { return false; });
        }
      }) {}

Housekeeping::~Housekeeping() {
  thread_.request_stop();
  thread_.join();
}

Result<void> Housekeeping::round(store::Database& database, Instant now, const HousekeepingOptions& options) {
  const auto samples = options.look ? options.look() : std::vector<commons::UptimeSample>();
  const std::string today = commons::berlin_day(now);
  return database.write([&](store::Connection& connection) -> Result<void> {
    commons::FeedbackStore feedback(connection);
    feedback.close(now);
    feedback.remove_before(commons::day_plus(today, -static_cast<int>(options.keep_feedback_days)));
    commons::BarrierStore(connection).remove_due(today);
    commons::UptimeStore uptime(connection);
    uptime.add(now, samples);
    uptime.remove_before(commons::day_plus(today, -static_cast<int>(options.keep_uptime_days)));
    return {};
  }, store::Again::yes);
}

void Housekeeping::try_round() {
  std::string reason;
  try {
    if (auto done = round(database_, clock_.now(), options_); !done) reason = done.error().text();
  } catch (const std::exception& failure) {
    reason = failure.what();
  }
  if (!reason.empty() && !failing_) log_.error("housekeeping failed", {{"reason", reason}});
  failing_ = !reason.empty();
}

}  // namespace verbund::app
