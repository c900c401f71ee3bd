// SPDX-License-Identifier: EUPL-1.2
#include "network/sharing/shared_work.h"

#include <algorithm>

#include "base/check.h"
#include "kits/crypto/digest.h"
#include "network/sharing/shared_log_store.h"

namespace verbund::network {
namespace {

using namespace std::chrono_literals;
using Steady = std::chrono::steady_clock;

constexpr auto look_anyway = 500ms;   // whether somebody has died

std::string lock_name(const std::string& process) { return "process-" + process; }

}  // namespace

std::map<std::string, std::string> divide(std::vector<std::string> work, std::vector<std::string> processes) {
  std::map<std::string, std::string> out;
  if (processes.empty()) return out;
  std::ranges::sort(work);
  std::ranges::sort(processes);
  // Each piece goes to whom it suits best and who has not his part yet; so many may have one more.
  const std::size_t part = work.size() / processes.size();
  std::size_t more = work.size() % processes.size();
  std::map<std::string, std::size_t> load;
  for (const std::string& one : work) {
    const std::string* best = nullptr;
    crypto::Digest fits{};
    for (const std::string& process : processes) {
      const std::size_t has = load[process];
      if (has > part || (has == part && more == 0)) continue;
      const auto digest = crypto::sha256({one, "\n", process});
      if (best == nullptr || digest > fits) {
        best = &process;
        fits = digest;
      }
    }
    VERBUND_CHECK(best != nullptr);
    if (load[*best]++ == part) --more;
    out.emplace(one, *best);
  }
  return out;
}

SharedWork::~SharedWork() {
  if (!lock_) return;
  try {
    (void)database_.write([&](store::Connection& connection) -> Result<void> {
      ProcessStore(connection).remove(name_);
      return {};
    }, store::Again::yes);
  } catch (const store::Failure&) {
    // Whoever looks next finds that the lock is free.
  }
}

void SharedWork::enter() {
  const std::string name = crypto::random_hex(12);
  auto lock = database_.try_lock(lock_name(name));
  if (!lock) throw store::Failure("the name of a new process is taken");
  (void)database_.write([&](store::Connection& connection) -> Result<void> {
    ProcessStore(connection).enter(name);
    return {};
  }, store::Again::yes);
  const std::lock_guard guard(mutex_);
  name_ = name;
  lock_ = std::move(lock);
}

bool SharedWork::look() {
  const bool in = lock_ && lock_->held();
  const auto version = database_.version();
  const bool due = !in || Steady::now() - looked_ >= look_anyway;
  if (!due && version == seen_) return false;
  if (!in) enter();
  std::vector<std::string> names;
  database_.read([&](store::Connection& connection) { names = ProcessStore(connection).names(); });
  seen_ = version;
  if (!due && names == names_) return false;
  looked_ = Steady::now();
  std::erase_if(names, [&](const std::string& name) {
    if (name == name_) return false;
    const auto lock = database_.try_lock(lock_name(name));
    if (!lock) return false;
    (void)database_.write([&](store::Connection& connection) -> Result<void> {
      ProcessStore(connection).remove(name);
      return {};
    }, store::Again::yes);
    return true;
  });
  const std::lock_guard guard(mutex_);
  if (in && names == names_) return false;   // only this thread changes them
  names_ = std::move(names);
  return true;
}

std::set<std::string> SharedWork::mine(const std::vector<std::string>& work) const {
  std::set<std::string> out;
  const std::lock_guard guard(mutex_);
  if (!lock_ || !lock_->held()) return out;
  for (const auto& [one, process] : divide(work, names_)) {
    if (process == name_) out.insert(one);
  }
  return out;
}

std::size_t SharedWork::processes() const {
  const std::lock_guard guard(mutex_);
  return names_.size();
}

}  // namespace verbund::network
