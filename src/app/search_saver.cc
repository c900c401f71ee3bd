// SPDX-License-Identifier: EUPL-1.2
#include "app/search_saver.h"

namespace verbund::app {

SearchSaver::SearchSaver(directory::SearchCounter& counter, store::Database& database, const log::Log& log,
                         std::chrono::seconds every)
    : counter_(counter), database_(database), log_(log), thread_([this, every](const std::stop_token& stop) {
        std::unique_lock lock(mutex_);
        while (!stop.stop_requested()) {
          save();
          wake_.wait_for(lock, stop, every, [] { return false; });
        }
        save();
      }) {}

SearchSaver::~SearchSaver() {
  thread_.request_stop();
  thread_.join();
}

void SearchSaver::save() {
  std::string reason;
  try {
    if (auto saved = counter_.save(database_); !saved) reason = saved.error().text();
  } catch (const store::Failure& failure) {
    reason = failure.what();
  }
  if (!reason.empty() && !failing_) log_.error("counts of searches not saved", {{"reason", reason}});
  failing_ = !reason.empty();
}

}  // namespace verbund::app
