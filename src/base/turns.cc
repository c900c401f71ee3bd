// SPDX-License-Identifier: EUPL-1.2
#include "base/turns.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace verbund {
namespace {

constexpr int background_nice = 10;
constexpr std::uint64_t short_turn_ns = 100'000;   // the least there is

// Source: linux/sched/types.h, struct sched_attr, first version (48 bytes).
struct SchedulingAttributes {
  std::uint32_t size = sizeof(SchedulingAttributes);
  std::uint32_t policy = 0;   // SCHED_OTHER
  std::uint64_t flags = 0;
  std::int32_t nice = 0;
  std::uint32_t priority = 0;
  std::uint64_t runtime = 0, deadline = 0, period = 0;
};
static_assert(sizeof(SchedulingAttributes) == 48);

}  // namespace

void yield_to_others() { ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), background_nice); }

void take_short_turns() {
  SchedulingAttributes attributes;
  attributes.nice = ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()));   // as it is
  attributes.runtime = short_turn_ns;
  ::syscall(SYS_sched_setattr, ::gettid(), &attributes, 0U);
}

}  // namespace verbund
