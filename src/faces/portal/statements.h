// SPDX-License-Identifier: EUPL-1.2
// The statement on accessibility counts texts in plain language, which means to look through all services.
#pragma once

#include <cstdint>
#include <mutex>

#include "base/clock.h"
#include "faces/portal/visit.h"

namespace verbund::portal {

// How many of all services have a text in plain language. Counted at most once in ten minutes, whoever asks how often.
class PlainShare {
 public:
  struct Count { std::int64_t plain = 0, all = 0; };
  Count of(const Visit& visit, Instant now);

 private:
  std::mutex mutex_;
  std::int64_t sequence_ = -1;   // of the snapshot that was counted
  Instant counted_{};
  Count count_;
};

Page accessibility_page(const Visit& visit, PlainShare::Count plain);   // /barrierefreiheit

}  // namespace verbund::portal
