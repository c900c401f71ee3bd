// SPDX-License-Identifier: EUPL-1.2
#include "kits/store/write_trouble.h"

#include <utility>

namespace verbund::store {

void WriteTrouble::failed(std::string reason) {
  const std::lock_guard lock(mutex_);
  if (reason_.empty()) looked_ = std::chrono::steady_clock::now();
  reason_ = std::move(reason);
}

void WriteTrouble::worked() {
  const std::lock_guard lock(mutex_);
  reason_.clear();
}

std::string WriteTrouble::reason() const {
  const std::lock_guard lock(mutex_);
  return reason_;
}

bool WriteTrouble::look_now() {
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  if (reason_.empty() || now - looked_ < std::chrono::seconds(1)) return false;
  looked_ = now;
  return true;
}

}  // namespace verbund::store
